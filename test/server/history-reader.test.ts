import { expect, test } from 'vitest';
import { encodeHistories } from '../../extension/tracking/history-reply.ts';
import { historyQuery, readHistory } from '../../extension/server/history-reader.ts';
import type { SqliteDatabase } from '../../extension/server/database.ts';
import type { HistoriesHeader, HistoriesRequest } from '../../schemas/workbench-api.ts';
import { newStoreDatabase } from '../support/store-database.ts';
import { insertMetric, insertRun } from '../support/store-rows.ts';

const storeWithCurve = async (): Promise<{ store: SqliteDatabase; runId: string }> => {
  const store = newStoreDatabase();
  const runId = await store.write((connection) => {
    const id = insertRun(connection);
    for (let step = 0; step < 100; step += 1) insertMetric(connection, id, { step, timestamp: 1000 + step, value: step === 50 ? 99 : 1 / (step + 1) });
    insertMetric(connection, id, { step: 60, timestamp: 5000, value: 0, isNan: 1 });
    return id;
  });
  return { store, runId };
};

const request = { runIds: [], keys: [], buckets: 5 };

test('a history is down-sampled with its peak and its NaN, and says how many points there are', async () => {
  const { store, runId } = await storeWithCurve();
  const series = store.read((read) => readHistory(read, store.schema, { runId, key: 'loss' }, request));
  expect(series?.total).toBe(101);
  expect(series?.points.values.length).toBeLessThan(20);
  expect(series?.points.values).toContain(99);
  expect(series?.points.steps[series.points.values.findIndex(Number.isNaN)]).toBe(60);
});

test('a window cuts with both edges included, by steps and by time', async () => {
  const { store, runId } = await storeWithCurve();
  const read = (axis: 'step' | 'timestamp', from: number, to: number) =>
    store.read((read) => readHistory(read, store.schema, { runId, key: 'loss' }, { ...request, window: { axis, from, to } }));
  expect(read('step', 10, 12)?.points.steps).toEqual(Float64Array.of(10, 11, 12));
  expect(read('timestamp', 1098, 1099)?.points.timestamps).toEqual(Float64Array.of(1098, 1099));
  expect(read('step', 1000, 2000)).toBeUndefined();
});

test('points come in the order of the axis, whatever was written first', async () => {
  const store = newStoreDatabase();
  const points = [7, 3, 9, 3, 1, 8, 2, 6, 5, 4, 3].map((step, at) => ({ step, timestamp: 100 - at, value: at, ...(at === 6 && { value: 0, isNan: 1 }) }));
  const runId = await store.write((connection) => {
    const id = insertRun(connection);
    for (const point of points) insertMetric(connection, id, point);
    return id;
  });
  const read = (window?: HistoriesRequest['window']) =>
    store.read((sql) => readHistory(sql, store.schema, { runId, key: 'loss' }, { ...request, buckets: 100, ...(window && { window }) }))?.points;
  const columns = (ordered: typeof points) => ({
    steps: Float64Array.from(ordered, ({ step }) => step),
    timestamps: Float64Array.from(ordered, ({ timestamp }) => timestamp),
    values: Float64Array.from(ordered, ({ value, isNan }) => (isNan === 1 ? Number.NaN : value)),
  });
  const byStep = columns(points.toSorted((a, b) => a.step - b.step || a.timestamp - b.timestamp));
  expect(read()).toEqual(byStep);
  expect(read({ axis: 'step', from: 0, to: 10 })).toEqual(byStep);
  expect(read({ axis: 'timestamp', from: 0, to: 200 })).toEqual(columns(points.toReversed()));
});

test.each([undefined, { axis: 'step', from: 0, to: 5 } as const])('histories are read by an index on the run', async (window) => {
  const { store, runId } = await storeWithCurve();
  const query = historyQuery(store.schema, { runId, key: 'loss' }, window);
  const plan = store.read((read) => read.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${query.text}`, values: query.values }));
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING INDEX workbench_metrics (run_uuid=? AND key=?')]);
});

test('the binary reply has an aligned header and three columns for each series', () => {
  const points = { steps: Float64Array.of(1, 2), timestamps: Float64Array.of(3, 4), values: Float64Array.of(5, Number.NaN) };
  const buffer = encodeHistories([{ runId: 'r', key: 'größe', points, total: 7 }]);
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as HistoriesHeader;
  expect((4 + length) % 8).toBe(0);
  expect(header.series).toEqual([{ runId: 'r', key: 'größe', count: 2, total: 7 }]);
  expect(new Float64Array(buffer, 4 + length)).toEqual(Float64Array.of(1, 2, 3, 4, 5, Number.NaN));
});
