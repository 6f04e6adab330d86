import { expect, onTestFinished, test, vi } from 'vitest';

import type { Page } from '../../../extension/host/page.ts';
import { silentLogger } from '../../../extension/shared/logger.ts';
import { sql } from '../../../extension/shared/sql.ts';
import type { LocalConnection } from '../../../extension/tracking/local-connection.ts';
import { CompareSession, type PageActions } from '../../../extension/tracking/ui/compare-session.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { CompareProtocol, CompareSnapshot } from '../../../schemas/webview-protocol.ts';
import { openDatabase } from '../../../extension/server/database.ts';
import { asRunId } from '../../../schemas/ids.ts';
import { newOpenStore, windowOf } from '../../support/open-store.ts';
import { insertMetric, insertRun } from '../../support/store-rows.ts';

/** The extension's own session of a page that only listens. */
const openSession = (store: LocalConnection, runIds: readonly string[]) => {
  const snapshots: CompareSnapshot[] = [];
  let onViewState: (change: { webviewPanel: { visible: boolean } }) => void = () => {};
  const nobody = { dispose: () => {} };
  const panel = { title: '', onDidDispose: () => nobody, onDidChangeViewState: (listener: typeof onViewState) => ((onViewState = listener), nobody) };
  const page = {
    panel,
    keep: () => {},
    send: (name: string, payload: unknown) => void (name === 'snapshot' && snapshots.push(payload as CompareSnapshot)),
  };
  const session = new CompareSession({
    page: page as unknown as Page<CompareProtocol>,
    stores: windowOf(store),
    actions: {} as PageActions,
    log: silentLogger,
    runs: { runs: runIds.map((runId) => ({ store: store.id, runId })) },
  });
  onTestFinished(() => session.dispose());
  return { session, snapshots, start: () => session.behaviour.onReady(undefined), hide: () => onViewState({ webviewPanel: { visible: false } }) };
};

/** Each with a point of two metrics; the first of them is that of the card at the top. */
const insertRuns = async (path: string, count: number): Promise<readonly string[]> => {
  const database = openDatabase(path);
  onTestFinished(() => database.dispose());
  return await database.write((connection) =>
    Array.from({ length: count }, () => {
      const runId = insertRun(connection);
      for (const key of ['b/loss', 'a/loss']) {
        insertMetric(connection, runId, { key });
        connection.run(sql`INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (${key}, 0.5, 1000, ${runId}, 0, 0)`);
      }
      return runId;
    }),
  );
};

test('a page that is shown again is told at once what it was told before, and nothing twice', async () => {
  const store = await newOpenStore();
  const { runId } = (await store.tracking.createRun({ experimentId: await store.tracking.createExperiment({ name: 'wine' }), startTime: 5, tags: [] })).info;
  const { snapshots, start, hide } = openSession(store, [runId]);
  start();
  await expect.poll(() => snapshots.length).toBe(1);
  hide();
  start();
  expect(snapshots).toEqual([snapshots[0], snapshots[0]]);
  await store.tracking.logBatch({ runId, metrics: [{ key: 'loss', value: 0.5, timestamp: 1, step: 0 }], params: [] });
  await expect.poll(() => snapshots.length).toBe(3);
  expect(snapshots[2]?.metricKeys).toEqual(['loss']);
});

test('nothing is read again for a page that is shown again, unless something has changed meanwhile', async () => {
  const store = await newOpenStore();
  const events: StoreEvent[] = [];
  store.onDidChange((event) => events.push(event));
  const { runId } = (await store.tracking.createRun({ experimentId: await store.tracking.createExperiment({ name: 'wine' }), startTime: 5, tags: [] })).info;
  // Word of the new run may come late, and is a reason to read.
  await expect.poll(() => events.some((event) => event.type === 'runs' && event.runs.some((run) => run.runId === runId))).toBe(true);
  const { snapshots, start, hide } = openSession(store, [runId]);
  start();
  await expect.poll(() => snapshots.length).toBe(1);
  const reads = vi.spyOn(store.tracking, 'searchRuns');
  hide();
  start();
  expect(snapshots).toHaveLength(2);
  hide();
  const told = new Promise<void>((resolve) => void store.onDidChange(() => resolve()));
  await store.tracking.logBatch({ runId, metrics: [{ key: 'loss', value: 0.5, timestamp: 1, step: 0 }], params: [] });
  await told;
  expect(reads).not.toHaveBeenCalled();
  start();
  await expect.poll(() => snapshots.at(-1)?.metricKeys).toEqual(['loss']);
});

test('runs that are added to a page while it is hidden are there when it is shown again', async () => {
  const store = await newOpenStore();
  const [first = '', second = ''] = await insertRuns(store.path, 2);
  const { session, snapshots, start, hide } = openSession(store, [first]);
  start();
  await expect.poll(() => snapshots.length).toBe(1);
  hide();
  await session.add([{ store: store.id, runId: second }]);
  start();
  await expect.poll(() => snapshots.at(-1)?.runs.map(({ runId }) => runId)).toEqual([first, second]);
});

test('the lines at the top of a page of many runs are read before it asks, and handed over when it is shown again', async () => {
  const store = await newOpenStore();
  const runIds = await insertRuns(store.path, 500);
  const reads = vi.spyOn(store, 'histories');
  const { session, snapshots, start, hide } = openSession(store, runIds);
  await expect.poll(() => reads.mock.calls.length).toBe(2);
  start();
  await expect.poll(() => snapshots.length).toBe(1);
  const { requests } = session.behaviour;
  const { signal } = new AbortController();
  const asked = [runIds.slice(0, 250), runIds.slice(250)].map((part) => ({ runIds: part, keys: ['a/loss'], buckets: 200 }));
  const answers = await Promise.all(asked.map((request) => requests.histories(request, signal)));
  expect(reads).toHaveBeenCalledTimes(2);
  hide();
  start();
  const known = await requests.knownHistories(null, signal);
  expect(known.map(({ request }) => request)).toEqual(asked);
  expect(known.map(({ buffers }) => buffers)).toEqual(answers);
  await store.tracking.logBatch({ runId: asRunId(runIds[0] ?? ''), metrics: [{ key: 'a/loss', value: 0.5, timestamp: 9, step: 9 }], params: [] });
  await expect.poll(async () => (await requests.knownHistories(null, signal)).length).toBe(1);
});
