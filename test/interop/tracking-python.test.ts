import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { run } from '../../extension/shared/process.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';
import { serveStore } from '../support/serve-store.ts';

const script = fileURLToPath(new URL('../support/tracking_client.py', import.meta.url));

/** What MLflow's client saw, as `tracking_client.py` prints it. */
const runClient = async (trackingUri: string, options: { readonly name: string; readonly folder: string; readonly megabytes: number }): Promise<unknown> => {
  const { name, folder, megabytes } = options;
  const output = await run({ file: pythonPath(), args: [script, trackingUri, name, String(megabytes)], cwd: folder });
  const line = output.stdout.split('\n').find((one) => one.startsWith('SEEN '));
  if (line === undefined) throw new Error(`The client failed: ${output.stderr.slice(-3000)}`);
  return JSON.parse(line.slice('SEEN '.length)) as unknown;
};

const expected = (name: string): object => ({
  experiment: [{ team: 'red' }, [name]],
  parent: {
    status: 'FINISHED',
    params: { lr: '0.1', depth: '3', long: 6000 },
    loss: 0.2,
    nan: 'nan',
    history: [0, 1, 2, 3, 4].map((step) => [step, 1 / (step + 1)]),
    dataset: [['wine', 'training']],
    note: 'a *note*',
  },
  artifacts: ['figures', 'notes', 'table.json'],
  figure: [['figures/plot.png', true]],
  text: 'hello é',
  table: [1, 2],
  children: [
    ['2', '1', '0'],
    [2, 1, 0],
    ['child 2', 'child 1', 'child 0'],
  ],
  pages: [2, 3],
  autolog: { C: '2.0', has_metrics: true, dataset: 1, outputs: 1, tags: 'LogisticRegression' },
  prediction: [0, 0, 0, 1, 1, 1],
  async: [200, 20, 20],
  large: [true, true],
  resumed: 0.01,
  names: ['async', 'autolog', 'child 0', 'child 1', 'child 2', 'parent'],
});

/** Writes through our server until the work is done; every write must be acknowledged. */
const writeMeanwhile = async (store: TrackingStore, work: Promise<unknown>): Promise<{ readonly runId: RunId; readonly points: number }> => {
  const { info } = await store.createRun({ experimentId: asExperimentId('0'), startTime: 1, runName: 'ours', tags: [] });
  let isDone = false;
  const done = work.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  let points = 0;
  while (!isDone) {
    await store.logMetric(info.runId, { key: 'tick', value: points, timestamp: points, step: points });
    points += 1;
    await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  return { runId: info.runId, points };
};

test('a notebook’s day over HTTP, with artifacts of 200 MB', { timeout: 420_000 }, async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  const server = await serveStore(path);
  expect(await runClient(server.url, { name: 'wine', folder: dirname(path), megabytes: 200 })).toEqual(expected('wine'));
});

test('the same in the file itself, which our server holds, watches and writes meanwhile', { timeout: 420_000 }, async () => {
  const path = join(newTempFolder(), 'mlflow.db');
  const store = createRestTrackingStore(fetchClient((await serveStore(path)).url));
  const client = runClient(`sqlite:///${path}`, { name: 'direct', folder: dirname(path), megabytes: 2 });
  const ours = await writeMeanwhile(store, client);
  expect(await client).toEqual(expected('direct'));
  expect(ours.points).toBeGreaterThan(100);
  expect((await store.getMetricHistory({ runId: ours.runId, key: 'tick' })).items).toHaveLength(ours.points);
  const { experimentId } = await store.getExperimentByName('direct');
  const { items } = await store.searchRuns({ experimentIds: [experimentId], orderBy: ['metrics.loss'], maxResults: 100 });
  expect(items.map(({ info }) => info.runName).toSorted()).toEqual(['async', 'autolog', 'child 0', 'child 1', 'child 2', 'parent']);
  expect(items.at(0)?.latestMetrics.find(({ key }) => key === 'loss')).toMatchObject({ value: 0.01, step: 9 });
});
