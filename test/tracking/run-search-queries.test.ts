import { expect, test } from 'vitest';

import { openReader } from '../../extension/server/database.ts';
import { SqliteRunSearch } from '../../extension/tracking/sqlite-run-search.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { seedRuns } from '../../scripts/bench/seed-runs.ts';
import type { RunSearchRequest } from '../../schemas/workbench-api.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { spiedDatabase, withPlans } from '../support/query-plans.ts';
import { newStoreDatabase } from '../support/store-database.ts';

const experimentId = asExperimentId('0');
const request: RunSearchRequest = { experimentIds: ['0'], columns: [], offset: 0, limit: 100 };

const newStore = async (runs = 3) => {
  const database = newStoreDatabase();
  const store = new SqliteTrackingStore(database, { artifactRoot: '/nowhere' });
  for (let time = 1; time <= runs; time += 1) {
    const { info } = await store.createRun({ experimentId, startTime: time, tags: [] });
    await store.logMetric(info.runId, { key: 'loss', value: time, timestamp: 1, step: 0 });
  }
  return { database, store };
};

/** Steps that look at every row of a table of MLflow's; `s` is what is kept of histories. */
const scans = (plans: readonly string[]): readonly string[] =>
  plans.filter((step) => /^SCAN (?!j\b|page\b|json_each|m$|CONSTANT|\(subquery|temp\.|s$)/.test(step) && !step.includes('VIRTUAL TABLE'));

test.each<Partial<RunSearchRequest>>([
  { columns: ['metrics.loss', 'params.lr', 'tags.team', 'datasets', 'models', 'attributes.duration'] },
  { orderBy: ['metrics.loss DESC'] },
  { orderBy: ['params.lr', 'tags.team DESC'] },
  { filter: "params.lr = '1' OR NOT (tags.team =~ '^a' AND metrics.loss > 1)" },
  { filter: "dataset.name =~ 'wine' OR attributes.duration > 5" },
  { filter: 'at(metrics.loss, 3) > 1', columns: ['at(metrics.loss, 3)'] },
  { nesting: 'top' },
  { nesting: { childrenOf: 'x' } },
])('the search %j walks the runs of the experiment, all else is looked up by index', async (part) => {
  const { database } = await newStore();
  const { database: planned, plans } = withPlans(database);
  await new SqliteRunSearch(planned).searchRows({ ...request, ...part });
  expect(plans.some((step) => /^SEARCH r USING (COVERING )?INDEX workbench_runs \(experiment_id=\? AND lifecycle_stage=\?/.test(step))).toBe(true);
  expect(scans(plans)).toEqual(['SCAN t', 'SCAN t'].slice(0, scans(plans).length));
});

test('groups are made of the runs of the experiment, all else is looked up by index', async () => {
  const { database } = await newStore();
  const { database: planned, plans } = withPlans(database);
  const by = ['params.lr', 'tags.team', 'attributes.status'];
  await new SqliteRunSearch(planned).groupRows({ ...request, by, columns: ['metrics.loss', 'max(metrics.loss)'], filter: "tags.team != 'x'" });
  expect(plans.some((step) => step.startsWith('SEARCH r USING INDEX workbench_runs (experiment_id=? AND lifecycle_stage=?'))).toBe(true);
  expect(scans(plans)).toEqual(['SCAN t', 'SCAN t'].slice(0, scans(plans).length));
});

test('facets of all runs are counted in the order of the rows, those of some by the index of their runs', async () => {
  const { database, store } = await newStore();
  const other = await store.createExperiment({ name: 'other' });
  const { database: planned, plans } = withPlans(database);
  const plansOf = async (experimentIds: readonly string[]) => {
    plans.length = 0;
    await new SqliteRunSearch(planned).facets({ experimentIds, viewType: 'ALL' });
    return [...plans];
  };
  const ofAll = await plansOf(['0', other]);
  expect(ofAll).toContain('SCAN t USING COVERING INDEX workbench_latest_metrics');
  expect(ofAll).toContain('SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
  await store.createRun({ experimentId: other, startTime: 1, tags: [] });
  const ofSome = await plansOf(['0']);
  for (const table of ['latest_metrics', 'params', 'tags']) expect(ofSome).toContain(`SEARCH t USING INDEX index_${table}_run_uuid (run_uuid=?)`);
  expect(ofSome.filter((step) => step.startsWith('SCAN ') && !step.includes('VIRTUAL TABLE'))).toEqual(['SCAN r USING COVERING INDEX sqlite_autoindex_runs_1']);
});

test('pages of one search are cut from one list, until something is committed', async () => {
  const { database, store } = await newStore();
  const reader = openReader(database.path);
  const texts: string[] = [];
  const search = new SqliteRunSearch(
    spiedDatabase(reader, ({ text }) => texts.push(text)),
    { versionOf: () => reader.version },
  );
  const lists = (): number => texts.splice(0).filter((text) => text.includes('SELECT r.rowid AS id')).length;
  for (const offset of [0, 1, 2]) expect((await search.searchRows({ ...request, orderBy: ['params.lr'], offset, limit: 1 })).total).toBe(3);
  expect(lists()).toBe(1);
  await store.createRun({ experimentId, startTime: 9, tags: [] });
  expect((await search.searchRows({ ...request, orderBy: ['params.lr'] })).total).toBe(4);
  expect(lists()).toBe(1);
  reader.dispose();
});

test('a search may ask for the histories of more metrics than are kept', async () => {
  const { database, store } = await newStore(1);
  const [run] = (await store.searchRuns({ experimentIds: [experimentId], maxResults: 1 })).items;
  const keys = Array.from({ length: 120 }, (_value, index) => `m${index}`);
  if (run === undefined) throw new Error('There is no run');
  await store.logBatch({ runId: run.info.runId, metrics: keys.map((key, value) => ({ key, value, timestamp: 1, step: 0 })) });
  const search = new SqliteRunSearch(database);
  for (let round = 0; round < 2; round += 1) {
    const { rows } = await search.searchRows({ ...request, columns: keys.map((key) => `max(metrics.${key})`), orderBy: ['min(metrics.loss)'] });
    expect(rows[0]?.cells).toEqual(keys.map((_key, value) => value));
  }
});

test('children are counted by the same filter when the histories that it needs have been forgotten', async () => {
  const { database, store } = await newStore(1);
  const [parent] = (await store.searchRuns({ experimentIds: [experimentId], maxResults: 1 })).items;
  if (parent === undefined) throw new Error('There is no run');
  const { info } = await store.createRun({ experimentId, startTime: 9, tags: [{ key: 'mlflow.parentRunId', value: parent.info.runId }] });
  await store.logMetric(info.runId, { key: 'loss', value: 5, timestamp: 1, step: 0 });
  const reader = openReader(database.path);
  const search = new SqliteRunSearch(reader, { versionOf: () => reader.version });
  const childrenOfParent = async (): Promise<number | undefined> =>
    (await search.searchRows({ ...request, filter: 'max(metrics.loss) > 0' })).rows.find(({ runId }) => runId === parent.info.runId)?.children;
  expect(await childrenOfParent()).toBe(1);
  await search.searchRows({ ...request, columns: Array.from({ length: 60 }, (_value, index) => `max(metrics.m${index})`) });
  expect(await childrenOfParent()).toBe(1);
  reader.dispose();
});

test('a history is read once; what is added to it, or gone, shows', async () => {
  const { database, store } = await newStore(1);
  const reader = openReader(database.path);
  const texts: string[] = [];
  const search = new SqliteRunSearch(
    spiedDatabase(reader, ({ text }) => texts.push(text)),
    { versionOf: () => reader.version },
  );
  const columns = ['min(metrics.loss)', 'max(metrics.loss)', 'mean(metrics.loss)'];
  const cells = async () => (await search.searchRows({ ...request, columns, orderBy: ['min(metrics.loss)'] })).rows.map((row) => row.cells);
  const histories = (): number => texts.splice(0).filter((text) => text.includes('LEFT JOIN metrics h')).length;
  expect(await cells()).toEqual([[1, 1, 1]]);
  expect(histories()).toBe(1);
  const [run] = (await store.searchRuns({ experimentIds: [experimentId], maxResults: 1 })).items;
  if (run === undefined) throw new Error('There is no run');
  await store.logBatch({
    runId: run.info.runId,
    metrics: [
      { key: 'loss', value: 7, timestamp: 2, step: 1 },
      { key: 'loss', value: Number.NaN, timestamp: 3, step: 2 },
    ],
  });
  expect(await cells()).toEqual([[1, 7, 4]]);
  expect(histories()).toBe(0);
  // As `mlflow gc` does it: the newest rows go, and later ones get their row ids.
  await database.write((db) => db.run({ text: 'DELETE FROM metrics WHERE step > 0', values: [] }));
  await store.logMetric(run.info.runId, { key: 'loss', value: 3, timestamp: 9, step: 9 });
  expect(await cells()).toEqual([[1, 3, 2]]);
  expect(histories()).toBe(1);
  reader.dispose();
});

test('a search whose histories take too long to read says so, and goes on from there the next time', async () => {
  const database = newStoreDatabase();
  await seedRuns(database.path, 1700);
  const search = new SqliteRunSearch(database, { mostTime: 0 });
  const find = () => search.searchRows({ ...request, filter: 'max(metrics.rmse) >= 0', limit: 1 });
  for (let attempt = 0; attempt < 3; attempt += 1)
    await expect(find()).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      message: expect.stringContaining("To read all histories of 'rmse' takes longer"),
    });
  expect(await find()).toMatchObject({ total: 1700 });
});
