import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { answerDirectly } from '../../extension/server/direct-endpoints.ts';
import type { ReadReply, ReadRequest } from '../../extension/server/reader-protocol.ts';
import { createHttpServer, type Fetch } from '../../extension/server/http-server.ts';
import { directAnswers } from '../../extension/server/store-app.ts';
import { endpoint } from '../../extension/shared/endpoint.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { startTcpServer } from '../support/tcp-server.ts';

const echo = endpoint({ method: 'POST', path: '/runs/echo', fields: { run_id: { type: 'string', required: true } }, handle: (asked) => asked });
const failing = endpoint({
  method: 'POST',
  path: '/runs/fail',
  fields: {},
  handle: () => {
    throw new TypeError('secret detail');
  },
});
const asked = endpoint({ method: 'GET', path: '/runs/asked', fields: { run_id: { type: 'string' } }, handle: (request) => request });
const others = [
  asked,
  { ...echo, path: '/runs/search' },
  { ...asked, path: '/metrics/get-history' },
  { ...echo, method: 'PATCH', path: '/runs/patch' },
  { ...echo, path: '/runs/:run_id/echo' },
] as const;

const api = '/api/2.0/mlflow';

interface Sent {
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Reply {
  readonly status: number;
  readonly type: string | undefined;
  readonly sniff: string | undefined;
  readonly body: string;
}

/** With its length, or in chunks. */
const send = (port: number, { path, body, method = 'POST', headers = {} }: Sent, isMeasured = true): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const length = isMeasured ? { 'content-length': String(Buffer.byteLength(body)) } : { 'transfer-encoding': 'chunked' };
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: { 'content-type': 'application/json', ...length, ...headers } }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const { 'content-type': type, 'x-content-type-options': sniff } = incoming.headers;
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, type, sniff: typeof sniff === 'string' ? sniff : undefined, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });

/** Beside an app that says so when it is asked. */
const listen = async (onGone = (): void => {}): Promise<number> => {
  const parts = {
    endpoints: [echo, failing, ...others],
    binaryRoutes: [],
    routes: [],
    log: silentLogger,
    readBeside: async ({ target, body }: ReadRequest, signal: AbortSignal): Promise<ReadReply> => {
      if (target.includes('slow'))
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => (onGone(), reject(new Error('nobody waits')))));
      if (target.includes('gone')) throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'A reader thread has ended');
      return { status: 200, contentType: 'application/json', body: new TextEncoder().encode(JSON.stringify([target, body, signal.aborted])).buffer };
    },
  };
  const app: Fetch = () => new Response('by the app');
  const server = createHttpServer(app, { log: silentLogger, direct: answerDirectly(directAnswers(parts, '/stores/s'), '/stores/s', silentLogger) });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

test('JSON of a known length that is posted to a fixed path needs no app', async () => {
  const port = await listen();
  const json = { type: 'application/json', sniff: 'nosniff' };
  for (const prefix of ['/api', '/ajax-api'])
    expect(await send(port, { path: `/stores/s${prefix}/2.0/mlflow/runs/echo`, body: '\ufeff{"run_id":"é"}' })).toEqual({
      status: 200,
      ...json,
      body: '{"run_id":"é"}',
    });
  expect(await send(port, { path: `/stores/s${api}/runs/echo`, body: '{}' })).toMatchObject({ status: 400, ...json });
  const failed = await send(port, { path: `/stores/s${api}/runs/fail`, body: '{}' });
  expect(failed).toMatchObject({ status: 500, ...json, body: expect.stringContaining('INTERNAL_ERROR') });
  expect(failed.body).not.toContain('secret');
});

test('what is read from a fixed path needs none either, with a query', async () => {
  const port = await listen();
  const read = (path: string): Promise<Reply> => send(port, { path: `/stores/s${api}${path}`, method: 'GET', body: '' });
  expect(await read('/runs/asked?run_id=a%26b&run_id=c')).toMatchObject({ status: 200, body: '{"run_id":"a&b"}' });
  expect(await read('/runs/asked')).toMatchObject({ status: 200, body: '{}' });
});

test('what takes time is asked of a thread, below the store’s own path', async () => {
  const port = await listen();
  const found = await send(port, { path: `/stores/s${api}/runs/search`, body: '{"max_results":1}' });
  expect(found).toEqual({ status: 200, type: 'application/json', sniff: 'nosniff', body: JSON.stringify([`${api}/runs/search`, '{"max_results":1}', false]) });
  const history = await send(port, { path: `/stores/s${api}/metrics/get-history?run_id=r`, method: 'GET', body: '' });
  expect(JSON.parse(history.body)).toEqual([`${api}/metrics/get-history?run_id=r`, '', false]);
  const gone = await send(port, { path: `/stores/s${api}/metrics/get-history?run_id=gone`, method: 'GET', body: '' });
  expect(gone).toMatchObject({ status: 503, body: expect.stringContaining('TEMPORARILY_UNAVAILABLE') });
});

test('what takes time is given up when its client goes', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const port = await listen(resolve);
  const socket = connect(port, '127.0.0.1', () =>
    socket.write(`GET /stores/s${api}/metrics/get-history?run_id=slow HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, () => socket.destroy()),
  );
  await gone;
});

test.each<[string, Partial<Sent>, boolean?]>([
  ['in chunks', {}, false],
  ['packed', { headers: { 'content-encoding': 'gzip' } }],
  ['with a query', { path: `/stores/s${api}/runs/echo?x=1` }],
  ['of another store', { path: `${api}/runs/echo` }],
  ['in another verb', { method: 'PATCH', path: `/stores/s${api}/runs/patch` }],
  ['to a path with an id', { path: `/stores/s${api}/runs/r/echo` }],
  ['to be read, with a body', { path: `/stores/s${api}/runs/asked`, method: 'GET' }],
  ['of more than 4 MB', { body: 'x'.repeat(5_000_000) }],
])('what is sent %s is for the app', async (_how, sent, isMeasured) => {
  expect((await send(await listen(), { path: `/stores/s${api}/runs/echo`, body: '{"run_id":"r"}', ...sent }, isMeasured)).body).toBe('by the app');
});

test('both ways give the same answers', async () => {
  const { port } = await startTcpServer();
  for (const sent of [
    { path: '/experiments/create', body: '{"name":"a"}' },
    { path: '/experiments/create', body: '{"name":"a"}' },
    { path: '/runs/log-metric', body: '{"run_id":"nobody","key":"m","value":1,"timestamp":1}' },
    { path: '/runs/log-batch', body: '{"run_id":' },
    { path: '/runs/log-batch', body: Buffer.from([0x7b, 0xff, 0x7d]) },
    { path: '/runs/set-tag', body: '{}', headers: { 'content-type': 'text/plain' } },
    { path: '/runs/delete', body: '' },
  ]) {
    const [direct, byApp] = [await send(port, { ...sent, path: api + sent.path }), await send(port, { ...sent, path: api + sent.path }, false)];
    if (direct.status === 200) expect(byApp).toMatchObject({ status: 400, body: expect.stringContaining('RESOURCE_ALREADY_EXISTS') });
    else expect(direct).toEqual(byApp);
  }
});

test('a client that goes away in the middle of a body changes nothing, and others are served', async () => {
  const { port } = await startTcpServer();
  const head = `POST ${api}/experiments/create HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`;
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${head}{"name":"half"}`));
    socket.resume().on('close', () => resolve());
  });
  expect((await send(port, { path: `${api}/experiments/create`, body: '{"name":"half"}' })).status).toBe(200);
});
