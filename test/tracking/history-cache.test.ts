import { describe, expect, test } from 'vitest';

import { HistoryCache } from '../../extension/tracking/history-cache.ts';

const request = { runIds: ['a', 'b'], keys: ['loss'], buckets: 100 };

/** A store that counts how often it is asked, and answers with as many bytes as wanted. */
const newStore = (bytes = 8) => {
  let asked = 0;
  return {
    load: async () => {
      asked++;
      return new ArrayBuffer(bytes);
    },
    asked: () => asked,
  };
};

describe('Histories that were read', () => {
  test('are not read again, until one of them grows', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    const first = await cache.read('s', request, store.load);
    expect(await cache.read('s', request, store.load)).toBe(first);
    cache.forget('s', [{ runId: 'b', keys: ['accuracy'] }]);
    cache.forget('s', [{ runId: 'c', keys: ['loss'] }]);
    cache.forget('other', [{ runId: 'b', keys: ['loss'] }]);
    await cache.read('s', request, store.load);
    expect(store.asked()).toBe(1);
    cache.forget('s', [{ runId: 'b', keys: ['loss'] }]);
    await cache.read('s', request, store.load);
    expect(store.asked()).toBe(2);
  });

  test('in another detail or of another store are others', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    await cache.read('s', request, store.load);
    await cache.read('s', { ...request, buckets: 200 }, store.load);
    await cache.read('t', request, store.load);
    expect(store.asked()).toBe(3);
  });

  test('that grew while they were read are not kept', async () => {
    const [cache, store] = [new HistoryCache(), newStore()];
    const reading = cache.read('s', request, async () => {
      cache.forget('s', [{ runId: 'a', keys: ['loss'] }]);
      return await store.load();
    });
    await reading;
    await cache.read('s', request, store.load);
    expect(store.asked()).toBe(2);
  });

  test('are kept as long as there is room, the oldest going first', async () => {
    const [cache, store] = [new HistoryCache(), newStore(30 * 2 ** 20)];
    for (const buckets of [1, 2, 3]) await cache.read('s', { ...request, buckets }, store.load);
    await cache.read('s', { ...request, buckets: 3 }, store.load);
    expect(store.asked()).toBe(3);
    await cache.read('s', { ...request, buckets: 1 }, store.load);
    expect(store.asked()).toBe(4);
  });
});
