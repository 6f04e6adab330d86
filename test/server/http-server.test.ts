import { connect, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer, isPlainTarget } from '../../extension/server/http-server.ts';
import type { Logger } from '../../extension/shared/logger.ts';
import { silentLogger } from '../../extension/shared/logger.ts';

const listen = async (log: Logger = silentLogger): Promise<number> => {
  const server = createHttpServer((request) => new Response(new URL(request.url).pathname), log);
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

test.each(['/a/../b', '/a/%2e%2E/b', '/.', '/a/.%2e', '//evil/x', 'http://evil/x', '/a\\..\\b', 'x'])(
  'the target %s is refused before a URL parser resolves it',
  async (target) => {
    expect(isPlainTarget(target)).toBe(false);
    expect(await sendRaw(await listen(), get(target))).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test.each(['/', '/a/b?x=../y', '/a/..b', '/a/%2f'])('the target %s is answered', async (target) => {
  expect(await sendRaw(await listen(), get(target))).toMatch(/^HTTP\/1\.1 200 /);
});

test('a head of more than 16 KB is refused, and others are served', async () => {
  const port = await listen();
  expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await sendRaw(port, get('/'))).toMatch(/^HTTP\/1\.1 200 /);
});

test('each request is one line at debug level, without its query', async () => {
  const lines: string[] = [];
  const port = await listen({ ...silentLogger, debug: (line) => lines.push(line) });
  await sendRaw(port, get('/a?token=secret'));
  expect(lines).toEqual([expect.stringMatching(/^GET \/a 200 [\d.]+ ms$/)]);
});
