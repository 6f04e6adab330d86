import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { ServerProcess, type ServerState } from '../../extension/shared/server-process.ts';
import { newTempFolder } from '../support/store-database.ts';

const script = fileURLToPath(new URL('../../extension/server/main.ts', import.meta.url));

const newServer = (): ServerProcess => {
  const server = new ServerProcess(script, silentLogger);
  onTestFinished(() => server.dispose());
  return server;
};

const nextState = (server: ServerProcess, kind: ServerState['kind']): Promise<ServerState> =>
  new Promise((resolve) => {
    const subscription = server.onDidChangeState((state) => {
      if (state.kind !== kind) return;
      subscription.dispose();
      resolve(state);
    });
  });

const pidOf = (state: ServerState): number => (state.kind === 'running' ? state.pid : Number.NaN);

test('opens a store once, and answers below its root', async () => {
  const server = newServer();
  const path = join(newTempFolder(), 'mlflow.db');
  const first = await server.openStore({ path, create: true });
  const second = await server.openStore({ path });
  expect(first.reply).toEqual({ storeId: second.reply.storeId, kind: 'sqlite', path, revision: 'bda7b8c39065' });
  expect(await first.http.json({ method: 'GET', path: '/workbench/v1/capabilities' })).toEqual({ protocol: 2, events: true, histories: true, runSearch: true });
});

test('leaves its compiled code for the next start', async () => {
  const compiled = join(newTempFolder(), 'compiled');
  const server = new ServerProcess(script, silentLogger, compiled);
  await server.openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true });
  const pid = pidOf(server.state);
  server.dispose();
  await expect.poll(() => identify(pid)).toBe(undefined);
  expect(readdirSync(compiled, { recursive: true }).length).toBeGreaterThan(1);
});

test('rejects a file that is no store with the reason, and goes on', async () => {
  const server = newServer();
  const path = join(newTempFolder(), 'notes.txt');
  writeFileSync(path, 'just some notes, nothing else');
  await expect(server.openStore({ path })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message: `${path} is not a SQLite database` });
  expect(server.state.kind).toBe('running');
});

test('is started again after a crash with its stores, and requests wait for it', async () => {
  const server = newServer();
  const { http } = await server.openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true });
  const pid = pidOf(server.state);
  const restarted = nextState(server, 'running');
  process.kill(pid, 'SIGKILL');
  expect(pidOf(await restarted)).not.toBe(pid);
  expect(await http.json({ method: 'GET', path: '/workbench/v1/capabilities' })).toMatchObject({ protocol: 2 });
});

test('says what its program wrote when it does not start', async () => {
  const script = join(newTempFolder(), 'broken.cjs');
  writeFileSync(script, 'throw new Error("no native module")');
  const server = new ServerProcess(script, silentLogger);
  onTestFinished(() => server.dispose());
  await expect(server.openStore({ path: '/x.db' })).rejects.toMatchObject({
    code: 'TEMPORARILY_UNAVAILABLE',
    message: expect.stringContaining('no native module'),
  });
  expect(server.state.kind).toBe('failed');
});

test('ends with its owner', async () => {
  const server = newServer();
  await server.openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true });
  const pid = pidOf(server.state);
  server.dispose();
  await expect.poll(() => identify(pid)).toBe(undefined);
});

test('a closed store is gone, the others stay', async () => {
  const server = newServer();
  const folder = newTempFolder();
  const first = await server.openStore({ path: join(folder, 'a.db'), create: true });
  const second = await server.openStore({ path: join(folder, 'b.db'), create: true });
  await server.closeStore(first.reply.storeId);
  await expect(first.http.json({ method: 'GET', path: '/workbench/v1/capabilities' })).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  expect(await second.http.json({ method: 'GET', path: '/workbench/v1/capabilities' })).toMatchObject({ protocol: 2 });
});

/** Server-sent events as they come, comments left out; `onListening` is called at the first comment. */
async function* eventsOf(http: HttpClient, signal: AbortSignal, onListening: () => void): AsyncGenerator<StoreEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of await http.stream({ method: 'GET', path: '/workbench/v1/events', signal })) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      if (message.startsWith('data: ')) yield JSON.parse(message.slice('data: '.length)) as StoreEvent;
      else onListening();
    }
  }
}

test('what another program writes into the file is told as an event', async () => {
  const server = newServer();
  const path = join(newTempFolder(), 'mlflow.db');
  const { http } = await server.openStore({ path, create: true });
  const other = new Database(path);
  onTestFinished(() => void other.close());
  const abort = new AbortController();
  const write = (): void => void other.exec("INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (1, 'new', 'active')");
  for await (const event of eventsOf(http, abort.signal, write)) {
    expect(event).toEqual({ type: 'experiments' });
    break;
  }
  abort.abort();
});
