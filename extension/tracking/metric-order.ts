import { compareInt64, fromStored, type StoredInteger } from '../shared/int64.ts';
import { pick, type Points } from './down-sampling.ts';

/** A point of a metric as it is selected. */
interface StoredPoint {
  readonly step: StoredInteger;
  readonly timestamp: StoredInteger;
  readonly value: number;
  readonly isNan: number;
}

export type PointOrder = (a: StoredPoint, b: StoredPoint) => number;

export const byStep: PointOrder = (a, b) => compareStored(a.step, b.step) || compareStored(a.timestamp, b.timestamp) || a.value - b.value || a.isNan - b.isNan;

/** MLflow's own order. */
export const byTime: PointOrder = (a, b) => compareStored(a.timestamp, b.timestamp) || compareStored(a.step, b.step) || a.value - b.value;

const compareStored = (a: StoredInteger, b: StoredInteger): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareInt64(fromStored(a), fromStored(b));

/** For points that an index has brought by their steps: mostly they are in order already, and to see that costs far less than to let SQLite sort them. */
export const inOrder = <Point extends StoredPoint>(points: readonly Point[], order: PointOrder): readonly Point[] => {
  let before: Point | undefined;
  for (const point of points) {
    if (before !== undefined && order(before, point) > 0) return points.toSorted(order);
    before = point;
  }
  return points;
};

/** The same for columns of points. */
export const pointsInOrder = (points: Points, axis: 'step' | 'timestamp'): Points => {
  const { steps, timestamps, values } = points;
  const [first, second] = axis === 'step' ? [steps, timestamps] : [timestamps, steps];
  const compare = (a: number, b: number): number =>
    numberAt(first, a) - numberAt(first, b) || numberAt(second, a) - numberAt(second, b) || compareValues(numberAt(values, a), numberAt(values, b));
  for (let at = 1; at < first.length; at++) {
    const before = numberAt(first, at - 1);
    const here = numberAt(first, at);
    if (before > here || (before === here && compare(at - 1, at) > 0)) return pick(points, Uint32Array.from(first.keys()).sort(compare));
  }
  return points;
};

const numberAt = (column: Float64Array, at: number): number => column[at] ?? 0;

/** NaN is stored as 0 and a mark. */
const compareValues = (a: number, b: number): number => (a || 0) - (b || 0) || Number(Number.isNaN(a)) - Number(Number.isNaN(b));
