import { expect, onTestFinished, test } from 'vitest';

import { asRunId } from '../../schemas/ids.ts';
import { sql } from '../../extension/shared/sql.ts';
import { samplePlaces } from '../../extension/tracking/sample-places.ts';
import { sampleMetricHistories } from '../../extension/tracking/sqlite-metrics.ts';
import { spiedDatabase } from '../support/query-plans.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertMetric, insertRun } from '../support/store-rows.ts';

interface Point {
  readonly step: number;
  readonly timestamp: number;
  readonly value: number;
}

const points = (count: number, stepOf: (index: number) => number): readonly Point[] =>
  Array.from({ length: count }, (_value, index) => ({ step: stepOf(index), timestamp: 1000 - (index % 7), value: (index * 7919) % 101 }));

const inOrder = (all: readonly Point[]): readonly Point[] => all.toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp || a.value - b.value);

test.each<[string, readonly Point[], boolean]>([
  ['one after the other', points(100, (index) => index), true],
  ['with gaps, logged backwards', points(50, (index) => 5000 - index * index), true],
  ['fewer than are asked for', points(5, (index) => index), true],
  ['none', [], true],
  ['up to 2^23', points(30, (index) => 2 ** 23 - 30 + index), true],
  ['beyond it', points(30, (index) => 2 ** 23 - 29 + index), false],
  ['far beyond it', points(30, (index) => 2 ** 40 + index), false],
  ['below 0', points(30, (index) => index - 3), false],
  ['several of one step', points(60, (index) => Math.floor(index / 4)), false],
])('points are sampled by their order, and others are read only where the index does not tell it: %s', async (_what, logged, isToldByIndex) => {
  const store = newStoreDatabase();
  const runId = await store.write((db) => {
    // Rows of other runs and metrics lie between them.
    const [run, other] = [insertRun(db), insertRun(db)];
    for (const point of logged) {
      insertMetric(db, run, point);
      insertMetric(db, other, point);
      insertMetric(db, run, { ...point, key: 'another' });
    }
    return asRunId(run);
  });
  const queries: string[] = [];
  const spied = spiedDatabase(store, ({ text }) => queries.push(text));
  const sample = (steps?: { readonly from: number; readonly to: number }) =>
    spied.read((db) => sampleMetricHistories(db, spied.schema, { runIds: [runId], key: 'loss', maxResults: 10, ...(steps && { steps }) }));
  const expected = (all: readonly Point[]) => samplePlaces(all.length, 10).map((place) => ({ key: 'loss', runId, ...inOrder(all)[place] }));
  expect(sample()).toEqual(expected(logged));
  expect(queries.some((text) => text.includes('json_each'))).toBe(isToldByIndex);
  const steps = { from: inOrder(logged)[3]?.step ?? 0, to: inOrder(logged).at(-2)?.step ?? 0 };
  expect(sample(steps)).toEqual(expected(logged.filter(({ step }) => step >= steps.from && step <= steps.to)));
});

test('steps that are no numbers, and files without an index of steps, are read as a whole', async () => {
  const store = newStoreDatabase();
  onTestFinished(() => store.dispose());
  const runId = await store.write((db) => {
    const run = insertRun(db);
    for (const point of points(30, (index) => index)) insertMetric(db, run, point);
    db.run(sql`UPDATE metrics SET step = 'x' WHERE step = 7`);
    return asRunId(run);
  });
  const sample = () => store.read((db) => sampleMetricHistories(db, store.schema, { runIds: [runId], key: 'loss', maxResults: 30 }));
  expect(sample()).toHaveLength(30);
  await store.write((db) => db.run(sql`UPDATE metrics SET step = 7 WHERE step = 'x'`));
  const told = sample();
  await store.write((db) => db.run(sql`DROP INDEX workbench_metrics`));
  expect(sample()).toEqual(told);
});
