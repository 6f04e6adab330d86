import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fileHistories } from '../../extension/server/file-histories.ts';
import { sqliteHistories } from '../../extension/server/history-reader.ts';
import type { HistoryReader } from '../../extension/server/workbench-routes.ts';
import { readHistoriesFrom } from '../../extension/tracking/rest-histories.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { readHistories } from '../../webviews/shared/histories.ts';
import { newFileStores } from '../support/file-store.ts';
import { newStoreDatabase } from '../support/store-database.ts';

interface Point {
  readonly step: number;
  readonly timestamp: number;
  readonly value: number;
}

type Window = NonNullable<HistoriesRequest['window']>;

const history = fc.uniqueArray(
  fc.record({ step: fc.integer({ min: -20, max: 20 }), timestamp: fc.nat(40), value: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN)) }),
  { selector: ({ step, timestamp }) => `${step} ${timestamp}`, minLength: 1, maxLength: 60 },
);

/** Edges fall on points, between them, and outside of all. */
const window: fc.Arbitrary<Window> = fc
  .record({ axis: fc.constantFrom('step' as const, 'timestamp' as const), from: fc.integer({ min: -50, max: 90 }), length: fc.nat(120) })
  .map(({ axis, from, length }) => ({ axis, from: from / 2, to: (from + length) / 2 }));

const smallestOf = (points: readonly Point[], valueOf: (point: Point) => number): readonly Point[] =>
  points
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((a, b) => valueOf(a) - valueOf(b))
    .slice(0, 1);

/** As the documentation says it, without a thought of speed. */
const expected = (points: readonly Point[], { axis, from, to }: Window, buckets: number): { readonly total: number; readonly kept: readonly Point[] } => {
  const other = axis === 'step' ? 'timestamp' : 'step';
  const within = points.filter((point) => point[axis] >= from && point[axis] <= to).toSorted((a, b) => a[axis] - b[axis] || a[other] - b[other]);
  if (within.length <= 2 * buckets + 2) return { total: within.length, kept: within };
  const ofBuckets = Map.groupBy(within, (point) => (to === from ? 0 : Math.min(Math.floor((point[axis] - from) / ((to - from) / buckets)), buckets - 1)));
  const kept = new Set([
    ...within.slice(0, 1),
    ...within.slice(-1),
    ...[...ofBuckets.values()].flatMap((bucket) => [
      ...smallestOf(bucket, ({ value }) => value),
      ...smallestOf(bucket, ({ value }) => -value),
      ...bucket.filter(({ value }) => Number.isNaN(value)).slice(0, 1),
    ]),
  ]);
  return { total: within.length, kept: within.filter((point) => kept.has(point)) };
};

type Read = (request: HistoriesRequest) => Promise<ReturnType<typeof expected>>;

const readBy =
  ({ read }: HistoryReader): Read =>
  async (request) => {
    const [runId = '', key = ''] = [...request.runIds, ...request.keys];
    const series = read({ runId, key }, request);
    return { total: series?.total ?? 0, kept: toPoints(series?.points) };
  };

/** With nothing but MLflow's endpoints. */
const readFrom =
  (tracking: TrackingStore): Read =>
  async (request) => {
    const [series] = readHistories(await readHistoriesFrom(tracking, request));
    return { total: series?.total ?? 0, kept: toPoints(series) };
  };

const toPoints = (columns: { readonly steps: Float64Array; readonly timestamps: Float64Array; readonly values: Float64Array } | undefined): readonly Point[] =>
  [...(columns?.steps ?? [])].map((step, at) => ({ step, timestamp: columns?.timestamps[at] ?? 0, value: columns?.values[at] ?? 0 }));

const inDatabase = () => {
  const database = newStoreDatabase();
  const tracking = new SqliteTrackingStore(database, { artifactRoot: '/nowhere' });
  return { tracking, reads: [readBy(sqliteHistories(database)), readFrom(tracking)] };
};

const inFolder = () => {
  const { tracking, index } = newFileStores();
  return { tracking, reads: [readBy(fileHistories(index)), readFrom(tracking)] };
};

test.each([
  ['a database', inDatabase],
  ['a folder', inFolder],
])('a window of a history in %s has the points within its edges, and of them what the buckets keep, whoever reads it', async (_kind, open) => {
  const { tracking, reads } = open();
  const { runId } = (await tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info;
  let number = 0;
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.tuple(window, fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 5 }), async (points, windows) => {
      const key = `m${number++}`;
      await tracking.logBatch({ runId, metrics: points.map((point) => ({ ...point, key })) });
      for (const [asked, buckets] of windows)
        for (const read of reads) expect(await read({ runIds: [runId], keys: [key], buckets, window: asked })).toEqual(expected(points, asked, buckets));
    }),
    { numRuns: 60 },
  );
});
