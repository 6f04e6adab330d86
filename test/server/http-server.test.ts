import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createHttpServer, type Fetch } from '../../extension/server/http-server.ts';
import type { BodyPace } from '../../extension/server/slow-bodies.ts';
import type { Logger } from '../../extension/shared/logger.ts';
import { silentLogger } from '../../extension/shared/logger.ts';

const echoPath: Fetch = (request) => new Response(new URL(request.url).pathname);

const listen = async (log: Logger = silentLogger, fetch = echoPath, pace?: BodyPace): Promise<number> => {
  const server = createHttpServer(fetch, { log, ...(pace && { pace }) });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Sends the bytes as they are and hands back the whole answer. */
const sendRaw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject);
  });

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

test.each([
  ['//evil/x', 400],
  ['http://evil/x', 400],
  ['/a\\..\\b', 400],
  ['/api/2.0/mlflow-artifacts/artifacts/a/../b', 400],
  ['/api/2.0/mlflow-artifacts/artifacts/%2e%2E/b', 400],
  ['/workbench/v1/artifacts/.%2e', 400],
  ['/api/2.0/mlflow/../', 404],
  ['/api/2.0/mlflow/runs/../experiments/search', 404],
  ['/api/%2e%2E/b', 404],
  ['/.', 404],
  ['/a/.%2e', 404],
])('the target %s is refused before a URL parser resolves it: %i, in JSON', async (target, status) => {
  const answer = await sendRaw(await listen(), get(target));
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain(`{"error_code":"${status === 404 ? 'ENDPOINT_NOT_FOUND' : 'INVALID_PARAMETER_VALUE'}"`);
});

test('a target without a slash is refused', async () => {
  expect(await sendRaw(await listen(), get('x'))).toMatch(/^HTTP\/1\.1 400 /);
});

test.each(['/', '/a/b?x=../y', '/a/..b', '/a/%2f'])('the target %s is answered', async (target) => {
  expect(await sendRaw(await listen(), get(target))).toMatch(/^HTTP\/1\.1 200 /);
});

test.each(['Content-Length: 1000000', 'Transfer-Encoding: chunked'])('a body that stops coming is a 408, and the connection ends: %s', async (length) => {
  const read: string[] = [];
  const app: Fetch = async (request) => {
    await request.text().catch((error: unknown) => read.push(String(error)));
    return new Response('too late');
  };
  const port = await listen(silentLogger, app, { interval: 50, bytes: 1 });
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n1\r\n{`));
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"error_code":"REQUEST_TIMEOUT"/);
  expect(answer).not.toContain('too late');
  expect(read).toHaveLength(1);
});

test('a body that comes at some pace may take as long as it wants', async () => {
  const app: Fetch = async (request) => new Response(String((await request.text()).length));
  const port = await listen(silentLogger, app, { interval: 500, bytes: 1 });
  const answer = await new Promise<string>((resolve, reject) => {
    let [text, sent] = ['', 0];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 20\r\n\r\n');
      const timer = setInterval(() => (socket.write('x'), (sent += 1) === 20 && clearInterval(timer)), 50);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*20/);
});

test('a head of more than 16 KB is refused, and others are served', async () => {
  const port = await listen();
  expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await sendRaw(port, get('/'))).toMatch(/^HTTP\/1\.1 200 /);
});

test('requests sent at once on one connection are answered in their order', async () => {
  const answer = await sendRaw(await listen(), ['/first', '/second', '/third'].map((target) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  expect([...answer.matchAll(/\/(?:first|second|third)/g)].map(([path]) => path)).toEqual(['/first', '/second', '/third']);
});

test('a client that asks before it sends its body is told to go on', async () => {
  const port = await listen(silentLogger, async (request) => new Response(await request.text()));
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 4\r\n\r\n';
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith('HTTP/1.1 100 Continue\r\n\r\n')) socket.write('body');
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [^]*body/);
});

test('hundreds of connections that say nothing keep nobody from being served; there is a limit to them', async () => {
  const port = await listen();
  const idle = await Promise.all(
    Array.from(
      { length: 900 },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket));
          socket.on('error', () => {});
        }),
    ),
  );
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  expect(await sendRaw(port, get('/a'))).toMatch(/^HTTP\/1\.1 200 /);
  const more = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  onTestFinished(() => more.forEach((socket) => socket.destroy()));
  await Promise.race(more.map((socket) => new Promise((resolve) => void socket.resume().on('close', resolve))));
  for (const socket of idle) socket.destroy();
  await vi.waitFor(async () => expect(await sendRaw(port, get('/b'))).toMatch(/^HTTP\/1\.1 200 /), { timeout: 60_000 });
});

test('each request is one line at debug level, without its query', async () => {
  const lines: string[] = [];
  const port = await listen({ ...silentLogger, debug: (line) => lines.push(line) });
  await sendRaw(port, get('/a?token=secret'));
  expect(lines).toEqual([expect.stringMatching(/^GET \/a 200 [\d.]+ ms$/)]);
});
