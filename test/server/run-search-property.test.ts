import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { anyColumn, anyExpression, asInDatabase, asInFiles, compareBy, type Column, type Expression } from '../support/naive-search.ts';
import { searchedStores, type SearchedStore } from '../support/run-search-stores.ts';
import { textKeys, worldRun, type WorldRun } from '../support/run-world.ts';

/** Each is a store of its own, and a few searches in it. */
const worlds = process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 25 : 1000;

const experimentId = asExperimentId('0');

const pairs = (values: Readonly<Record<string, string>>) => Object.entries(values).map(([key, value]) => ({ key, value }));

const addRun = async ({ tracking }: SearchedStore, run: WorldRun): Promise<RunId> => {
  const { info } = await tracking.createRun({ experimentId, runName: 'r', startTime: run.start, tags: pairs(run.tags) });
  const metrics = Object.entries(run.metrics).flatMap(([key, values]) => values.map((value, step) => ({ key, value, step, timestamp: step })));
  await tracking.logBatch({ runId: info.runId, params: pairs(run.params), metrics });
  if (run.dataset !== null)
    await tracking.logInputs(info.runId, [{ dataset: { name: run.dataset, digest: 'd', sourceType: 'local', source: '{}' }, tags: [] }]);
  if (run.status !== 'RUNNING') await tracking.updateRun({ runId: info.runId, status: run.status, endTime: run.start + run.duration });
  return info.runId;
};

type NumberedRun = WorldRun & { readonly runId: RunId };

/** The same run with another point of the metric `m`. */
const addPoint = async ({ tracking }: SearchedStore, run: NumberedRun): Promise<NumberedRun> => {
  const values = run.metrics['m'] ?? [];
  await tracking.logMetric(run.runId, { key: 'm', value: 8, step: values.length, timestamp: values.length });
  return { ...run, metrics: { ...run.metrics, m: [...values, 8] } };
};

interface Query {
  readonly filter: Expression;
  readonly order: readonly (readonly [Column, boolean])[];
  readonly columns: readonly Column[];
  readonly offset: number;
}

const limit = 4;

const check = async (store: SearchedStore, { filter, order, columns, offset }: Query, runs: readonly NumberedRun[]): Promise<void> => {
  const sorted = runs
    .filter((run) => filter.holds(run))
    .toSorted((a, b) => {
      const byKey = order.map(([column, ascending]) => compareBy(column, ascending, a, b)).find((difference) => difference !== 0);
      return byKey ?? (b.start - a.start || (a.runId < b.runId ? -1 : 1));
    });
  const reply = await store.search.searchRows({
    experimentIds: [experimentId],
    filter: filter.text,
    orderBy: order.map(([{ text }, ascending]) => `${text} ${ascending ? 'ASC' : 'DESC'}`),
    columns: columns.map(({ text }) => text),
    offset,
    limit,
  });
  expect({ filter: filter.text, total: reply.total }).toEqual({ filter: filter.text, total: sorted.length });
  expect(reply.rows.map(({ runId, cells }) => ({ runId, cells }))).toEqual(
    sorted.slice(offset, offset + limit).map((run) => ({ runId: run.runId, cells: columns.map(({ value }) => toCell(value(run))) })),
  );
};

const toCell = (value: string | number | undefined): string | number | null =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);

describe.each(searchedStores)('a search in %s', (kind, newStore) => {
  const stored = kind === 'a database' ? asInDatabase : asInFiles;
  const query = fc.record({
    filter: anyExpression(stored),
    order: fc.array(fc.tuple(anyColumn(stored), fc.boolean()), { maxLength: 2 }),
    columns: fc.array(anyColumn(stored), { maxLength: 3 }),
    offset: fc.integer({ min: 0, max: 3 }),
  });

  test('equals a naive evaluation of the same expression', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(worldRun, { minLength: 1, maxLength: 8 }), fc.array(query, { minLength: 1, maxLength: 12 }), async (world, queries) => {
        const store = newStore();
        const runs: NumberedRun[] = [];
        for (const run of world) runs.push({ ...run, runId: await addRun(store, run) });
        for (const one of queries) await check(store, one, runs);
        // What was kept of the first answers must not be told again.
        const later = await Promise.all(runs.map((run) => addPoint(store, run)));
        for (const one of queries) await check(store, one, later);
      }),
      { numRuns: worlds },
    );
  });
});

/** The last digits of a mean depend on the order in which runs are read. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' ? Number(item.toPrecision(12)) : item)));

test('groups and facets of a folder are those of a database, and are as many as there are', { timeout: 600_000 }, async () => {
  // Infinities are other numbers in a database.
  const finite = worldRun.map(({ metrics: { wide: _, ...metrics }, ...run }) => ({ ...run, metrics }));
  await fc.assert(
    fc.asyncProperty(fc.array(finite, { minLength: 1, maxLength: 8 }), async (world) => {
      const stores = searchedStores.map(([, newStore]) => newStore());
      for (const store of stores) for (const run of world) await addRun(store, run);
      const page = { experimentIds: [experimentId], offset: 0, limit: 100 };
      const groupings = [
        { by: ['params.p'], columns: ['metrics.m', 'max(metrics.m)'], orderBy: ['runs DESC'] },
        { by: ['tags.`two words`', 'attributes.status'], columns: ['mean(metrics.`val loss`)'], filter: 'metrics.m > 0 OR metrics.m IS NULL' },
      ];
      for (const grouping of groupings) {
        const [ofDatabase, ofFolder] = await Promise.all(stores.map((store) => store.search.groupRows({ ...page, ...grouping })));
        expect(rounded(ofFolder)).toEqual(rounded(ofDatabase));
      }
      const [ofDatabase, ofFolder] = await Promise.all(stores.map((store) => store.search.facets(page)));
      expect(ofFolder).toEqual(ofDatabase);
      expect(ofDatabase?.params.map(({ key, runs }) => [key, runs])).toEqual(
        textKeys
          .toSorted()
          .map((key) => [key, world.filter(({ params }) => key in params).length])
          .filter(([, runs]) => runs !== 0),
      );
    }),
    { numRuns: worlds },
  );
});
