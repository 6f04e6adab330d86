import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { FileChangeFeed } from '../../extension/server/file-change-feed.ts';
import { openStore, type OpenStore } from '../../extension/server/open-store.ts';
import { Readers } from '../../extension/server/readers.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { openEvents, readHistories, readRunCounts } from '../../extension/tracking/rest-workbench.ts';
import type { HistoriesHeader, StoreEvent } from '../../schemas/workbench-api.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { describeLoggedModelStore } from '../conformance/logged-model-store.ts';
import { describeRegistryStore } from '../conformance/registry-store.ts';
import { describeTrackingStore } from '../conformance/tracking-store.ts';
import { appClient } from '../support/app-client.ts';
import { fileStoresOf, newFileStores } from '../support/file-store.ts';
import { newTempFolder } from '../support/store-database.ts';

interface Served {
  readonly root: string;
  readonly store: OpenStore;
  readonly http: HttpClient;
}

/** One window's threads; starting them takes a second. */
const readers = new Readers();
afterAll(() => readers.dispose());

/** A new folder as a window's server holds it. */
const serve = (root = join(newTempFolder(), 'mlruns')): Served => {
  const store = openStore({ path: root, create: true }, { readers, log: silentLogger });
  onTestFinished(() => store.dispose());
  return { root, store, http: appClient((request) => store.app.fetch(request)) };
};

describeTrackingStore('in files, in a thread, over REST', () => createRestTrackingStore(serve().http), { keepsInfinities: true });

describeRegistryStore('in files, in a thread, over REST', () => createRestRegistryStore(serve().http), { longestName: 255 });

describeLoggedModelStore('in files, in a thread, over REST', () => {
  const { http } = serve();
  return { tracking: createRestTrackingStore(http), loggedModels: createRestLoggedModelStore(http), registry: createRestRegistryStore(http) };
});

test('a new folder has experiment 0 and the trash, as MLflow makes them', () => {
  const { root } = serve();
  expect(readdirSync(root).toSorted()).toEqual(['.trash', '0']);
  expect(readFileSync(join(root, '0', 'meta.yaml'), 'utf8')).toMatch(/^artifact_location: file:\/\/\/.*\/mlruns\/0\ncreation_time: \d+\nexperiment_id: '0'\n/);
});

test.each([
  ['is not there', () => {}, 'RESOURCE_DOES_NOT_EXIST'],
  ['has no experiment', (root: string) => mkdirSync(join(root, 'notes'), { recursive: true }), 'INVALID_PARAMETER_VALUE'],
  ['has artifacts of an mlflow.db', (root: string) => mkdirSync(join(root, '1', 'a'.repeat(32), 'artifacts'), { recursive: true }), 'INVALID_PARAMETER_VALUE'],
])('a folder that %s is no store, and stays as it is', (_what, prepare, code) => {
  const root = join(newTempFolder(), 'mlruns');
  prepare(root);
  expect(() => openStore({ path: root }, { log: silentLogger })).toThrow(expect.objectContaining({ code }) as Error);
  if (existsSync(root)) expect(() => openStore({ path: root, create: true }, { log: silentLogger })).toThrow('is a folder but not an MLflow store');
});

test('the default experiment cannot be deleted, as with MLflow', async () => {
  await expect(createRestTrackingStore(serve().http).deleteExperiment(asExperimentId('0'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
});

const decode = (reply: ArrayBuffer): { readonly header: HistoriesHeader; readonly numbers: Float64Array } => {
  const length = new DataView(reply).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(reply, 4, length))) as HistoriesHeader;
  return { header, numbers: new Float64Array(reply, 4 + length) };
};

test('histories and counts of runs', async () => {
  const { root, http } = serve();
  const { tracking } = fileStoresOf(root);
  const { runId } = (await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info;
  const metrics = Array.from({ length: 900 }, (_value, step) => ({ key: 'a/m', value: step === 450 ? NaN : step % 100, timestamp: 1000 - step, step }));
  await tracking.logBatch({ runId, metrics });
  const whole = decode(await readHistories(http, { runIds: [runId, 'none'], keys: ['a/m', '../../meta.yaml'], buckets: 2 }));
  expect(whole.header.series).toMatchObject([{ runId, key: 'a/m', total: 900 }]);
  expect([...whole.numbers.slice(0, whole.header.series[0]?.count)]).toEqual([0, 99, 450, 499, 500, 899]);
  const window = decode(await readHistories(http, { runIds: [runId], keys: ['a/m'], buckets: 100, window: { axis: 'timestamp', from: 998, to: 1000 } }));
  expect([...window.numbers.slice(0, 3)]).toEqual([2, 1, 0]);
  expect(await readRunCounts(http)).toEqual(new Map([['0', { runs: 1, running: 1 }]]));
});

describe('changes', () => {
  /** Events from now on, and a way to wait for one. */
  const listen = async ({ http }: Served) => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const events: StoreEvent[] = [];
    const stream = await openEvents(http, stop.signal);
    void (async () => {
      for await (const event of stream) events.push(event);
    })().catch(() => {});
    return { events, until: (expected: unknown[]) => vi.waitFor(() => expect(events).toEqual(expected), { timeout: 60_000 }) };
  };

  const runsEvent = (runId: string) => ({ type: 'runs', runs: [{ runId, experimentId: '0' }] });

  test('are told once each, whoever writes', async () => {
    const served = serve();
    const { tracking, registry } = fileStoresOf(served.root);
    const own = createRestTrackingStore(served.http);
    const { until } = await listen(served);
    const { runId } = (await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info;
    const expected: unknown[] = [runsEvent(runId)];
    const tell = async (change: Promise<unknown>, event: unknown): Promise<void> => {
      await change;
      expected.push(event);
      await until(expected);
    };
    await until(expected);
    await tell(tracking.logMetric(runId, { key: 'm', value: 1, timestamp: 1, step: 1 }), {
      type: 'metrics',
      runs: [{ runId, experimentId: '0', keys: ['m'] }],
    });
    await tell(own.logMetric(runId, { key: 'a/b', value: 1, timestamp: 1, step: 1 }), { type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['a/b'] }] });
    await tell(tracking.logMetric(runId, { key: 'a/b', value: 2, timestamp: 2, step: 2 }), {
      type: 'metrics',
      runs: [{ runId, experimentId: '0', keys: ['a/b'] }],
    });
    await tell(tracking.setTag(runId, { key: 't', value: '1' }), runsEvent(runId));
    await tell(tracking.setTag(runId, { key: 't', value: '2' }), runsEvent(runId));
    await tell(own.setTag(runId, { key: 't', value: '3' }), runsEvent(runId));
    await tell(tracking.logParam(runId, { key: 'p', value: '1' }), runsEvent(runId));
    await tell(own.updateRun({ runId, status: 'FINISHED', endTime: 9 }), runsEvent(runId));
    await tell(tracking.deleteRun(runId), runsEvent(runId));
    await tell(tracking.setExperimentTag(asExperimentId('0'), { key: 'a', value: 'b' }), { type: 'experiments' });
    await tell(own.createExperiment({ name: 'new' }), { type: 'experiments' });
    await tell(registry.createRegisteredModel({ name: 'wine' }), { type: 'registry' });
  });

  test('cost watches for experiments and running runs only, and all are given back', async () => {
    const { root, index, tracking } = newFileStores();
    const create = async () => (await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info.runId;
    for (let run = 0; run < 20; run += 1) await tracking.updateRun({ runId: await create(), status: 'FINISHED', endTime: 2 });
    const open = new Set<string>();
    const openWatch = (folder: string) => {
      if (!existsSync(folder)) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      open.add(folder);
      return { dispose: () => open.delete(folder) };
    };
    const events: StoreEvent[] = [];
    const feed = new FileChangeFeed(
      index,
      (event) => events.push(event),
      () => {},
      openWatch,
    );
    const store = [root, join(root, '.trash'), join(root, '0')];
    expect([...open].toSorted()).toEqual(store.toSorted());
    const runId = await create();
    const own = ['', 'params', 'tags', 'metrics'].map((name) => join(root, '0', runId, name));
    await vi.waitFor(() => expect([...open].toSorted()).toEqual([...store, ...own].toSorted()), { timeout: 60_000 });
    expect(events).toEqual([runsEvent(runId)]);
    feed.dispose();
    expect(open.size).toBe(0);
  });

  test('are found without watches, which is said once', async () => {
    const { root, index, tracking } = newFileStores();
    const { runId } = (await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info;
    const [events, warnings]: [StoreEvent[], string[]] = [[], []];
    const exhausted = (): never => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const feed = new FileChangeFeed(
      index,
      (event) => events.push(event),
      (text) => warnings.push(text),
      exhausted,
    );
    onTestFinished(() => feed.dispose());
    for (const step of [1, 2]) {
      appendFileSync(join(root, '0', runId, 'metrics', 'm'), `${step} 1 ${step}\n`);
      await vi.waitFor(() => expect(events).toHaveLength(step), { timeout: 60_000 });
    }
    expect(events[1]).toEqual({ type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['m'] }] });
    expect(warnings).toEqual([expect.stringContaining('No watch is left') as string]);
  });
});

test('a folder that goes away and comes back while it is open', async () => {
  const served = serve();
  const own = createRestTrackingStore(served.http);
  const id = await own.createExperiment({ name: 'wine' });
  rmSync(served.root, { recursive: true });
  await expect(own.getExperiment(id)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  mkdirSync(join(served.root, '7'), { recursive: true });
  writeFileSync(join(served.root, '7', 'meta.yaml'), "experiment_id: '7'\nname: seven\n");
  expect((await own.searchExperiments({ maxResults: 5 })).items.map(({ name }) => name)).toEqual(['seven']);
});
