import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { openStore, type OpenStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { again } from '../support/again.ts';
import { pick } from '../support/replay.ts';
import { newTempFolder } from '../support/store-database.ts';
import { startTcpServer } from '../support/tcp-server.ts';

const newStore = (): OpenStore => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return store;
};

const post = async (store: OpenStore, path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }> => {
  const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const reply = await store.app.request(`/api/2.0/mlflow${path}`, init);
  return { status: reply.status, body: await reply.json() };
};

describe('names of experiments', () => {
  test.each([
    ['x'.repeat(1_000_000), /exceeds the maximum length of 500/],
    ['', /Missing value for required parameter 'name'/],
    ['x'.repeat(501), /exceeds the maximum length of 500/],
  ])('are refused with the limit: %#', async (name, message) => {
    const { status, body } = await post(newStore(), '/experiments/create', { name });
    expect(status).toBe(400);
    expect(pick(body, 'message')).toMatch(message);
  });

  test('that hold a lone surrogate are refused', async () => {
    const { status } = await post(newStore(), '/experiments/create', { name: `${'é'.repeat(200)}\ud83d` });
    expect(status).toBe(400);
  });

  test.each(['   ', '\u202Egnp.exe', '🍷'.repeat(100), "Robert'); DROP TABLE experiments;--", '%_\\', 'a\0b'])('are kept as they are: %j', async (name) => {
    const store = newStore();
    const created = await post(store, '/experiments/create', { name });
    const reply = await store.app.request(`/api/2.0/mlflow/experiments/get?experiment_id=${pick(created.body, 'experiment_id')}`);
    expect(pick(await reply.json(), 'experiment.name')).toBe(name);
  });
});

describe('filters', () => {
  test.each([
    ["tags.a = 'x", 400],
    [`tags.a = '${'x'.repeat(100_000)}'`, 200],
    [`tags.\`${'x'.repeat(100_000)}`, 400],
    [Array.from({ length: 10_000 }, (_, index) => `metrics.m${index} > 1`).join(' AND '), 400],
    ["tags.a = ''; DROP TABLE runs; --'", 400],
    [`tags.a LIKE '${'%a'.repeat(2_000)}b'`, 200],
    [`tags.a LIKE '${'%a'.repeat(40_000)}'`, 400],
    ['(((((((((('.repeat(1000), 400],
  ])('are answered in words, never with a failure: %#', async (filter, status) => {
    const store = newStore();
    await post(store, '/runs/create', { experiment_id: '0', tags: [{ key: 'a', value: 'a'.repeat(5000) }] });
    const reply = await post(store, '/runs/search', { experiment_ids: ['0'], filter, max_results: 10 });
    expect([reply.status, reply.body]).toEqual([status, status === 200 ? {} : expect.objectContaining({ error_code: 'INVALID_PARAMETER_VALUE' })]);
    expect((await post(store, '/runs/search', { experiment_ids: ['0'], max_results: 10 })).status).toBe(200);
  });
});

describe('page tokens', () => {
  const encode = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64');
  const huge = [encode({ offset: 2 ** 53 }), encode({ offset: '9'.repeat(400) }), 'A'.repeat(1_000_000)];
  const forged = ['@@', 'abc', 'YWJj', 'e30=', encode({ offset: 1 }), encode({ offset: 1, search: 'x'.repeat(16) }), encode({ offset: 0 }), encode([1])];

  interface Search {
    readonly path: string;
    readonly query: Readonly<Record<string, unknown>>;
    readonly others: readonly object[];
    readonly items: string;
    readonly method?: 'GET';
  }

  /** A search with more than one page, and others that differ from it in one field. */
  const searches = (ids: { readonly experimentId: string; readonly runId: string }): readonly Search[] => {
    const [experiment_ids, filter] = [[ids.experimentId], "name LIKE '%'"];
    return [
      {
        path: '/runs/search',
        query: { experiment_ids, filter: '' },
        others: [{ experiment_ids: ['0', ...experiment_ids] }, { filter: "run_name LIKE '%'" }, { order_by: ['run_name'] }, { run_view_type: 'ALL' }],
        items: 'runs',
      },
      { path: '/experiments/search', query: {}, others: [{ filter }, { order_by: ['name'] }, { view_type: 'ALL' }], items: 'experiments' },
      {
        path: '/logged-models/search',
        query: { experiment_ids },
        others: [{ filter: "name LIKE 'm%'" }, { order_by: [{ field_name: 'name' }] }],
        items: 'models',
      },
      { method: 'GET', path: '/registered-models/search', query: {}, others: [{ filter }, { order_by: 'name' }], items: 'registered_models' },
      { method: 'GET', path: '/model-versions/search', query: {}, others: [{ filter }, { order_by: 'name' }], items: 'model_versions' },
      { method: 'GET', path: '/metrics/get-history', query: { run_id: ids.runId, metric_key: 'm' }, others: [{ metric_key: 'n' }], items: 'metrics' },
    ];
  };

  /** Two of everything that is listed. */
  const fill = async (store: OpenStore): Promise<{ readonly experimentId: string; readonly runId: string }> => {
    const experimentId = pick((await post(store, '/experiments/create', { name: 'e' })).body, 'experiment_id');
    let runId = '';
    for (const name of ['one', 'two']) {
      runId = pick((await post(store, '/runs/create', { experiment_id: experimentId, run_name: name })).body, 'run.info.run_id');
      await post(store, '/logged-models', { experiment_id: experimentId, name: `m-${name}` });
      await post(store, '/registered-models/create', { name });
      await post(store, '/model-versions/create', { name, source: 's3://b/m' });
      for (const key of ['m', 'n'])
        await post(store, '/runs/log-batch', { run_id: runId, metrics: [1, 2].map((step) => ({ key, value: step, timestamp: step, step })) });
    }
    return { experimentId, runId };
  };

  const ask = async (store: OpenStore, { method, path }: Search, query: object): Promise<{ readonly status: number; readonly body: unknown }> => {
    if (method === undefined) return post(store, path, query);
    const reply = await store.app.request(`/api/2.0/mlflow${path}?${new URLSearchParams(Object.entries(query)).toString()}`);
    return { status: reply.status, body: await reply.json() };
  };

  test('go on with the search that they were given for, in pages of any size; of another search, forged or huge they are refused', async () => {
    const store = newStore();
    const all = searches(await fill(store));
    const firsts = await Promise.all(all.map((search) => ask(store, search, { ...search.query, max_results: 1 })));
    const tokens = firsts.map(({ body }) => pick(body, 'next_page_token'));
    for (const [index, search] of all.entries()) {
      const page_token = tokens[index];
      const rest = await ask(store, search, { ...search.query, max_results: 10, page_token });
      expect(rest, search.path).toMatchObject({ status: 200, body: { [search.items]: expect.any(Array) } });
      expect(rest.body, search.path).not.toMatchObject(firsts[index]?.body ?? {});
      const foreign = tokens.filter((token) => token !== page_token);
      const bad = [...search.others.map((other) => ({ page_token, ...other })), ...[...forged, ...huge, ...foreign].map((token) => ({ page_token: token }))];
      for (const fields of bad) {
        const reply = await ask(store, search, { ...search.query, max_results: 1, ...fields });
        expect
          .soft(reply, `${search.path} ${JSON.stringify(fields).slice(0, 100)}`)
          .toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
      }
    }
  });
});

/** The bytes as they are, and all that comes back until the connection ends. */
const sendRaw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => (answer += chunk))
      .on('close', () => resolve(answer))
      .on('error', reject);
  });

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject);
  });

const gigabyte = 2 ** 30;

/** Sends spaces, as many as are taken up to a gigabyte, until the answer is there. */
const sendGigabyte = (port: number, headers: Record<string, string>, watch: () => void): Promise<number> =>
  new Promise((resolve, reject) => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    // One connection for many requests, as clients have it: where each has its own, it ends with the answer, which whoever still sends may not see.
    const agent = new Agent({ keepAlive: true });
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/api/2.0/mlflow/runs/create', agent, headers }, (reply) => {
      resolve(reply.statusCode ?? 0);
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    let sent = 0;
    const more = (): void => {
      while (sent < gigabyte && !outgoing.destroyed) {
        watch();
        sent += piece.length;
        if (!outgoing.write(piece)) return void outgoing.once('drain', more);
      }
      if (!outgoing.destroyed) outgoing.end();
    };
    more();
  });

test.each([
  ['of a length that is said', { 'content-length': String(gigabyte) }],
  ['of a length that nobody knows', { 'transfer-encoding': 'chunked' }],
])('a body of a gigabyte, %s, is refused, and the memory does not grow with it', async (_what, headers) => {
  const { port } = await startTcpServer();
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = (): void => void (most = Math.max(most, process.memoryUsage.rss() - before));
  // A busy sender is cut off, half a second after the answer, before it has read that.
  expect(await again(async () => await sendGigabyte(port, { ...headers, 'content-type': 'application/json' }, watch))).toBe(413);
  expect(most).toBeLessThan(200 * 1024 * 1024);
});

describe('requests of an odd form', () => {
  test('OPTIONS *, CONNECT and TRACE are refused', async () => {
    const { port } = await startTcpServer();
    const head = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(port, `OPTIONS * HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(port, `CONNECT evil.example:443 HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 405 /);
    expect(await sendRaw(port, `TRACE /health HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 40[05] /);
  });

  test('several requests sent at once are answered in their order', async () => {
    const { port } = await startTcpServer();
    const one = (path: string, last = false): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
    const answer = await sendRaw(port, one('/health') + one('/nothing') + one('/version', true));
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '404', '200']);
  });

  test('Expect: 100-continue is answered before the body is sent', async () => {
    const { port } = await startTcpServer();
    const body = '{"experiment_ids":["0"],"max_results":1}';
    const head = `POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(head)).on('error', reject);
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        if (chunk.startsWith('HTTP/1.1 100')) socket.write(body);
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  test('a thousand idle connections are the most, and when they go others are served', async () => {
    const { port } = await startTcpServer();
    /** Where they take long to open the server ends the first of them by itself. */
    const openIdle = async (): Promise<{ readonly socket: Socket; readonly closed: Promise<unknown> }> => {
      const socket = await open(port);
      return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) };
    };
    const idle = await Promise.all(Array.from({ length: 1_000 }, openIdle));
    const dropped = await openIdle();
    await dropped.closed;
    for (const { socket } of idle) socket.end();
    await Promise.all(idle.map(({ closed }) => closed));
    expect(await sendRaw(port, `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
