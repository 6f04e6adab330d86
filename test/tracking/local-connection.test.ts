import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createFileStore } from '../../extension/tracking/file-store.ts';
import { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { connect, newOpenStore, newServerProcess, whenState } from '../support/open-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const nextEvent = (connection: LocalConnection, type: StoreEvent['type']): Promise<StoreEvent> =>
  new Promise((resolve) => {
    const subscription = connection.onDidChange((event) => {
      if (event.type !== type) return;
      subscription.dispose();
      resolve(event);
    });
  });

test('what is written is told', async () => {
  const connection = await newOpenStore();
  const told = nextEvent(connection, 'runs');
  const experimentId = await connection.tracking.createExperiment({ name: 'wine' });
  const { info } = await connection.tracking.createRun({ experimentId, startTime: 1, tags: [] });
  expect(await told).toEqual({ type: 'runs', runs: [{ runId: info.runId, experimentId }] });
});

test('runs are counted per experiment', async () => {
  const connection = await newOpenStore();
  const experimentId = await connection.tracking.createExperiment({ name: 'wine' });
  const runs = await Promise.all([1, 2, 3].map((startTime) => connection.tracking.createRun({ experimentId, startTime, tags: [] })));
  const [first, second] = runs;
  if (first === undefined || second === undefined) throw new Error('Three runs were created');
  await connection.tracking.updateRun({ runId: first.info.runId, status: 'FINISHED', endTime: 2 });
  await connection.tracking.deleteRun(second.info.runId);
  expect(await connection.runCounts()).toEqual(new Map([[experimentId, { runs: 2, running: 1 }]]));
});

test('a file that is no store fails with the cause, is left as it is, and opens once it is one', async () => {
  const server = newServerProcess();
  const path = join(newTempFolder(), 'mlflow.db');
  writeFileSync(path, 'a text, not a database');
  const connection = connect(server, path);
  expect(await whenState(connection, 'failed')).toEqual({ kind: 'failed', message: `${path} is not a SQLite database` });
  expect(readFileSync(path, 'utf8')).toBe('a text, not a database');
  const other = join(newTempFolder(), 'mlflow.db');
  await server.openStore({ path: other, create: true });
  writeFileSync(path, readFileSync(other));
  connection.open();
  await whenState(connection, 'ready');
});

test('requests to a store that is not open fail in words', async () => {
  const connection = connect(newServerProcess(), join(newTempFolder(), 'absent.db'));
  await whenState(connection, 'failed');
  await expect(connection.tracking.searchExperiments({ maxResults: 1 })).rejects.toThrow('The store is not open');
});

test.each(['sqlite', 'files'] as const)('a store (%s) that is moved away while it is open says so, and goes on when it is back', async (kind) => {
  const server = newServerProcess();
  const folder = newTempFolder();
  const path = join(folder, 'place', kind === 'sqlite' ? 'mlflow.db' : 'mlruns');
  mkdirSync(join(folder, 'place'));
  if (kind === 'files') createFileStore(path);
  else await server.openStore({ path, create: true });
  const connection = new LocalConnection({ kind, path, label: 'here', log: silentLogger, server });
  onTestFinished(() => connection.dispose());
  await whenState(connection, 'ready');
  const experimentId = await connection.tracking.createExperiment({ name: 'wine' });
  const { info } = await connection.tracking.createRun({ experimentId, startTime: 1, tags: [] });
  renameSync(join(folder, 'place'), join(folder, 'elsewhere'));
  expect(await whenState(connection, 'failed')).toEqual({ kind: 'failed', message: `${path} does not exist`, willRetry: true });
  const reset = nextEvent(connection, 'reset');
  renameSync(join(folder, 'elsewhere'), join(folder, 'place'));
  await whenState(connection, 'ready');
  await reset;
  expect((await connection.tracking.getRun(info.runId)).info).toEqual(info);
});

test('a store that is not there yet is opened once it is', async () => {
  const server = newServerProcess();
  const [path, made] = [join(newTempFolder(), 'mlflow.db'), join(newTempFolder(), 'mlflow.db')];
  await server.openStore({ path: made, create: true });
  const connection = connect(server, path);
  expect(await whenState(connection, 'failed')).toMatchObject({ message: `${path} does not exist` });
  writeFileSync(path, readFileSync(made));
  await whenState(connection, 'ready');
});

test('after a crash of the server everything shown is read again, and nothing acknowledged is lost', async () => {
  const server = newServerProcess();
  const path = join(newTempFolder(), 'mlflow.db');
  await server.openStore({ path, create: true });
  const connection = connect(server, path);
  await whenState(connection, 'ready');
  await connection.tracking.createExperiment({ name: 'wine' });
  const reset = nextEvent(connection, 'reset');
  if (server.state.kind !== 'running') throw new Error('The server runs');
  process.kill(server.state.pid, 'SIGKILL');
  await reset;
  expect(connection.state.kind).toBe('ready');
  expect(await connection.tracking.getExperimentByName('wine')).toMatchObject({ name: 'wine' });
});
