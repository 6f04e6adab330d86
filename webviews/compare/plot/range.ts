import { isDrawable } from '../../../schemas/format.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Wider than this and the difference of the two ends is no longer a number. */
const widest = Number.MAX_VALUE / 4;

/** Undefined when there is nothing between the ends. */
export const bounded = (from: number, to: number): Range | undefined => (from <= to ? { from: Math.max(from, -widest), to: Math.min(to, widest) } : undefined);

/** Range of the values that can be drawn; a logarithmic axis has no place for zero and below. */
export const extentOf = (values: Iterable<number>, log = false): Range | undefined => {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!isDrawable(value) || (log && value <= 0)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return bounded(from, to);
};

/** A single position stands in the middle, and not on the axis. */
export const widened = ({ from, to }: Range): Range => (from < to ? { from, to } : { from: from - 1, to: to + 1 });

const breathingSpace = 0.04;

/** So that nothing lies on the frame; a constant gets a range to stand in. */
export const padded = ({ from, to }: Range, log = false): Range => {
  if (log) {
    const factor = to > from ? (to / from) ** breathingSpace : 2;
    return { from: from / factor, to: to * factor };
  }
  const space = to > from ? (to - from) * breathingSpace : Math.abs(from) * breathingSpace || 1;
  return { from: from - space, to: to + space };
};
