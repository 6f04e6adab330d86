import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

import { silentLogger } from '../../extension/shared/logger.ts';
import { ServerProcess } from '../../extension/shared/server-process.ts';
import { LocalConnection } from '../../extension/tracking/local-connection.ts';
import type { StoreConnection, StoreConnections, StoreState } from '../../extension/tracking/store-connection.ts';
import { addressText } from '../../extension/tracking/store-connection.ts';
import { newTempFolder } from './store-database.ts';

const script = fileURLToPath(new URL('../../extension/server/main.ts', import.meta.url));

/** A window's server, from the sources. */
export const newServerProcess = (): ServerProcess => {
  const server = new ServerProcess(script, silentLogger);
  onTestFinished(() => server.dispose());
  return server;
};

export const connect = (server: ServerProcess, path: string): LocalConnection => {
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server });
  onTestFinished(() => connection.dispose());
  return connection;
};

/** Resolves with the first state of a kind, the present one included. */
export const whenState = (connection: LocalConnection, kind: StoreState['kind']): Promise<StoreState> =>
  new Promise((resolve) => {
    if (connection.state.kind === kind) return resolve(connection.state);
    const subscription = connection.onDidChangeState((state) => {
      if (state.kind !== kind) return;
      subscription.dispose();
      resolve(state);
    });
  });

/** One server for the tests of a file; each call makes a new, empty store in it. */
export const storesForFile = (): (() => Promise<LocalConnection>) => {
  let server: ServerProcess | undefined;
  beforeAll(() => {
    server = new ServerProcess(script, silentLogger);
  });
  afterAll(() => server?.dispose());
  return async () => {
    if (server === undefined) throw new Error('The server is there from the first test on');
    return await openNew(server);
  };
};

/** A new, empty store, open in a server of its own. */
export const newOpenStore = async (): Promise<LocalConnection> => await openNew(newServerProcess());

const openNew = async (server: ServerProcess): Promise<LocalConnection> => {
  const path = join(newTempFolder(), 'mlflow.db');
  await server.openStore({ path, create: true });
  const connection = connect(server, path);
  await whenState(connection, 'ready');
  return connection;
};

/** A window that has just these stores. */
export const windowOf = (...all: readonly StoreConnection[]): StoreConnections => ({
  all,
  found: Promise.resolve(),
  onDidChange: () => ({ dispose: () => {} }),
  byId: (id) => all.find((connection) => connection.id === id),
  byAddress: (address) => all.find((connection) => addressText(connection.address) === address),
  activeFor: () => all[0],
  serverFor: () => undefined,
  ensureFor: () => Promise.reject(new Error('There are no other stores')),
});
