import { expect, onTestFinished, test } from 'vitest';

import type { Page } from '../../../extension/host/page.ts';
import { Emitter } from '../../../extension/shared/emitter.ts';
import { silentLogger } from '../../../extension/shared/logger.ts';
import { PendingEdits } from '../../../extension/tracking/pending-edits.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../../../extension/tracking/store-connection.ts';
import { Favourites } from '../../../extension/tracking/ui/favourites.ts';
import { RunsSession } from '../../../extension/tracking/ui/runs-session.ts';
import type { RunId } from '../../../schemas/ids.ts';
import type { RunsProtocol, RunsQuery } from '../../../schemas/runs-protocol.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { storesForFile, windowOf } from '../../support/open-store.ts';
import { connectRemote, whenRemoteState } from '../../support/remote-store.ts';
import { startTcpServer } from '../../support/tcp-server.ts';

const newOpenStore = storesForFile();
const signal = new AbortController().signal;
const quiet = () => ({ dispose: () => {} });

type Events = RunsProtocol['events'];

/** The extension's own session of a table, with a page that only listens, in a window whose stores can leave it. */
const openTable = (connection: StoreConnection, experimentIds: readonly string[]) => {
  const told: { readonly name: string; readonly payload: unknown }[] = [];
  const changed = new Emitter<void>();
  let inWindow = windowOf(connection);
  const stores: StoreConnections = {
    ...inWindow,
    get all() {
      return inWindow.all;
    },
    onDidChange: changed.event,
    byAddress: (address) => inWindow.byAddress(address),
  };
  const page = {
    panel: { title: '', visible: true, onDidDispose: quiet, onDidChangeViewState: quiet },
    send: (name: string, payload: unknown) => told.push({ name, payload }),
    keep: () => {},
  };
  const session = new RunsSession({
    page: page as unknown as Page<RunsProtocol>,
    stores,
    edits: new PendingEdits(),
    favourites: new Favourites({ get: (_, nothing) => nothing, update: async () => {} }),
    views: { onDidChange: quiet, read: async () => [] } as never,
    actions: {} as never,
    log: silentLogger,
    state: { store: addressText(connection.address), experimentIds },
  });
  onTestFinished(() => session.dispose());
  session.behaviour.onReady(undefined);
  return {
    requests: session.behaviour.requests,
    last: <Name extends keyof Events>(name: Name): Events[Name] | undefined => told.findLast((one) => one.name === name)?.payload as never,
    told,
    setStores: (...all: readonly StoreConnection[]) => {
      inWindow = windowOf(...all);
      changed.fire();
    },
  };
};

const query: RunsQuery = { filter: '', deleted: false, nesting: 'all', orderBy: [], columns: [] };

const newExperiment = async ({ tracking }: StoreConnection) => {
  const experimentId = await tracking.createExperiment({ name: 'wine' });
  const runIds: RunId[] = [];
  for (const runName of ['one', 'two']) runIds.push((await tracking.createRun({ experimentId, runName, startTime: runIds.length, tags: [] })).info.runId);
  return { experimentId, runIds };
};

test('a server that goes away while its table is shown is said with the reason, and everything is read again when it is back', async () => {
  const { server } = await startTcpServer();
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const { connection } = connectRemote(proxy.url);
  await whenRemoteState(connection, 'ready');
  const { experimentId, runIds } = await newExperiment(connection);
  const table = openTable(connection, [experimentId]);
  await expect.poll(() => table.last('about')?.experiments).toEqual([{ id: experimentId, name: 'wine' }]);
  // As of a plain server, which tells nothing by itself.
  await connectRemote(server.url).connection.tracking.deleteRun(runIds[0] as RunId);
  await expect
    .poll(() => table.told.filter(({ name }) => name === 'changed').flatMap(({ payload }) => Object.values(payload as object).flat()))
    .toContain(runIds[0]);
  proxy.fault = () => ({ kind: 'answer', status: 503, body: 'down for repair' });
  await expect.poll(() => table.last('failed')).toEqual({ message: 'server cannot be read: The server answered 503: down for repair' });
  const before = table.told.length;
  proxy.fault = () => undefined;
  await expect.poll(() => table.last('failed')).toBeNull();
  await expect.poll(() => table.told.slice(before)).toContainEqual({ name: 'changed', payload: {} });
});

test('a store that leaves the window while its table is shown is named, and is there again when it is back', async () => {
  const connection = await newOpenStore();
  const { experimentId } = await newExperiment(connection);
  const table = openTable(connection, [experimentId]);
  await expect.poll(() => table.last('failed')).toBeNull();
  const message = `The store ${addressText(connection.address)} is not open in this window`;
  table.setStores();
  await expect.poll(() => table.last('failed')).toEqual({ message });
  await expect((async () => table.requests.rows({ query, offset: 0, limit: 10 }, signal))()).rejects.toThrow(message);
  table.setStores(connection);
  await expect.poll(() => table.last('failed')).toBeNull();
});

test('a run that somebody else deletes is named, and is no row any more; a filter that is wrong says where', async () => {
  const connection = await newOpenStore();
  const { experimentId, runIds } = await newExperiment(connection);
  const [first = '' as RunId] = runIds;
  const table = openTable(connection, [experimentId]);
  await expect.poll(() => table.last('failed')).toBeNull();
  const read = async () => (await table.requests.rows({ query, offset: 0, limit: 10 }, signal)).rows.map(({ name }) => name);
  expect(await read()).toEqual(['two', 'one']);
  await connection.tracking.deleteRun(first);
  await expect.poll(() => table.told.filter(({ name }) => name === 'changed').map(({ payload }) => payload)).toContainEqual({ runIds: [first] });
  expect(await table.requests.someRows({ query, runIds: [first] }, signal)).toMatchObject({ rows: [], total: 1 });
  expect(await read()).toEqual(['two']);
  const [problem] = await table.requests.checkFilter({ filter: "params.lr = 'a" }, signal);
  expect(problem).toMatchObject({ start: expect.any(Number), message: expect.stringMatching(/quote|string/i) });
});
