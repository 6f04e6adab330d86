import { join } from 'node:path';

import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { openSqliteStore, type OpenSqliteStore } from '../../extension/server/open-store.ts';
import { Readers } from '../../extension/server/readers.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { newTempFolder } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

interface ThreadedStore extends OpenSqliteStore {
  readonly readers: Readers;
}

const newThreadedStore = (): ThreadedStore => {
  const readers = new Readers();
  const store = openSqliteStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { readers, log: silentLogger });
  onTestFinished(() => {
    store.dispose();
    readers.dispose();
  });
  return { ...store, readers };
};

const post = (store: OpenSqliteStore, path: string, json: object, signal?: AbortSignal): Promise<Response> => {
  const init = { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' }, ...(signal && { signal }) };
  return Promise.resolve(store.app.request(path, init));
};

describe('a heavy read in a thread of its own', () => {
  test('sees what was acknowledged before, and answers as the main thread would', async () => {
    const store = newThreadedStore();
    const runId = await store.database.write((connection) => insertRun(connection));
    const found = await post(store, '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'], max_results: 10 });
    expect(found.headers.get('content-type')).toBe('application/json');
    expect(await found.json()).toMatchObject({ runs: [{ info: { run_id: runId } }] });
    const wrong = await post(store, '/api/2.0/mlflow/runs/search', { experiment_ids: ['0'], filter: 'nonsense' });
    expect([wrong.status, await wrong.json()]).toEqual([400, expect.objectContaining({ error_code: 'INVALID_PARAMETER_VALUE' })]);
    const history = await store.app.request(`/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=a%26b`);
    expect([history.status, await history.json()]).toEqual([200, {}]);
  });

  test.each([
    ['GET', '/workbench/v1/run-counts', undefined, { experiments: [{ experimentId: '0', runs: 1, running: 1 }] }],
    ['POST', '/workbench/v1/run-search', { experimentIds: ['0'], offset: 0, limit: 1 }, { total: 1 }],
    ['POST', '/workbench/v1/run-groups', { experimentIds: ['0'], by: ['attributes.status'], offset: 0, limit: 1 }, { total: 1 }],
    ['POST', '/workbench/v1/facets', { experimentIds: ['0'] }, { runs: 1 }],
  ])('is whatever looks at all runs: %s %s', async (method, path, body, expected) => {
    const store = newThreadedStore();
    await store.database.write((connection) => insertRun(connection));
    const read = vi.spyOn(store.readers, 'read');
    const reply = await (body === undefined ? store.app.request(path, { method }) : post(store, path, body));
    expect(await reply.json()).toMatchObject(expected);
    expect(read.mock.calls.map(([, { target }]) => target)).toEqual([path]);
  });

  test('does not hold up writes', async () => {
    const store = newThreadedStore();
    const runId = await store.database.write((connection) => {
      const id = insertRun(connection);
      for (let step = 0; step < 200_000; step += 1) insertMetric(connection, id, { step });
      return id;
    });
    await post(store, '/workbench/v1/histories', { runIds: [runId], keys: ['other'], buckets: 10 });
    const order: string[] = [];
    const read = post(store, '/workbench/v1/histories', { runIds: [runId, runId], keys: ['loss'], buckets: 10 }).then(() => order.push('read'));
    await store.database.write((connection) => setTag(connection, runId, 'a', 'b'));
    order.push('write');
    await read;
    expect(order).toEqual(['write', 'read']);
  });

  test('ends when its client goes', async () => {
    const store = newThreadedStore();
    const runIds = await store.database.write((connection) => Array.from({ length: 2000 }, () => insertRun(connection)));
    const abort = new AbortController();
    const reading = post(store, '/workbench/v1/histories', { runIds, keys: ['a', 'b', 'c'], buckets: 10 }, abort.signal);
    setImmediate(() => abort.abort());
    expect((await reading).status).toBe(499);
  });

  test('fails as unavailable when its thread is ended, and the next one gets a new thread', async () => {
    const store = newThreadedStore();
    const file = { kind: 'sqlite', path: store.database.path, artifactRoot: '/nowhere', artifactsDestination: '/nowhere' } as const;
    const request = { method: 'GET', target: '/health', contentType: undefined, body: '' };
    const read = () => store.readers.read(file, request, new AbortController().signal);
    const reading = read();
    store.readers.dispose();
    await expect(reading).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    expect((await read()).status).toBe(200);
  });
});

/** Events as they come; resolves when everything that is committed from then on is told. */
const listen = async (store: OpenSqliteStore): Promise<{ next: () => Promise<StoreEvent | undefined> }> => {
  const response = await store.app.request('/workbench/v1/events');
  const texts = response.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  if (texts === undefined) throw new Error('no stream');
  expect((await texts.next()).value).toBe(': listening\n\n');
  const next = async (): Promise<StoreEvent | undefined> => {
    const { value } = await texts.next();
    return typeof value === 'string' ? (JSON.parse(value.replace('data: ', '')) as StoreEvent) : undefined;
  };
  return { next };
};

describe('changes', () => {
  test('of ours and of other programs are told in order', async () => {
    const store = newThreadedStore();
    const events = await listen(store);
    const runId = await store.database.write((connection) => insertRun(connection));
    expect(await events.next()).toEqual({ type: 'runs', runs: [{ runId, experimentId: '0' }] });
    const other = new Database(store.database.path);
    onTestFinished(() => void other.close());
    other.exec("UPDATE runs SET status = 'FINISHED', end_time = 5");
    expect(await events.next()).toEqual({ type: 'runs', runs: [{ runId, experimentId: '0' }] });
    await store.database.write((connection) => insertMetric(connection, runId));
    expect(await events.next()).toEqual({ type: 'metrics', runs: [{ runId, experimentId: '0', keys: ['loss'] }] });
    other.exec("ALTER TABLE experiments ADD COLUMN workspace VARCHAR(63) DEFAULT 'default' NOT NULL");
    expect(await events.next()).toEqual({ type: 'reset' });
  });

  test('are told to every listener, until the store is closed', async () => {
    const store = newThreadedStore();
    const [first, second] = [await listen(store), await listen(store)];
    await store.database.write((connection) => insertRun(connection));
    expect(await first.next()).toEqual(await second.next());
    store.endStreams();
    expect([await first.next(), await second.next()]).toEqual([undefined, undefined]);
  });
});
