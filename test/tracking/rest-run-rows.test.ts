import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { RestRunRows } from '../../extension/tracking/rest-run-rows.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { seedRuns } from '../../scripts/bench/seed-runs.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { appClient } from '../support/app-client.ts';
import { newTempFolder } from '../support/store-database.ts';

const experimentId = asExperimentId('0');

interface PlainStore {
  readonly tracking: TrackingStore;
  readonly rows: RestRunRows;
}

/** A store behind nothing but MLflow's API, with runs named by their start time. */
const newPlainStore = async (runs: number): Promise<PlainStore> => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const tracking = createRestTrackingStore(appClient((request) => store.app.fetch(request)));
  for (let time = 1; time <= runs; time += 1) {
    const { info } = await tracking.createRun({ experimentId, runName: `run ${time}`, startTime: time, tags: [] });
    await tracking.logBatch({ runId: info.runId, metrics: [{ key: 'loss', value: time / 2, step: 0, timestamp: 1 }], params: [{ key: 'lr', value: '0.1' }] });
  }
  return { tracking, rows: new RestRunRows(tracking) };
};

test("a plain MLflow server's runs come as rows, and what it does not tell is said", async () => {
  const { rows } = await newPlainStore(5);
  const request = { experimentIds: ['0'], columns: ['metrics.loss', 'params.lr', 'tags.x'], orderBy: ['metrics.loss DESC'], limit: 2 };
  const first = await rows.searchRows({ ...request, offset: 0 });
  expect(first).toMatchObject({ total: 2, totalIsKnown: false, rows: [{ name: 'run 5', cells: [2.5, '0.1', null] }, { name: 'run 4' }] });
  expect(first.notes).toEqual(['This server does not tell how many runs there are: only those loaded so far are counted.']);
  expect(await rows.searchRows({ ...request, offset: 4 })).toMatchObject({ total: 5, totalIsKnown: true, notes: [], rows: [{ name: 'run 1' }] });
});

test('nested runs come by themselves, and those at the top without them', async () => {
  const { tracking, rows } = await newPlainStore(1);
  const [parent] = (await tracking.searchRuns({ experimentIds: [experimentId], maxResults: 1 })).items;
  const parentId = parent?.info.runId ?? '';
  await tracking.createRun({ experimentId, runName: 'nested', startTime: 9, tags: [{ key: 'mlflow.parentRunId', value: parentId }] });
  const request = { experimentIds: ['0'], columns: [], offset: 0, limit: 10 };
  expect((await rows.searchRows({ ...request, nesting: 'top' })).rows.map(({ name }) => name)).toEqual(['run 1']);
  expect((await rows.searchRows({ ...request, columns: ['models'], nesting: 'top' })).notes).toEqual([
    'This server cannot tell whether a parent run is there: nested runs whose parent is deleted are left out.',
    'This server sends ids of models with its runs, not their names.',
  ]);
  expect((await rows.searchRows({ ...request, nesting: { childrenOf: parentId } })).rows.map(({ name }) => name)).toEqual(['nested']);
  const flat = await rows.searchRows(request);
  expect(flat.notes).toEqual(['This server does not nest: child runs stand among the others, too.']);
  expect(flat.rows.map(({ name, children }) => [name, children])).toEqual([
    ['nested', 0],
    ['run 1', 1],
  ]);
});

test.each([
  [{ columns: ['best(metrics.loss)'] }, 'the functions of metric histories'],
  [{ filter: "params.lr = '1' OR params.lr = '2'" }, 'OR, NOT, brackets, regular expressions and functions'],
  [{ filter: "NOT params.lr = '1'" }, 'OR, NOT'],
  [{ filter: "params.lr =~ '^1'" }, 'OR, NOT'],
  [{ orderBy: ['attributes.duration'] }, 'an order by what is not a metric'],
])('%j is refused in words', async (request, message) => {
  const { rows } = await newPlainStore(0);
  await expect(rows.searchRows({ experimentIds: ['0'], columns: [], offset: 0, limit: 1, ...request })).rejects.toThrow(
    `This server knows only MLflow's own search language, without ${message}`,
  );
});

test('facets are counted in the runs that are loaded', async () => {
  const { rows } = await newPlainStore(3);
  expect(await rows.facets({ experimentIds: ['0'] })).toMatchObject({
    runs: 3,
    metrics: [{ key: 'loss', runs: 3, min: 0.5, max: 1.5 }],
    params: [{ key: 'lr', distinct: 1 }],
    notes: [],
  });
});

test('of more runs than can be loaded the facets of the newest are told, which is said', async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  await seedRuns(path, 5100);
  const store = openStore({ path }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const rows = new RestRunRows(createRestTrackingStore(appClient((request) => store.app.fetch(request))));
  expect(await rows.facets({ experimentIds: ['0'] })).toMatchObject({
    runs: 5000,
    metrics: [{ key: 'rmse', runs: 5000, min: 0.000_101, max: 0.0051 }, {}, {}],
    notes: ['This server counts nothing itself: only the newest 5000 runs were looked at.'],
  });
});
