import type { BandKind } from '../../../schemas/compare-charts.ts';
import { isDrawable } from '../../../schemas/format.ts';
import { lowerBound } from '../../shared/search.ts';
import { spreadOf } from './statistics.ts';

export interface Curve {
  /** Ascends. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Aggregate {
  readonly x: Float64Array;
  readonly centre: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many curves have a value here. */
  readonly count: Float64Array;
}

const mostPositions = 400;

/** Mean and band of several curves. Where their points lie at different x, each curve is read between its points, and never beyond its ends. */
export const aggregate = (curves: readonly Curve[], kind: BandKind): Aggregate => {
  const positions = commonPositions(curves);
  const columns = {
    centre: new Float64Array(positions.length),
    low: new Float64Array(positions.length),
    high: new Float64Array(positions.length),
    count: new Float64Array(positions.length),
  };
  for (const [at, x] of positions.entries()) {
    const values = curves.map((curve) => valueAt(curve, x)).filter(isDrawable);
    const { centre, low, high } = spreadOf(values, kind);
    columns.centre[at] = centre;
    columns.low[at] = low;
    columns.high[at] = high;
    columns.count[at] = values.length;
  }
  return { x: positions, ...columns };
};

const commonPositions = (curves: readonly Curve[]): Float64Array => {
  const all = Float64Array.from(new Set(curves.flatMap(({ x }) => [...x]))).sort();
  if (all.length <= mostPositions) return all;
  return Float64Array.from({ length: mostPositions }, (_, index) => all[Math.round((index * (all.length - 1)) / (mostPositions - 1))] ?? 0);
};

/** NaN outside of the curve and beside a gap. */
export const valueAt = ({ x, y }: Curve, at: number): number => {
  const right = lowerBound(x, at);
  if (x[right] === at) return y[right] ?? Number.NaN;
  const [x0, x1] = [x[right - 1], x[right]];
  const [y0, y1] = [y[right - 1], y[right]];
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined || !isDrawable(y0) || !isDrawable(y1)) return Number.NaN;
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
};
