import { describe, expect, test } from 'vitest';

import { HistoryCache } from '../../extension/tracking/history-cache.ts';

const request = { runIds: ['a', 'b'], keys: ['loss'], buckets: 100 };

/** A store that counts how often it is asked, and answers with as many bytes as wanted. */
const newStore = (bytes = 8) => {
  let asked = 0;
  const load = async (): Promise<ArrayBuffer> => {
    asked++;
    return new ArrayBuffer(bytes);
  };
  return { load, reading: { load, signal: new AbortController().signal }, asked: () => asked };
};

/** A store that does not answer, and says how many have given up. */
const newSilentStore = () => {
  let [asked, given] = [0, 0];
  const load = async (signal: AbortSignal): Promise<ArrayBuffer> => {
    asked++;
    return await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        given++;
        reject(signal.reason);
      }),
    );
  };
  return { load, asked: () => asked, given: () => given };
};

describe('Histories that were read', () => {
  test('are not read again, until one of them grows', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    const first = await cache.read('s', request, store.reading);
    expect(await cache.read('s', request, store.reading)).toBe(first);
    cache.forget('s', [{ runId: 'b', keys: ['accuracy'] }]);
    cache.forget('s', [{ runId: 'c', keys: ['loss'] }]);
    cache.forget('other', [{ runId: 'b', keys: ['loss'] }]);
    await cache.read('s', request, store.reading);
    expect(store.asked()).toBe(1);
    cache.forget('s', [{ runId: 'b', keys: ['loss'] }]);
    await cache.read('s', request, store.reading);
    expect(store.asked()).toBe(2);
  });

  test('in another detail or of another store are others', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    await cache.read('s', request, store.reading);
    await cache.read('s', { ...request, buckets: 200 }, store.reading);
    await cache.read('t', request, store.reading);
    expect(store.asked()).toBe(3);
  });

  test('that grew while they were read are not kept', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    const reading = cache.read('s', request, store.reading);
    cache.forget('s', [{ runId: 'a', keys: ['loss'] }]);
    await reading;
    await cache.read('s', request, store.reading);
    expect(store.asked()).toBe(2);
  });

  test('are kept as long as there is room, the oldest going first', async () => {
    const [cache, store] = [new HistoryCache(), newStore(30 * 2 ** 20)];
    for (const buckets of [1, 2, 3]) await cache.read('s', { ...request, buckets }, store.reading);
    await cache.read('s', { ...request, buckets: 3 }, store.reading);
    expect(store.asked()).toBe(3);
    await cache.read('s', { ...request, buckets: 1 }, store.reading);
    expect(store.asked()).toBe(4);
  });

  test('are read once for all who ask while they are read, and are known when they are there', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    const [first, second] = [cache.read('s', request, store.reading), cache.read('s', { ...request }, store.reading)];
    expect(cache.known('s', request)).toBeUndefined();
    expect(await second).toBe(await first);
    expect(store.asked()).toBe(1);
    expect(cache.known('s', request)).toBe(await first);
    cache.clear();
    expect(cache.known('s', request)).toBeUndefined();
  });

  test('are given up when nobody waits for them any more, and read anew for who asks then', async () => {
    const [cache, silent, store] = [new HistoryCache(), newSilentStore(), newStore()];
    const [one, other] = [new AbortController(), new AbortController()];
    const readings = [one, other].map(({ signal }) => cache.read('s', request, { load: silent.load, signal }));
    one.abort();
    expect(silent.given()).toBe(0);
    other.abort();
    expect([silent.asked(), silent.given()]).toEqual([1, 1]);
    const answer = cache.read('s', request, store.reading);
    await Promise.allSettled(readings);
    await answer;
    expect(cache.known('s', request)).toBe(await answer);
  });
});
