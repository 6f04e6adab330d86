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
  const logged = summarizeColumn(line.raw);
  if (line.raw === line.y && line.band === undefined) return logged;
  const columns = drawnColumns(line);
  return { ...logged, low: lowest(columns), high: highest(columns), lowAboveZero: lowest(columns, { above: 0 }) };
};

/** In one pass: a thousand lines are looked at before the first of them is seen. */
const summarizeColumn = (column: Float64Array): LineSummary => {
  let [low, high, lowAboveZero] = [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE];
  let [notNumbers, notPositive, drawable] = [0, 0, 0];
  for (let at = 0; at < column.length; at++) {
    const value = column[at] ?? 0;
    if (value !== value) notNumbers++;
    if (!isDrawable(value)) continue;
    drawable++;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value <= 0) notPositive++;
    else if (value < lowAboveZero) lowAboveZero = value;
  }
  return { low, high, lowAboveZero, notNumbers, notPositive, hasGaps: drawable < column.length };
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
