import { isDrawable } from '../../../schemas/format.ts';
import { nearestIndex } from '../../shared/search.ts';
import type { Line } from './line.ts';
import type { Projection } from '../plot/projection.ts';

/** A point of a line, as the pointer or the keyboard finds it. */
export interface LinePoint {
  readonly line: Line;
  readonly index: number;
}

interface Position {
  /** Pixels in the chart. */
  readonly x: number;
  readonly y: number;
}

/** Farther than this from the pointer along x, a line has ended or not begun. */
const reach = 40;

/** Each line's point nearest to the pointer's x, the line nearest to the pointer first. */
export const nearestPoints = (lines: readonly Line[], { x, y }: Position, projection: Projection): readonly LinePoint[] => {
  const at = projection.fromX(x);
  const found: { readonly point: LinePoint; readonly distance: number }[] = [];
  for (const line of lines) {
    const index = nearestIndex(line.x, at);
    if (index < 0) continue;
    const sideways = Math.abs(projection.toX(line.x[index] ?? 0) - x);
    if (sideways > reach && !spans(line, at)) continue;
    found.push({ point: { line, index }, distance: heightDistance(line.y[index] ?? Number.NaN, y, projection) });
  }
  return found.sort((left, right) => left.distance - right.distance).map(({ point }) => point);
};

const spans = ({ x }: Line, at: number): boolean => (x[0] ?? 0) <= at && at <= (x.at(-1) ?? 0);

const heightDistance = (value: number, y: number, projection: Projection): number => {
  const pixel = isDrawable(value) ? projection.toY(value) : Number.NaN;
  return Number.isFinite(pixel) ? Math.abs(pixel - y) : Number.MAX_VALUE;
};
