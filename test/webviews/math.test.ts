import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate, valueAt } from '../../webviews/compare/math/aggregate.ts';
import { boxOf } from '../../webviews/compare/math/box.ts';
import { rankCorrelation, ranks } from '../../webviews/compare/math/correlation.ts';
import { permutationImportance, seededRandom } from '../../webviews/compare/math/forest.ts';
import { fitLine } from '../../webviews/compare/math/regression.ts';
import type { BandKind } from '../../schemas/compare-charts.ts';
import { quantile, spreadOf } from '../../webviews/compare/math/statistics.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const values = fc.array(number, { minLength: 1, maxLength: 50 });
const kinds: readonly BandKind[] = ['std', 'stderr', 'ci95', 'range', 'quartiles'];

describe('A spread', () => {
  test.each(kinds)('of kind %s lies around its centre', (kind) => {
    fc.assert(
      fc.property(values, (list) => {
        const { centre, low, high } = spreadOf(list, kind);
        if (kind !== 'quartiles') expect(low <= centre + 1e-6 && centre <= high + 1e-6).toBe(true);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('of one value is that value', () => {
    for (const kind of kinds) expect(spreadOf([3], kind)).toEqual({ centre: 3, low: 3, high: 3 });
  });
});

test('quantiles grow with their share and stay within the values', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (list, one, other) => {
      const sorted = Float64Array.from(list).sort();
      const [low, high] = [quantile(sorted, Math.min(one, other)), quantile(sorted, Math.max(one, other))];
      expect(low).toBeLessThanOrEqual(high + 1e-6);
      expect(quantile(sorted, 0) === sorted[0]).toBe(true);
      expect(quantile(sorted, 1) === sorted.at(-1)).toBe(true);
    }),
  );
});

describe('Several curves together', () => {
  test('have a mean where any of them has a value, and count who has one', () => {
    const curves = [
      { x: Float64Array.of(0, 2), y: Float64Array.of(0, 2) },
      { x: Float64Array.of(1, 2, 3), y: Float64Array.of(3, 4, 5) },
    ];
    const { x, centre, low, high, count } = aggregate(curves, 'range');
    expect([...x]).toEqual([0, 1, 2, 3]);
    expect([...centre]).toEqual([0, 2, 3, 5]);
    expect([...low]).toEqual([0, 1, 2, 5]);
    expect([...high]).toEqual([0, 3, 4, 5]);
    expect([...count]).toEqual([1, 2, 2, 1]);
  });

  test('are not read across a gap', () => {
    const curve = { x: Float64Array.of(0, 1, 2), y: Float64Array.of(0, Number.NaN, 2) };
    expect([0, 0.5, 1, 1.5, 2, 3].map((at) => valueAt(curve, at))).toEqual([0, Number.NaN, Number.NaN, Number.NaN, 2, Number.NaN]);
  });

  test('of many different steps are read at a few hundred', () => {
    const curves = [1, 1.5].map((step) => ({ x: Float64Array.from({ length: 1000 }, (_, at) => at * step), y: new Float64Array(1000).fill(step) }));
    const { x, centre } = aggregate(curves, 'std');
    expect(x.length).toBeLessThanOrEqual(400);
    expect(centre[10]).toBe(1.25);
  });
});

describe('A box', () => {
  test('holds its quartiles in order, and every value within the whiskers or outside as an outlier', () => {
    fc.assert(
      fc.property(values, (list) => {
        const box = boxOf(list);
        if (box === undefined) throw new Error('No box');
        const order = [box.low, box.lowerQuartile, box.median, box.upperQuartile, box.high];
        expect(order).toEqual([...order].sort((left, right) => left - right));
        const inside = list.filter((value) => value >= box.low && value <= box.high);
        expect(inside.length + box.outliers.length).toBe(list.length);
      }),
    );
    expect(boxOf([])).toBeUndefined();
  });
});

describe('A regression', () => {
  test('finds the line that the points lie on', () => {
    const fit = fitLine([0, 1, 2, 5], [1, 3, 5, 11]);
    expect(fit?.slope).toBeCloseTo(2);
    expect(fit?.intercept).toBeCloseTo(1);
    expect(fit?.r2).toBeCloseTo(1);
  });

  test('of two points, or of one x, is none', () => {
    expect(fitLine([0, 1], [0, 1])).toBeUndefined();
    expect(fitLine([1, 1, 1], [0, 1, 2])).toBeUndefined();
    expect(fitLine([1e308, -1e308, 1e308], [0, 1, 2])).toBeUndefined();
  });
});

describe('Rank correlation', () => {
  test('is 1 along any rising curve and −1 along any falling one', () => {
    const x = [1, 2, 3, 4, 5];
    expect(rankCorrelation(x, x.map(Math.exp))).toBeCloseTo(1);
    expect(
      rankCorrelation(
        x,
        x.map((value) => -(value ** 3)),
      ),
    ).toBeCloseTo(-1);
  });

  test('ranks equal values equally', () => {
    expect(ranks([10, 20, 10, 30])).toEqual([1.5, 3, 1.5, 4]);
  });
});

describe('Importance', () => {
  const random = seededRandom(3);
  const noise = Float64Array.from({ length: 60 }, () => random());
  const cause = Float64Array.from({ length: 60 }, () => random());

  test('finds the cause, and is the same each time', () => {
    const samples = { features: [noise, cause], target: cause.map((value) => value * value) };
    const [ofNoise = 1, ofCause = 0] = permutationImportance(samples);
    expect(ofCause).toBeGreaterThan(0.5);
    expect(ofNoise).toBeLessThan(0.1);
    expect(permutationImportance(samples)).toEqual([ofNoise, ofCause]);
  });

  test('of a target that does not vary is nothing', () => {
    expect(permutationImportance({ features: [noise], target: new Float64Array(60).fill(4) })).toEqual([0]);
  });
});
