import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { convertToSqlite } from '../../extension/server/conversion.ts';
import { openSqliteStore } from '../../extension/server/open-store.ts';
import { WindowApp } from '../../extension/server/window-app.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { convertStore } from '../../extension/tracking/rest-conversion.ts';
import type { Run } from '../../extension/tracking/run.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { appClient } from '../support/app-client.ts';
import { newFileStores, type FileStores } from '../support/file-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const never = new AbortController().signal;

const fill = async ({ tracking, loggedModels, registry }: FileStores) => {
  const experimentId = await tracking.createExperiment({ name: 'wine', tags: [{ key: 'a/b', value: 'c' }] });
  const { runId } = (await tracking.createRun({ experimentId, runName: 'first', userId: 'ada', startTime: 4, tags: [{ key: 't', value: '' }] })).info;
  const values = [NaN, Infinity, -Infinity, Number.MAX_VALUE, -0, 0, 2];
  await tracking.logBatch({ runId, params: [{ key: 'p', value: ' x ' }], metrics: values.map((value, step) => ({ key: 'm', value, timestamp: 9, step })) });
  // The same point twice, and two that a database takes for one.
  await tracking.logBatch({ runId, metrics: [2, 2, 0, -0].map((value) => ({ key: 'n', value, timestamp: 9, step: 0 })) });
  const dataset = { name: 'd', digest: '1', sourceType: 'local', source: '{}' };
  await tracking.logInputs(runId, [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] }]);
  const { modelId } = await loggedModels.createLoggedModel({ experimentId, name: 'model', sourceRunId: runId, params: [{ key: 'k', value: 'v' }] });
  await tracking.logOutputs(runId, [{ modelId, step: 3 }]);
  await tracking.logMetric(runId, { key: 'acc', value: 0.5, timestamp: 5, step: 1, modelId });
  const other = (await tracking.createRun({ experimentId, runName: 'deleted', startTime: 5, tags: [] })).info.runId;
  await tracking.logInputs(other, [{ dataset, tags: [] }], [{ modelId }]);
  await tracking.deleteRun(other);
  const gone = await tracking.createExperiment({ name: 'gone' });
  await tracking.createRun({ experimentId: gone, runName: 'of gone', startTime: 6, tags: [] });
  await tracking.deleteExperiment(gone);
  await registry.createRegisteredModel({ name: 'registered', description: 'd', tags: [{ key: 'a', value: 'b' }] });
  await registry.createModelVersion({ name: 'registered', source: `models:/${modelId}`, modelId, tags: [{ key: 'q', value: 'r' }] });
  await registry.createModelVersion({ name: 'registered', source: 's3://x/y' });
  await registry.deleteModelVersion('registered', 2);
  await registry.setRegisteredModelAlias('registered', 'champion', 1);
  return { experimentId, runId, modelId, gone };
};

/** Everything below a folder, with content and time. */
const snapshot = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => `${path} ${statSync(path).mtimeMs} ${readFileSync(path, 'utf8')}`);

const openConverted = (path: string) => {
  const store = openSqliteStore({ path }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const http = appClient((request) => store.app.fetch(request));
  return { tracking: createRestTrackingStore(http), loggedModels: createRestLoggedModelStore(http), registry: createRestRegistryStore(http) };
};

const sorted = (run: Run): Run => ({
  ...run,
  tags: run.tags.toSorted((a, b) => a.key.localeCompare(b.key)),
  latestMetrics: run.latestMetrics
    .map((metric) => ({ ...metric, value: metric.value === Infinity ? Number.MAX_VALUE : metric.value }))
    .toSorted((a, b) => a.key.localeCompare(b.key)),
});

test('everything is in the file as it was in the folder, which stays as it is', async () => {
  const stores = newFileStores();
  const { experimentId, runId, modelId, gone } = await fill(stores);
  const before = snapshot(stores.root);
  const to = join(newTempFolder(), 'mlflow.db');
  const report = await convertToSqlite({ from: stores.root, to }, () => {}, never);
  expect(report).toMatchObject({
    remarks: [],
    counts: { experiments: 3, runs: 3, params: 1, metrics: 10, latest_metrics: 3, datasets: 1, inputs: 4, logged_models: 1, model_versions: 2 },
  });
  expect(snapshot(stores.root)).toEqual(before);
  expect(readdirSync(join(to, '..'))).toEqual(['mlflow.db']);
  const converted = openConverted(to);
  const ids = { experimentIds: [experimentId, gone], viewType: 'ALL' as const, maxResults: 10 };
  const [there, here] = await Promise.all([stores.tracking.searchRuns(ids), converted.tracking.searchRuns(ids)]);
  expect(here.items.map(sorted)).toEqual(there.items.map(sorted));
  const all = { viewType: 'ALL' as const, maxResults: 10 };
  expect(await converted.tracking.searchExperiments(all)).toEqual(await stores.tracking.searchExperiments(all));
  expect(await converted.loggedModels.getLoggedModel(modelId)).toEqual(await stores.loggedModels.getLoggedModel(modelId));
  expect(await converted.registry.getRegisteredModel('registered')).toEqual(await stores.registry.getRegisteredModel('registered'));
  expect(await converted.registry.getModelVersion('registered', 1)).toEqual(await stores.registry.getModelVersion('registered', 1));
  await expect(converted.registry.getModelVersion('registered', 2)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  expect((await converted.registry.createModelVersion({ name: 'registered', source: 's3://x/z' })).version).toBe(3);
  expect((await converted.tracking.getMetricHistory({ runId, key: 'm' })).items.map(({ value }) => value)).toEqual([
    NaN,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Number.MAX_VALUE,
    0,
    0,
    2,
  ]);
  await converted.tracking.createRun({ experimentId, startTime: 7, tags: [] });
});

test('what cannot be copied is told, and the rest is there', async () => {
  const stores = newFileStores();
  const { experimentId, runId } = await fill(stores);
  writeFileSync(join(stores.root, experimentId, runId, 'metrics', 'bad'), 'nonsense\n1 2 3\n');
  mkdirSync(join(stores.root, experimentId, 'f'.repeat(32)));
  mkdirSync(join(stores.root, experimentId, 'traces', 'tr-1'), { recursive: true });
  // Behind every id that MLflow chooses.
  const last = '9'.repeat(18);
  mkdirSync(join(stores.root, last));
  writeFileSync(join(stores.root, last, 'meta.yaml'), `experiment_id: '${last}'\nname: wine\n`);
  const to = join(newTempFolder(), 'mlflow.db');
  const { counts, remarks } = await convertToSqlite({ from: stores.root, to }, () => {}, never);
  expect(counts).toMatchObject({ experiments: 4, runs: 3, metrics: 11 });
  expect(remarks.toSorted()).toEqual(
    [
      `Experiment ${last} is called 'wine (${last})': another one has its name`,
      `Run ${'f'.repeat(32)}: meta.yaml is missing: it was left out`,
      `Run ${runId}: metrics/bad: a line is malformed`,
      '1 traces were left out: they stay in the folder',
    ].toSorted(),
  );
});

test('a file that is there is never touched, and a folder that is no store is refused', async () => {
  const { root } = newFileStores();
  const folder = newTempFolder();
  const to = join(folder, 'mlflow.db');
  writeFileSync(to, 'precious');
  await expect(convertToSqlite({ from: root, to }, () => {}, never)).rejects.toMatchObject({ code: 'RESOURCE_ALREADY_EXISTS' });
  expect(readFileSync(to, 'utf8')).toBe('precious');
  await expect(convertToSqlite({ from: folder, to: `${to}2` }, () => {}, never)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
  expect(readdirSync(folder)).toEqual(['mlflow.db']);
});

test('somebody else’s file that appears in the meantime stays', async () => {
  const { root } = newFileStores();
  const to = join(newTempFolder(), 'mlflow.db');
  const appear = (): void => writeFileSync(to, 'theirs');
  await expect(convertToSqlite({ from: root, to }, appear, never)).rejects.toMatchObject({ code: 'RESOURCE_ALREADY_EXISTS' });
  expect(readFileSync(to, 'utf8')).toBe('theirs');
});

test('cancelled half-way it leaves nothing behind', async () => {
  const stores = newFileStores();
  await fill(stores);
  const folder = newTempFolder();
  const abort = new AbortController();
  const half = (done: number, total: number): void => {
    if (done * 2 > total) abort.abort();
  };
  await expect(convertToSqlite({ from: stores.root, to: join(folder, 'mlflow.db') }, half, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(folder)).toEqual([]);
});

test('over a window’s server: with progress, in a thread, and failures in words', async () => {
  const stores = newFileStores();
  await stores.tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] });
  const app = new WindowApp(silentLogger);
  onTestFinished(() => app.dispose());
  const http = appClient((request) => app.fetch(request));
  const to = join(newTempFolder(), 'mlflow.db');
  const shares: number[] = [];
  const report = await convertStore(http, { from: stores.root, to }, (share) => shares.push(share));
  expect(report.counts).toMatchObject({ experiments: 1, runs: 1 });
  expect(shares.at(-1)).toBe(1);
  expect(existsSync(to)).toBe(true);
  await expect(convertStore(http, { from: stores.root, to }, () => {})).rejects.toMatchObject({ code: 'RESOURCE_ALREADY_EXISTS' });
});
