import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countNotPositive, indicesWithin, xExtent, yExtent } from '../../webviews/compare/lines/extent.ts';
import type { XAxis } from '../../schemas/compare-charts.ts';
import { splice, toLine, type Line } from '../../webviews/compare/lines/line.ts';
import { nearestPoints } from '../../webviews/compare/lines/nearest.ts';
import { padded } from '../../webviews/compare/plot/range.ts';
import { project } from '../../webviews/compare/plot/projection.ts';
import { readByKey } from '../../webviews/compare/lines/reading.ts';
import { timeTicks } from '../../webviews/compare/plot/ticks.ts';
import { lowerBound, nearestIndex } from '../../webviews/shared/search.ts';
import type { Series } from '../../webviews/shared/histories.ts';

const seriesOf = (steps: readonly number[], values: readonly number[], timestamps = steps.map((step) => step * 1000)): Series => ({
  runId: 'r',
  key: 'loss',
  total: steps.length,
  steps: Float64Array.from(steps),
  timestamps: Float64Array.from(timestamps),
  values: Float64Array.from(values),
});

interface LineSettings {
  readonly runId?: string;
  readonly axis?: XAxis;
  readonly startTime?: number;
}

const lineOf = (series: Series, { runId = 'r', axis = 'step', startTime }: LineSettings = {}): Line =>
  toLine({ runId, name: runId, style: { color: '#000000', dash: [] }, running: false, startTime, series }, { axis, smoothing: { kind: 'ema', weight: 0 } });

const everything = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const linear = { window: everything, log: false, clip: 0 };

describe('A line', () => {
  test('runs along steps, along the clock, or from the start of its run', () => {
    const series = seriesOf([0, 10], [1, 2], [5000, 6000]);
    expect([...lineOf(series).x]).toEqual([0, 10]);
    expect([...lineOf(series, { axis: 'wall' }).x]).toEqual([5000, 6000]);
    expect([...lineOf(series, { axis: 'relative', startTime: 4000 }).x]).toEqual([1000, 2000]);
    expect([...lineOf(series, { axis: 'relative' }).x]).toEqual([0, 1000]);
  });

  test('of a resumed run, whose steps go back in time, ascends on every axis', () => {
    const series = seriesOf([0, 1, 2, 3], [10, 11, 12, 13], [1000, 2000, 1500, 1600]);
    const line = lineOf(series, { axis: 'wall' });
    expect([...line.x]).toEqual([1000, 1500, 1600, 2000]);
    expect([...line.raw]).toEqual([10, 12, 13, 11]);
    expect([...line.steps]).toEqual([0, 2, 3, 1]);
  });
});

describe('A coarse line with a fine window', () => {
  test('has every fine point, and goes on outside', () => {
    const coarse = seriesOf([0, 10, 20, 30], [0, 1, 2, 3]);
    const fine = seriesOf([9, 10, 11], [5, 6, 7]);
    const whole = splice(coarse, fine, 'steps');
    expect([...whole.steps]).toEqual([0, 9, 10, 11, 20, 30]);
    expect([...whole.values]).toEqual([0, 5, 6, 7, 2, 3]);
  });

  test('always ascends', () => {
    const ascending = fc
      .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 })
      .map((steps) => [...new Set(steps)].sort((left, right) => left - right));
    fc.assert(
      fc.property(ascending, ascending, (coarse, fine) => {
        const { steps } = splice(seriesOf(coarse, coarse), seriesOf(fine, fine), 'steps');
        expect([...steps]).toEqual([...steps].sort((left, right) => left - right));
        for (const step of fine) expect(steps).toContain(step);
      }),
    );
  });

  test('is the coarse line when the window is empty', () => {
    const coarse = seriesOf([0, 10], [0, 1]);
    expect(splice(coarse, seriesOf([], []), 'steps')).toBe(coarse);
  });
});

describe('Ranges', () => {
  test('hold every value that can be drawn, and none that cannot', () => {
    const line = lineOf(seriesOf([0, 1, 2, 3, 4], [3, Number.NaN, Number.POSITIVE_INFINITY, -Number.MAX_VALUE, -2]));
    expect(yExtent([line], linear)).toEqual({ from: -2, to: 3 });
    expect(xExtent([line])).toEqual({ from: 0, to: 4 });
  });

  test('of nothing are undefined', () => {
    expect(xExtent([])).toBeUndefined();
    expect(yExtent([lineOf(seriesOf([0], [Number.NaN]))], linear)).toBeUndefined();
  });

  test('of a window hold the point before and after it, since lines run on to them', () => {
    const line = lineOf(seriesOf([0, 10, 20, 30], [1, 2, 3, 4]));
    expect(indicesWithin(line.x, { from: 12, to: 18 })).toEqual([1, 3]);
    expect(yExtent([line], { ...linear, window: { from: 12, to: 18 } })).toEqual({ from: 2, to: 3 });
  });

  test('of a logarithmic axis leave out zero and below, and say how many', () => {
    const line = lineOf(seriesOf([0, 1, 2], [-1, 0, 5]));
    expect(yExtent([line], { ...linear, log: true })).toEqual({ from: 5, to: 5 });
    expect(countNotPositive([line])).toBe(2);
  });

  test('without outliers hold the middle nine tenths', () => {
    const values = Array.from({ length: 100 }, (_, at) => at);
    values[50] = 1e9;
    const extent = yExtent(
      [
        lineOf(
          seriesOf(
            values.map((_, at) => at),
            values,
          ),
        ),
      ],
      { ...linear, clip: 5 },
    );
    expect(extent?.from).toBe(5);
    expect(extent?.to).toBeLessThan(100);
  });

  test('of the largest doubles have a width that is a number', () => {
    const extent = padded(yExtent([lineOf(seriesOf([0, 1], [-1e308, 1e308]))], linear) ?? everything);
    expect(Number.isFinite(extent.to - extent.from)).toBe(true);
    expect(extent.from).toBeLessThan(extent.to);
  });

  test('of a constant have room around it', () => {
    for (const constant of [0, 5, -3, 1e-12]) expect(padded({ from: constant, to: constant }).from).toBeLessThan(constant);
  });
});

const area = { left: 50, right: 450, top: 10, bottom: 210 };

describe('A projection', () => {
  test('leads from units to pixels and back', () => {
    const { toX, toY, fromX } = project(area, { min: 0, max: 100, log: false }, { min: 0, max: 1, log: false });
    expect([toX(0), toX(100), toY(0), toY(1)]).toEqual([50, 450, 210, 10]);
    expect(fromX(toX(37))).toBeCloseTo(37);
  });

  test('of a logarithmic axis puts equal ratios at equal distances', () => {
    const { toY } = project(area, { min: 0, max: 1, log: false }, { min: 1, max: 100, log: true });
    expect([toY(1), toY(10), toY(100)]).toEqual([210, 110, 10]);
    expect(Number.isFinite(toY(0))).toBe(false);
  });
});

describe('The points under the pointer', () => {
  const high = lineOf(seriesOf([0, 50, 100], [9, 9, 9]), { runId: 'high' });
  const low = lineOf(seriesOf([0, 50, 100], [1, 1, 1]), { runId: 'low' });
  const short = lineOf(seriesOf([0, 1], [5, 5]), { runId: 'short' });
  const projection = project(area, { min: 0, max: 100, log: false }, { min: 0, max: 10, log: false });

  test('are sorted by their distance, and lines that have ended are not among them', () => {
    const points = nearestPoints([high, low, short], { x: projection.toX(52), y: projection.toY(2) }, projection);
    expect(points.map(({ line, index }) => [line.id, line.x[index]])).toEqual([
      ['low', 50],
      ['high', 50],
    ]);
  });

  test('put a gap last', () => {
    const gap = lineOf(seriesOf([50], [Number.NaN]), { runId: 'gap' });
    expect(nearestPoints([gap, high], { x: projection.toX(50), y: 200 }, projection).at(-1)?.line.id).toBe('gap');
  });
});

describe('Reading by keys', () => {
  const high = lineOf(seriesOf([0, 1, 2, 3], [9, 9, 9, 9]), { runId: 'high' });
  const low = lineOf(seriesOf([0, 2, 4], [1, 1, 1]), { runId: 'low' });
  const lines = [high, low];
  const at = (line: Line, index: number) => ({ line, index });

  test('starts at the first point of the window', () => {
    expect(readByKey('ArrowRight', lines, undefined, { from: 1.5, to: 9 })).toEqual(at(high, 2));
  });

  test('moves along a line and stays within the window', () => {
    expect(readByKey('ArrowRight', lines, at(high, 1), everything)).toEqual(at(high, 2));
    expect(readByKey('End', lines, at(high, 0), everything)).toEqual(at(high, 3));
    expect(readByKey('ArrowRight', lines, at(high, 2), { from: 0, to: 2 })).toEqual(at(high, 2));
    expect(readByKey('PageUp', lines, at(high, 3), everything)).toEqual(at(high, 0));
  });

  test('moves to the line below and above at the same place', () => {
    expect(readByKey('ArrowDown', lines, at(high, 2), everything)).toEqual(at(low, 1));
    expect(readByKey('ArrowUp', lines, at(low, 1), everything)).toEqual(at(high, 2));
    expect(readByKey('ArrowUp', lines, at(high, 2), everything)).toEqual(at(high, 2));
  });

  test('leaves other keys alone, and has nothing to read without lines', () => {
    expect(readByKey('a', lines, undefined, everything)).toBeUndefined();
    expect(readByKey('ArrowRight', [], undefined, everything)).toBeUndefined();
  });
});

describe('Searching sorted x', () => {
  const sorted = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }).map((values) => Float64Array.from(values).sort());

  test('finds the first that is not below', () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: -1, max: 101 }), (x, value) => {
        const expected = x.findIndex((element) => element >= value);
        expect(lowerBound(x, value)).toBe(expected < 0 ? x.length : expected);
      }),
    );
  });

  test('finds the nearest', () => {
    fc.assert(
      fc.property(sorted, fc.double({ min: -1, max: 101, noNaN: true }), (x, value) => {
        const best = Math.min(...x.map((element) => Math.abs(element - value)));
        expect(Math.abs((x[nearestIndex(x, value)] ?? 0) - value)).toBeCloseTo(best);
      }),
    );
    expect(nearestIndex(new Float64Array(), 1)).toBe(-1);
  });
});

test('ticks of time are few, round and within the range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 1e12 }), (from, length) => {
      const ticks = timeTicks({ from, to: from + length }, 6);
      expect(ticks.length).toBeLessThanOrEqual(8);
      for (const tick of ticks) expect(tick >= from && tick <= from + length).toBe(true);
    }),
  );
  expect(timeTicks({ from: 0, to: 60_000 }, 4)).toEqual([0, 15_000, 30_000, 45_000, 60_000]);
});
