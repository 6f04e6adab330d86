import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { openDatabase } from '../../extension/server/database.ts';
import { run } from '../../extension/shared/process.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { sql } from '../../extension/shared/sql.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { asExperimentId, asRunId, type RunId } from '../../schemas/ids.ts';
import { pythonPath } from '../support/python.ts';
import { addWorkbenchIndexes, newestRecordedStore, recordedStores, restoreRecordedStore, revisionOf } from '../support/recorded-stores.ts';
import { newTempFolder } from '../support/store-database.ts';
import { serveStore } from '../support/serve-store.ts';

const script = fileURLToPath(new URL('../support/write_directly.py', import.meta.url));

const python = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run({ file: pythonPath(), args, env: { ...process.env, GIT_PYTHON_REFRESH: 'quiet' } });
  expect(code, `${args.join(' ')}\n${stderr.slice(-3000)}`).toBe(0);
  return stdout.trim();
};

/** A run that Python logs into the file itself. */
const writeDirectly = async (path: string, name: string, points = 20): Promise<RunId> =>
  asRunId(await python(script, `sqlite:///${path}`, name, String(points)));

const logOverRest = async (store: TrackingStore): Promise<RunId> => {
  const { info } = await store.createRun({ experimentId: asExperimentId('1'), startTime: 5, runName: 'ours', tags: [] });
  await store.logBatch({ runId: info.runId, metrics: [{ key: 'a', value: 1, timestamp: 1, step: 1 }], params: [{ key: 'p', value: 'v' }], tags: [] });
  await store.setTag(info.runId, { key: 't', value: 'v' });
  await store.updateRun({ runId: info.runId, status: 'FINISHED', endTime: 9 });
  return info.runId;
};

const runNames = async (store: TrackingStore): Promise<readonly string[]> =>
  (await store.searchRuns({ experimentIds: [asExperimentId('1')], maxResults: 100 })).items.map((found) => found.info.runName);

/** Nothing in the file is damaged or points nowhere; the names of our indexes in it. */
const inspect = (path: string): readonly string[] => {
  const database = openDatabase(path);
  onTestFinished(() => database.dispose());
  expect(database.readOnlyReason).toBeUndefined();
  expect(database.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
  expect(database.read((read) => read.all(sql`PRAGMA foreign_key_check`))).toEqual([]);
  const indexes = sql`SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'workbench%' ORDER BY name`;
  return database.read((read) => read.all<{ name: string }>(indexes)).map(({ name }) => name);
};

const newestRevision = (): unknown => {
  const path = join(newTempFolder(), 'newest.db');
  restoreRecordedStore(newestRecordedStore, path);
  return revisionOf(path);
};

describe.each(recordedStores)('the store in %s, held by our server, with our indexes', (file) => {
  test('is upgraded by mlflow db upgrade, and goes on being read and written by both', async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    restoreRecordedStore(file, path);
    addWorkbenchIndexes(path);
    const http = fetchClient((await serveStore(path)).url);
    const [tracking, registry] = [createRestTrackingStore(http), createRestRegistryStore(http)];
    await logOverRest(tracking);

    await python('-m', 'mlflow', 'db', 'upgrade', `sqlite:///${path}`);

    expect(revisionOf(path)).toBe(newestRevision());
    expect(await runNames(tracking)).toEqual(['first', 'ours']);
    const ours = await logOverRest(tracking);
    await registry.setRegisteredModelAlias('wine', 'challenger', 1);
    await registry.setModelVersionTag('wine', 1, { key: 'k', value: 'v' });
    expect(await registry.getModelVersionByAlias('wine', 'champion')).toMatchObject({ version: 1, tags: [{ key: 'k', value: 'v' }] });
    const theirs = await writeDirectly(path, 'theirs', 3);
    expect(await tracking.getRun(theirs)).toMatchObject({ info: { runName: 'theirs', status: 'FINISHED' } });
    expect((await tracking.getMetricHistory({ runId: theirs, key: 'loss' })).items).toHaveLength(3);
    expect(await tracking.getRun(ours)).toMatchObject({ latestMetrics: [{ key: 'a', value: 1 }], params: [{ key: 'p', value: 'v' }] });
    expect(inspect(path)).toEqual(['workbench_latest_metrics', 'workbench_runs']);
  });
});

describe('eight Python processes at once, directly', () => {
  const writeEight = async (path: string, store: TrackingStore): Promise<void> => {
    const names = Array.from({ length: 8 }, (_process, index) => `writer ${index}`);
    const runIds = await Promise.all(names.map((name) => writeDirectly(path, name)));
    const { items } = await store.searchRuns({ experimentIds: [asExperimentId('0')], filter: "run_name LIKE 'writer %'", maxResults: 100 });
    expect(items.map(({ info }) => [info.runName, info.status]).toSorted()).toEqual(names.map((name) => [name, 'FINISHED']));
    for (const runId of runIds) {
      expect((await store.getMetricHistory({ runId, key: 'loss' })).items).toHaveLength(20);
      expect((await store.getMetricHistory({ runId, key: 'batch' })).items).toHaveLength(20);
    }
  };

  test('write into a store of their release that our server holds and writes', async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    restoreRecordedStore(newestRecordedStore, path);
    const store = createRestTrackingStore(fetchClient((await serveStore(path)).url));
    await Promise.all([writeEight(path, store), logOverRest(store)]);
    expect(await runNames(store)).toContain('ours');
    inspect(path);
  });

  test('write into a store that we made, once one of them has upgraded it', async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    const store = createRestTrackingStore(fetchClient((await serveStore(path)).url));
    await store.createExperiment({ name: 'one' });
    await logOverRest(store);
    await writeDirectly(path, 'first');
    expect(revisionOf(path)).toBe(newestRevision());
    await writeEight(path, store);
    expect(await runNames(store)).toEqual(['ours']);
    inspect(path);
  });
});
