import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpClient } from '../../extension/shared/http.ts';
import { fetchClient, socketClient } from '../../extension/shared/rest-client.ts';
import { newTempFolder } from '../support/store-database.ts';

const listen = async (listener: RequestListener, address: string | number): Promise<AddressInfo | string | null> => {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  return server.address();
};

const overSocket = async (listener: RequestListener): Promise<HttpClient> => {
  const path = join(newTempFolder(), 's');
  await listen(listener, path);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return socketClient(path, '/base', agent);
};

const overFetch = async (listener: RequestListener): Promise<HttpClient> => {
  const address = await listen(listener, 0);
  if (typeof address === 'string' || address === null) throw new Error('no port');
  return fetchClient(`http://127.0.0.1:${address.port}/base/`, () => ({ authorization: 'Bearer t' }));
};

describe.each([
  ['a socket', overSocket],
  ['fetch', overFetch],
])('a client over %s', (_name, connect) => {
  test('sends path, query and JSON, and reads a JSON object', async () => {
    const client = await connect((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => response.end(JSON.stringify({ url: request.url, type: request.headers['content-type'], body })));
    });
    const reply = await client.json({ method: 'POST', path: '/x', query: { a: [1, 2].map(String), none: undefined, b: 'ä&' }, json: { text: 'ü' } });
    expect(reply).toEqual({ url: '/base/x?a=1&a=2&b=%C3%A4%26', type: 'application/json', body: '{"text":"ü"}' });
  });

  test('reads an empty body as an empty object, and the bare NaN of MLflow as text', async () => {
    const client = await connect((request, response) => response.end(request.url === '/base/nan' ? '{"value": NaN, "note": "x: NaN"}' : ''));
    expect(await client.json({ method: 'GET', path: '/empty' })).toEqual({});
    expect(await client.json({ method: 'GET', path: '/nan' })).toEqual({ value: 'NaN', note: 'x: NaN' });
  });

  test('reads bytes and streams', async () => {
    const client = await connect((_request, response) => response.end(Uint8Array.of(1, 2, 3)));
    expect(new Uint8Array(await client.bytes({ method: 'GET', path: '/' }))).toEqual(Uint8Array.of(1, 2, 3));
    const chunks: number[] = [];
    for await (const chunk of await client.stream({ method: 'GET', path: '/' })) chunks.push(...chunk);
    expect(chunks).toEqual([1, 2, 3]);
  });

  test('throws the code and message of the server', async () => {
    const client = await connect((_request, response) =>
      response.writeHead(404).end(JSON.stringify({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no run' })),
    );
    await expect(client.json({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST', message: 'no run' });
  });

  test('says by the status what a server without MLflow errors means', async () => {
    const client = await connect((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><title>Bad gateway</title></html>'),
    );
    await expect(client.json({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      message: 'The server answered 502: Bad gateway',
    });
  });

  test('names a web page that stands where MLflow should', async () => {
    const client = await connect((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Sign in</title>'));
    await expect(client.json({ method: 'GET', path: '/' })).rejects.toMatchObject({ message: 'This is a web page, not an answer of MLflow: Sign in' });
  });

  test('tells an answer that breaks off, and one that never comes', async () => {
    const client = await connect((request, response) => {
      if (request.url === '/base/none') request.socket.destroy();
      else response.writeHead(200, { 'content-length': '100' }).write('{', () => request.socket.destroy());
    });
    await expect(client.json({ method: 'GET', path: '/cut' })).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    await expect(client.json({ method: 'GET', path: '/none' })).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  });

  test('gives up when it is told to', async () => {
    const abort = new AbortController();
    const client = await connect(() => abort.abort());
    await expect(client.json({ method: 'GET', path: '/', signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
