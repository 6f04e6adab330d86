import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

import { silentLogger } from '../../extension/shared/logger.ts';
import { RemoteConnection, type RemoteConnectionOptions } from '../../extension/tracking/remote-connection.ts';
import { connectRemote, whenRemoteState } from '../support/remote-store.ts';

const listen = async (answer: RequestListener): Promise<{ readonly url: string; close(): void }> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

const watched = { isThere: () => true, onDidReturn: () => ({ dispose: () => {} }) };

const connect = (options: Pick<RemoteConnectionOptions, 'address' | 'namedBy' | 'headers'>): RemoteConnection => {
  const connection = new RemoteConnection({ ...options, label: 'server', attention: watched, log: silentLogger, interval: 50, firstPause: 1 });
  onTestFinished(() => connection.dispose());
  return connection;
};

const empty: RequestListener = (_, response) => void response.setHeader('content-type', 'application/json').end('{}');

test('a server that asks for a password says so', async () => {
  const { url } = await listen((_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end('who are you?'));
  expect(await whenRemoteState(connectRemote(url).connection, 'failed')).toMatchObject({ message: expect.stringContaining('sign in') });
});

test('what is not MLflow says what it is', async () => {
  const { url } = await listen((_, response) => void response.setHeader('content-type', 'text/html').end('<title>Welcome to nginx!</title>'));
  expect(await whenRemoteState(connectRemote(url).connection, 'failed')).toMatchObject({ message: expect.stringContaining('Welcome to nginx!') });
});

test('a server that goes away shows its reason, and everything is read again when it is back', async () => {
  let isBroken = false;
  const { url } = await listen((request, response) => (isBroken ? void response.writeHead(503).end('be right back') : empty(request, response)));
  const { connection, events } = connectRemote(url);
  await whenRemoteState(connection, 'ready');
  isBroken = true;
  expect(await whenRemoteState(connection, 'failed')).toMatchObject({ message: expect.stringContaining('be right back') });
  const before = events.length;
  isBroken = false;
  await whenRemoteState(connection, 'ready');
  expect(events.slice(before)).toEqual([{ type: 'reset' }]);
});

test('a token that is revoked in the middle of a session leads to the sign-in, without asking on and on, and a new one goes on', async () => {
  let valid = 'old';
  let refused = 0;
  const { url } = await listen((request, response) => {
    if (request.headers.authorization === `Bearer ${valid}`) return empty(request, response);
    refused += 1;
    response.writeHead(401).end('revoked');
  });
  let token = 'old';
  const headers = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${token}` });
  const connection = connect({ address: { kind: 'server', url }, headers });
  await whenRemoteState(connection, 'ready');
  valid = 'new';
  expect(await whenRemoteState(connection, 'failed')).toMatchObject({ message: expect.stringContaining('sign in') });
  expect(refused).toBeLessThan(5);
  await expect(connection.tracking.searchExperiments({ maxResults: 1 })).rejects.toThrow(/sign in|revoked/i);
  token = 'new';
  connection.open();
  await whenRemoteState(connection, 'ready');
});

test('a server is asked while somebody looks, and not otherwise', async () => {
  let requests = 0;
  const { url } = await listen((request, response) => {
    requests += 1;
    empty(request, response);
  });
  let isThere = false;
  const returns: (() => void)[] = [];
  const attention = {
    isThere: () => isThere,
    onDidReturn: (listener: () => void) => {
      returns.push(listener);
      return { dispose: () => {} };
    },
  };
  const connection = new RemoteConnection({ address: { kind: 'server', url }, label: 'server', attention, log: silentLogger, interval: 1 });
  onTestFinished(() => connection.dispose());
  await whenRemoteState(connection, 'ready');
  const first = requests;
  for (let round = 0; round < 20; round++) await fetch(url);
  expect(requests).toBe(first + 20);
  isThere = true;
  for (const listener of returns) listener();
  await expect.poll(() => requests).toBeGreaterThan(first + 20);
});

test('a server that a file names is asked nothing before somebody agrees, whatever is wanted of it', async () => {
  const requests: string[] = [];
  const { url } = await listen((request, response) => {
    requests.push(request.url ?? '');
    empty(request, response);
  });
  const connection = connect({ address: { kind: 'server', url }, namedBy: '.env' });
  expect(connection.state).toEqual({ kind: 'failed', message: '.env names this server. Nothing has been asked of it yet', needsAgreement: true });
  connection.open();
  await expect(connection.tracking.searchExperiments({ maxResults: 1 })).rejects.toThrow('connect to it first');
  await expect(connection.runCounts()).rejects.toThrow('connect to it first');
  expect(requests).toEqual([]);
  connection.agree();
  await whenRemoteState(connection, 'ready');
  expect(requests).not.toEqual([]);
});

test('a workspace goes along with each request, and a server without workspaces says that it has none', async () => {
  let hasWorkspaces = true;
  const asked = new Set<unknown>();
  const { url } = await listen((request, response) => {
    asked.add(request.headers['x-mlflow-workspace']);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/api/3.0/mlflow/server-info' ? { workspaces_enabled: hasWorkspaces } : {}));
  });
  const address = { kind: 'server', url, workspace: 'team-a' } as const;
  await whenRemoteState(connect({ address }), 'ready');
  expect([...asked]).toEqual(['team-a']);
  hasWorkspaces = false;
  expect(await whenRemoteState(connect({ address }), 'failed')).toMatchObject({ message: expect.stringContaining('It has no workspaces') });
});
