import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';
import { endpoint } from '../../extension/shared/endpoint.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createStoreApp } from '../../extension/server/store-app.ts';

const echo = endpoint({ method: 'POST', path: '/runs/echo', fields: { run_id: { type: 'string', required: true } }, handle: (request) => request });
const patched = { ...echo, method: 'PATCH', path: '/runs/patched' } as const;
const deleted = { ...echo, method: 'DELETE', path: '/runs/deleted' } as const;
const lost = endpoint({
  method: 'GET',
  path: '/runs/:run_id/lost',
  fields: { run_id: { type: 'string' } },
  handle: ({ run_id }) => {
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run '${run_id}' not found`);
  },
});
const broken = endpoint({
  method: 'GET',
  path: '/broken',
  ajaxOnly: true,
  fields: {},
  handle: () => {
    throw new TypeError('secret detail');
  },
});

const app = createStoreApp(
  {
    endpoints: [echo, patched, deleted, lost, broken],
    binaryRoutes: [{ method: 'GET', path: '/files/*', handle: ({ rawPath, query }) => Promise.resolve(new Response(`${rawPath} ${query.get('q')}`)) }],
    routes: [],
    log: silentLogger,
  },
  '/stores/s',
);

const ask = async (path: string, init?: RequestInit): Promise<{ status: number; body: string; headers: Headers }> => {
  const response = await app.request(`/stores/s${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
};

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('the app of a store', () => {
  test.each(['/api/2.0/mlflow/runs/echo', '/ajax-api/2.0/mlflow/runs/echo'])('answers an endpoint at %s', async (path) => {
    expect(await post(path, '{"run_id":"r"}')).toMatchObject({ status: 200, body: '{"run_id":"r"}' });
  });

  test('answers health and version as text', async () => {
    expect(await ask('/health')).toMatchObject({ status: 200, body: 'OK' });
    expect((await ask('/version')).body).toMatch(/^3\.\d+\.\d+$/);
  });

  test('turns failures into MLflow errors with their status', async () => {
    const { status, body, headers } = await ask('/api/2.0/mlflow/runs/a%2Fb/lost');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: "Run 'a/b' not found" });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('keeps details of its own mistakes to the log', async () => {
    const { status, body } = await ask('/ajax-api/2.0/mlflow/broken');
    expect(status).toBe(500);
    expect(body).not.toContain('secret');
  });

  test('says in JSON that a path or a method is unknown', async () => {
    expect(await ask('/api/2.0/mlflow/nothing')).toMatchObject({ status: 404, body: expect.stringContaining('ENDPOINT_NOT_FOUND') });
    expect(await ask('/api/2.0/mlflow/broken')).toMatchObject({ status: 404 });
    const wrong = await ask('/api/2.0/mlflow/runs/echo');
    expect(wrong).toMatchObject({ status: 405, body: expect.stringContaining('ENDPOINT_NOT_FOUND') });
    expect(wrong.headers.get('allow')).toBe('POST');
  });

  test('hands the rest of a path on as it came, encoded', async () => {
    expect((await ask('/files/a%2Fb/c%20d?q=1')).body).toBe('a%2Fb/c%20d 1');
  });

  test('refuses bodies that are too large, compressed in a way of their own, or not JSON', async () => {
    expect(await post('/api/2.0/mlflow/runs/echo', 'x'.repeat(33 * 1024 * 1024))).toMatchObject({ status: 413 });
    expect(await post('/api/2.0/mlflow/runs/echo', '{}', { 'content-encoding': 'br' })).toMatchObject({ status: 415 });
    expect(await post('/api/2.0/mlflow/runs/echo', '{', {})).toMatchObject({ status: 400 });
  });

  test.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    null,
  ])('takes JSON only where JSON is due, in all verbs: %s is a 415', async (type) => {
    for (const [method, path] of [
      ['POST', '/api/2.0/mlflow/runs/echo'],
      ['PATCH', '/ajax-api/2.0/mlflow/runs/patched'],
      ['DELETE', '/api/2.0/mlflow/runs/deleted'],
    ] as const) {
      const body = new TextEncoder().encode('{"run_id":"r"}');
      const reply = await ask(path, { method, body, headers: type === null ? {} : { 'content-type': type } });
      expect.soft(reply, `${method} ${path}`).toMatchObject({ status: 415, body: expect.stringContaining('"error_code":"UNSUPPORTED_MEDIA_TYPE"') });
    }
  });

  test('unpacks gzip, and refuses what becomes too large as soon as it does', async () => {
    const send = (body: Uint8Array<ArrayBuffer>): Promise<{ readonly status: number; readonly body: string }> =>
      ask('/api/2.0/mlflow/runs/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    expect(await send(gzipSync('{"run_id":"r"}'))).toMatchObject({ status: 200, body: '{"run_id":"r"}' });
    const bomb = gzipSync(Buffer.alloc(2 ** 28, ' '));
    const before = process.memoryUsage.rss();
    expect(await send(bomb)).toMatchObject({ status: 413, body: expect.stringContaining('larger than') });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
    expect(await send(Buffer.from('{"run_id":"r"}'))).toMatchObject({ status: 400, body: expect.stringContaining('INVALID_PARAMETER_VALUE') });
  });

  test('refuses a body without a length as soon as it is too large', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
      },
    });
    const response = await app.request('/stores/s/api/2.0/mlflow/runs/echo', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(40);
  });
});
