import { request, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { TcpServer, type TcpServerOptions } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { newTempFolder } from '../support/store-database.ts';

const token = 'a-token-of-our-own-0123456789';

const startServer = async (options: Partial<TcpServerOptions> = {}): Promise<TcpServer> => {
  const folder = newTempFolder();
  const places = { path: join(folder, 'mlflow.db'), artifactRoot: 'mlflow-artifacts:/', artifactsDestination: join(folder, 'mlartifacts') };
  const server = await TcpServer.start({ ...places, token, host: '127.0.0.1', port: 0, log: silentLogger, ...options });
  onTestFinished(() => server.dispose());
  return server;
};

const portOf = (server: TcpServer): number => Number(new URL(server.url).port);

/** fetch would not let us choose Host. */
const statusOf = async (server: TcpServer, method: string, path: string, headers: Record<string, string>): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options: RequestOptions = { host: '127.0.0.1', port: portOf(server), method, path, headers, agent: false };
  request(options, (response) => resolve(response.resume().statusCode ?? 0))
    .on('error', reject)
    .end();
  return promise;
};

const bearer = { authorization: `Bearer ${token}` };
const basic = (text: string): { authorization: string } => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe('every route is refused', () => {
  test('without a token, with a wrong one, under a wrong name, and to foreign pages', async () => {
    const server = await startServer();
    const host = `127.0.0.1:${portOf(server)}`;
    const concrete = [...new Set(server.routes.map(({ path }) => path.replaceAll(/:\w+/g, 'x').replace('*', 'x')))];
    expect(concrete.length).toBeGreaterThan(40);
    for (const path of concrete) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const ask = (headers: Record<string, string>): Promise<number> => statusOf(server, method, path, { host, ...headers });
        expect.soft([await ask({}), await ask({ authorization: 'Bearer wrong' })], `${method} ${path}`).toEqual([401, 401]);
        expect
          .soft([await ask({ ...bearer, host: 'evil.example' }), await ask({ ...bearer, origin: 'http://evil.example' })], `${method} ${path}`)
          .toEqual([403, 403]);
      }
    }
  });
});

describe('the gate', () => {
  const health = (server: TcpServer, headers: Record<string, string>): Promise<number> =>
    statusOf(server, 'GET', '/health', { host: `localhost:${portOf(server)}`, ...bearer, ...headers });

  test('lets in who has the token, as bearer or as password', async () => {
    const server = await startServer();
    expect(await health(server, {})).toBe(200);
    expect(await health(server, basic(`anybody:${token}`))).toBe(200);
    expect(await health(server, basic(`${token}:`))).toBe(401);
    expect(await health(server, { authorization: token })).toBe(401);
    expect(await statusOf(server, 'GET', `/health?token=${token}`, { host: `localhost:${portOf(server)}` })).toBe(401);
  });

  test.each(['evil.example', 'evil.example:PORT', 'localhost', 'localhost.:PORT', '127.0.0.1.nip.io', '127.0.0.1.nip.io:PORT', 'localhost:1'])(
    'refuses the host %j, health included',
    async (name) => {
      const server = await startServer();
      expect(await health(server, { host: name.replace('PORT', String(portOf(server))) })).toBe(403);
    },
  );

  test('takes loopback names with its port', async () => {
    const server = await startServer();
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) expect(await health(server, { host: `${name}:${portOf(server)}` })).toBe(200);
  });

  test('takes exactly the allowed names, with its port or without', async () => {
    const server = await startServer({ allowedHosts: ['mlflow.example.org', 'proxy:8443'] });
    const statuses = await Promise.all(
      ['mlflow.example.org', `mlflow.example.org:${portOf(server)}`, 'proxy:8443', 'proxy', 'x.mlflow.example.org', `localhost:${portOf(server)}`].map((host) =>
        health(server, { host }),
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 403, 403, 403]);
  });

  test('lets nobody in with the token of another server, and logs no token that anybody sends', async () => {
    const lines: string[] = [];
    const note = (line: string): void => void lines.push(line);
    const server = await startServer({ log: { error: note, warn: note, info: note, debug: note } });
    const other = 'the-token-of-another-server-9876543210';
    await startServer({ token: other });
    const host = `localhost:${portOf(server)}`;
    for (const headers of [{ authorization: `Bearer ${other}` }, basic(`anybody:${other}`), bearer, {}])
      await statusOf(server, 'GET', `/health?token=${token}&access_token=${other}`, { host, ...headers });
    expect(await health(server, { authorization: `Bearer ${other}` })).toBe(401);
    expect(await health(server, basic(`anybody:${other}`))).toBe(401);
    await expect.poll(() => lines.length).toBeGreaterThanOrEqual(6);
    for (const secret of [token, other]) {
      expect(lines.join('\n')).not.toContain(secret);
      expect(lines.join('\n')).not.toContain(basic(`anybody:${secret}`).authorization.slice('Basic '.length));
    }
  });

  test.each(['null', 'http://localhost:1', 'http://evil.example', 'vscode-webview://x'])('refuses the origin %s', async (origin) => {
    expect(await health(await startServer(), { origin })).toBe(403);
  });

  test('takes its own origin, and no other site', async () => {
    const server = await startServer();
    expect(await health(server, { origin: `http://localhost:${portOf(server)}` })).toBe(200);
    expect(await health(server, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await health(server, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await health(server, { 'sec-fetch-site': 'same-site' })).toBe(403);
  });

  test.each(['Host: localhost\r\nHost: evil.example\r\n', 'Host:\r\n', ''])('refuses requests without exactly one host: %j', async (hosts) => {
    const server = await startServer({ token: undefined });
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(portOf(server), '127.0.0.1', () => socket.end(`GET /health HTTP/1.1\r\n${hosts}\r\n`));
    socket.setEncoding('utf8').on('data', resolve);
    expect(await promise).toMatch(/^HTTP\/1\.1 40[03] /);
  });
});

describe('a server beyond this machine', () => {
  test.each([
    [{ token: undefined }, 'needs a token'],
    [{}, 'needs the names'],
    [{ allowedHosts: ['*.example.org'] }, 'without wildcards'],
  ])('is not started with %j', async (options, message) => {
    await expect(startServer({ host: '0.0.0.0', ...options })).rejects.toThrow(message);
  });
});

test('a port that is taken is said in words', async () => {
  const server = await startServer();
  await expect(startServer({ port: portOf(server) })).rejects.toThrow(`Cannot listen on 127.0.0.1:${portOf(server)}`);
});
