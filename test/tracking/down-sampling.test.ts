import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { downSample, pick, type DownSampling, type Points } from '../../extension/tracking/down-sampling.ts';

const toPoints = (rows: readonly { step: number; timestamp: number; value: number }[]): Points => ({
  steps: Float64Array.from(rows, (row) => row.step),
  timestamps: Float64Array.from(rows, (row) => row.timestamp),
  values: Float64Array.from(rows, (row) => row.value),
});

const anyPoints: fc.Arbitrary<Points> = fc
  .array(fc.record({ step: fc.integer({ min: -1000, max: 1000 }), timestamp: fc.nat(1_000_000), value: fc.double() }), { minLength: 1, maxLength: 300 })
  .map((rows) => toPoints(rows.toSorted((a, b) => a.step - b.step)));

const bySteps = (buckets: number): DownSampling => ({ axis: 'step', buckets });
const anyBuckets = fc.integer({ min: 1, max: 20 });

const extremes = (values: Float64Array): readonly [number, number] => {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return [Math.min(...numbers), Math.max(...numbers)];
};

describe('down-sampling', () => {
  test('keeps the extremes of the whole, and the first and the last point', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        const kept = downSample(points, bySteps(buckets));
        expect(extremes(pick(points, kept).values)).toEqual(extremes(points.values));
        expect([kept[0], kept.at(-1)]).toEqual([0, points.values.length - 1]);
      }),
    );
  });

  test('keeps the extremes of every bucket', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        const kept = pick(points, downSample(points, { axis: 'step', buckets, window: { from: -1000, to: 1000 } }));
        const width = 2000 / buckets;
        for (let bucket = 0; bucket < buckets; bucket += 1) {
          const ofBucket = ({ steps, values }: Points): Float64Array =>
            values.filter((_, index) => Math.min(Math.floor(((steps[index] ?? 0) + 1000) / width), buckets - 1) === bucket);
          expect(extremes(ofBucket(kept))).toEqual(extremes(ofBucket(points)));
        }
      }),
    );
  });

  test('keeps the order, and no point twice', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        const kept = [...downSample(points, bySteps(buckets))];
        expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      }),
    );
  });

  test('keeps a NaN where there is one', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        const kept = pick(points, downSample(points, bySteps(buckets)));
        expect(kept.values.some(Number.isNaN)).toBe(points.values.some(Number.isNaN));
      }),
    );
  });

  test('is bounded by the number of buckets', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        expect(downSample(points, bySteps(buckets)).length).toBeLessThanOrEqual(3 * buckets + 2);
      }),
    );
  });

  test('of what is down-sampled changes nothing', () => {
    fc.assert(
      fc.property(anyPoints, anyBuckets, (points, buckets) => {
        const once = pick(points, downSample(points, bySteps(buckets)));
        expect(pick(once, downSample(once, bySteps(buckets)))).toEqual(once);
      }),
    );
  });

  test('divides time when asked to, edges of the window included', () => {
    const points = toPoints(Array.from({ length: 101 }, (_, index) => ({ step: 0, timestamp: index, value: index })));
    const kept = downSample(points, { axis: 'timestamp', buckets: 2, window: { from: 0, to: 100 } });
    expect([...kept]).toEqual([0, 49, 50, 100]);
  });
});
