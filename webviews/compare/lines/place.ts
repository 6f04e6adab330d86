import type { XAxis } from '../../../schemas/compare-charts.ts';
import { isDrawable } from '../../../schemas/format.ts';
import type { Series } from '../../shared/histories.ts';
import { valueAt } from '../math/aggregate.ts';
import { lowerBound } from '../../shared/search.ts';

interface Placeable {
  readonly series: Series;
  /** ms since the epoch: where `relative` starts. */
  readonly startTime: number | undefined;
  /** The metric along x, where that is one. */
  readonly along?: Series;
}

interface Placed {
  readonly x: Float64Array;
  readonly series: Series;
}

/** Where the points of a run lie along x. */
export const place = ({ series, along, startTime }: Placeable, axis: XAxis): Placed => {
  switch (axis) {
    case 'step':
      return { x: series.steps, series };
    case 'wall':
      return { x: series.timestamps, series };
    case 'relative': {
      const start = startTime ?? series.timestamps[0] ?? 0;
      return { x: series.timestamps.map((timestamp) => timestamp - start), series };
    }
    default:
      return along === undefined ? picked({ x: series.steps, series }, new Uint32Array()) : placeAlong(series, along);
  }
};

/** At the value that the other metric has at the same step, or between its steps; points beyond it have no place. */
const placeAlong = (series: Series, along: Series): Placed => {
  const { x: steps, series: ordered } = inOrder({ x: along.steps, series: along });
  const x = series.steps.map((step) => valueAt({ x: steps, y: ordered.values }, step));
  const known = Uint32Array.from(x.keys()).filter((at) => isDrawable(x[at] ?? Number.NaN));
  return picked({ x, series }, known);
};

/** Steps may go back in time (a resumed run), and times may go back along steps. */
export const inOrder = (placed: Placed): Placed => {
  const { x } = placed;
  if (ascends(x)) return placed;
  const order = Uint32Array.from(x.keys()).sort((left, right) => (x[left] ?? 0) - (x[right] ?? 0) || left - right);
  return picked(placed, order);
};

const picked = ({ x, series }: Placed, order: Uint32Array): Placed => {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] ?? Number.NaN);
  return { x: pick(x), series: { ...series, steps: pick(series.steps), timestamps: pick(series.timestamps), values: pick(series.values) } };
};

export const aboveZero = ({ x, series }: Placed): Placed => {
  const first = lowerBound(x, Number.MIN_VALUE);
  const cut = (column: Float64Array): Float64Array => column.subarray(first);
  return { x: cut(x), series: { ...series, steps: cut(series.steps), timestamps: cut(series.timestamps), values: cut(series.values) } };
};

export const ascends = (column: Float64Array): boolean => {
  for (let at = 1; at < column.length; at++) if ((column[at] ?? 0) < (column[at - 1] ?? 0)) return false;
  return true;
};
