import { compareInt64, fromStored, type StoredInteger } from '../shared/int64.ts';

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
