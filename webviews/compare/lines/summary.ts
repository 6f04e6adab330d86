import { isDrawable } from '../../../schemas/format.ts';
import type { Line } from './line.ts';

/** What is known of a line's values without looking at them again with every frame. */
export interface LineSummary {
  /** Of all that is drawn of it: the line, its raw ghost, its band. Without anything to draw, above `high`. */
  readonly low: number;
  readonly high: number;
  readonly lowAboveZero: number;
  /** NaN among the values as logged. */
  readonly notNumbers: number;
  /** Drawable values of 0 and below, as logged. */
  readonly notPositive: number;
  /** Whether any value as logged cannot be drawn. */
  readonly hasGaps: boolean;
}

export type Drawn = Pick<Line, 'y' | 'raw' | 'band'>;

export const summarize = (line: Drawn): LineSummary => {
  const columns = drawnColumns(line);
  let [notNumbers, notPositive, drawable] = [0, 0, 0];
  for (const value of line.raw) {
    if (isDrawable(value)) drawable++;
    if (value !== value) notNumbers++;
    if (value <= 0 && isDrawable(value)) notPositive++;
  }
  return {
    low: lowest(columns),
    high: highest(columns),
    lowAboveZero: lowest(columns, { above: 0 }),
    notNumbers,
    notPositive,
    hasGaps: drawable < line.raw.length,
  };
};

export const drawnColumns = ({ y, raw, band }: Drawn): readonly Float64Array[] => [y, ...(raw === y ? [] : [raw]), ...(band ? [band.low, band.high] : [])];

interface Part {
  readonly above?: number;
  readonly first?: number;
  readonly end?: number;
}

/** The smallest value that can be drawn; what stands for infinity is none, and neither is NaN. */
export const lowest = (columns: readonly Float64Array[], { above = -Number.MAX_VALUE, first = 0, end = Number.POSITIVE_INFINITY }: Part = {}): number => {
  let low = Number.MAX_VALUE;
  for (const column of columns) {
    const last = Math.min(end, column.length);
    for (let at = first; at < last; at++) {
      const value = column[at] ?? 0;
      if (value < low && value > above) low = value;
    }
  }
  return low;
};

export const highest = (columns: readonly Float64Array[], { above = -Number.MAX_VALUE, first = 0, end = Number.POSITIVE_INFINITY }: Part = {}): number => {
  let high = above;
  for (const column of columns) {
    const last = Math.min(end, column.length);
    for (let at = first; at < last; at++) {
      const value = column[at] ?? 0;
      if (value > high && value < Number.MAX_VALUE) high = value;
    }
  }
  return high;
};
