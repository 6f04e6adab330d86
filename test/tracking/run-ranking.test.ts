import fc from 'fast-check';
import { expect, test } from 'vitest';

import { topRunsSql } from '../../extension/tracking/sqlite-run-ranking.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { sql, type SqlQuery } from '../../extension/shared/sql.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertRun } from '../support/store-rows.ts';

const experiments = ['0', '1'] as const;

interface PlannedRun {
  readonly experimentId: (typeof experiments)[number];
  readonly startTime: number;
  readonly isDeleted: boolean;
  /** undefined: the run has no such metric. */
  readonly value: number | undefined;
}

/** Few values, so that many runs have the same one. */
const anyRun: fc.Arbitrary<PlannedRun> = fc.record({
  experimentId: fc.constantFrom(...experiments),
  startTime: fc.integer({ min: 1, max: 4 }),
  isDeleted: fc.boolean(),
  value: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) }, { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, undefined) }),
});

const fill = (database: SqliteDatabase, runs: readonly PlannedRun[]): Promise<void> =>
  database.write((write) => {
    write.run(sql`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (1, 'one', 'active')`);
    for (const [index, { experimentId, startTime, isDeleted, value }] of runs.entries()) {
      const runId = insertRun(write, { runId: `${(index * 7919) % 1000}`.padStart(32, '0'), experimentId });
      write.run(sql`UPDATE runs SET start_time = ${startTime}, lifecycle_stage = ${isDeleted ? 'deleted' : 'active'} WHERE run_uuid = ${runId}`);
      if (value === undefined) continue;
      const [stored, isNan] = Number.isNaN(value) ? [0, 1] : [Math.min(value, Number.MAX_VALUE), 0];
      write.run(sql`INSERT INTO latest_metrics ("key", value, timestamp, step, is_nan, run_uuid) VALUES ('m', ${stored}, 1, 1, ${isNan}, ${runId})`);
    }
  });

test('runs by one metric are in the same order with our index as without', async () => {
  const query = fc.record({
    experimentIds: fc.constantFrom(['0'], ['1'], ['0', '1']),
    order: fc.constantFrom('metrics.m', 'metrics.m DESC'),
    viewType: fc.constantFrom('ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'),
    filter: fc.constantFrom('', 'metrics.m > 2', 'start_time = 2'),
    maxResults: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyRun, { minLength: 500, maxLength: 700 }), query, async (runs, { experimentIds, order, ...search }) => {
      const database = newStoreDatabase();
      await fill(database, runs);
      const store = new SqliteTrackingStore(database, { artifactRoot: '/nowhere' });
      const pages = async (): Promise<readonly string[]> => {
        const found: string[] = [];
        for (let pageToken: string | undefined = ''; pageToken !== undefined && found.length < 100;) {
          const page = await store.searchRuns({
            experimentIds: experimentIds.map(asExperimentId),
            orderBy: [order],
            ...search,
            ...(pageToken !== '' && { pageToken }),
          });
          found.push(...page.items.map(({ info }) => info.runId));
          pageToken = page.nextPageToken;
        }
        return found;
      };
      const withIndex = await pages();
      await database.write((write) => write.run(sql`DROP INDEX workbench_latest_metrics`));
      expect(withIndex).toEqual(await pages());
      database.dispose();
    }),
    { numRuns: 15 },
  );
});

test('the top runs are read from the index, not sorted out of all', () => {
  const database = newStoreDatabase();
  const explain = (query: SqlQuery): readonly string[] =>
    database.read((read) => read.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${query.text}`, values: query.values })).map(({ detail }) => detail);
  const where = sql`r.experiment_id = '0' AND r.lifecycle_stage = 'active'`;
  for (const ascending of [true, false]) {
    const plan = explain(topRunsSql({ key: 'm', ascending, where, count: 101 }, 804));
    expect(plan.some((step) => step.startsWith('SEARCH latest_metrics USING COVERING INDEX workbench_latest_metrics (key=? AND is_nan=?)'))).toBe(true);
    expect(plan.some((step) => step.startsWith('SEARCH r USING INDEX sqlite_autoindex_runs_1 (run_uuid=?)'))).toBe(true);
    expect(plan.filter((step) => step.startsWith('SCAN')).every((step) => step === 'SCAN m')).toBe(true);
  }
});
