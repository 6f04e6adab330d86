import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Smoothing, SmoothingKind } from '../../schemas/compare-charts.ts';
import { smooth } from '../../webviews/compare/math/smoothing.ts';

const kinds: readonly SmoothingKind[] = ['ema', 'average', 'gaussian'];
const evenly = (count: number): Float64Array => Float64Array.from({ length: count }, (_, at) => at);

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const series = fc.array(fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), finite), { minLength: 2, maxLength: 200 }).map((points) => {
  let at = 0;
  return { x: Float64Array.from(points, ([step]) => (at += step)), y: Float64Array.from(points, ([, value]) => value) };
});
const weight = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe.each(kinds)('Smoothing by %s', (kind) => {
  test('stays between the lowest and the highest value', () => {
    fc.assert(
      fc.property(series, weight, ({ x, y }, amount) => {
        const slack = 1e-6;
        for (const value of smooth(x, y, { kind, weight: amount })) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...y) - slack);
          expect(value).toBeLessThanOrEqual(Math.max(...y) + slack);
        }
      }),
    );
  });

  test('leaves a constant alone', () => {
    fc.assert(
      fc.property(series, finite, weight, ({ x }, constant, amount) => {
        for (const value of smooth(x, new Float64Array(x.length).fill(constant), { kind, weight: amount })) expect(value).toBeCloseTo(constant, 5);
      }),
    );
  });

  test('does not change when x is shifted or stretched', () => {
    const x = evenly(50);
    const y = x.map((at) => Math.sin(at));
    const options: Smoothing = { kind, weight: 0.7 };
    const moved = smooth(
      x.map((at) => 1e3 + at * 7),
      y,
      options,
    );
    for (const [at, value] of smooth(x, y, options).entries()) expect(moved[at]).toBeCloseTo(value, 9);
  });

  test('keeps gaps as they are and their neighbours undisturbed', () => {
    const x = evenly(5);
    const y = Float64Array.of(1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1);
    expect([...smooth(x, y, { kind, weight: 0.5 })]).toEqual([1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1]);
  });
});

test('a weight of zero and a line of one point stay themselves', () => {
  const y = Float64Array.of(3, 1);
  expect(smooth(evenly(2), y, { kind: 'ema', weight: 0 })).toBe(y);
  expect([...smooth(evenly(1), Float64Array.of(3), { kind: 'ema', weight: 0.9 })]).toEqual([3]);
});

test('on a hundred even steps the exponential average is the textbook one, debiased', () => {
  const x = evenly(101);
  const y = x.map((at) => (at * 37) % 11);
  let sum = 0;
  let weights = 0;
  const expected = y.map((value) => {
    sum = sum * 0.9 + value;
    weights = weights * 0.9 + 1;
    return sum / weights;
  });
  for (const [at, value] of smooth(x, y, { kind: 'ema', weight: 0.9 }).entries()) expect(value).toBeCloseTo(expected[at] ?? 0, 9);
});
