import { isDrawable } from '../../../schemas/format.ts';
import { lowerBound } from '../../shared/search.ts';
import type { Line } from './line.ts';
import { drawnColumns, highest, lowest } from './summary.ts';
import { bounded, type Range } from '../plot/range.ts';

export const xExtent = (lines: readonly Line[]): Range | undefined => {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { x } of lines) {
    if (x.length === 0) continue;
    from = Math.min(from, x[0] ?? from);
    to = Math.max(to, x.at(-1) ?? to);
  }
  return from <= to ? { from, to } : undefined;
};

export interface YOptions {
  readonly window: Range;
  /** A logarithmic axis has no place for zero and below. */
  readonly log: boolean;
  /** Percent of the values that are left out at each end. */
  readonly clip: number;
}

/** Range of what is drawn within the window, raw ghosts and bands included; undefined when nothing can be drawn. */
export const yExtent = (lines: readonly Line[], options: YOptions): Range | undefined => {
  if (options.clip > 0) return inlierExtent(lines, options);
  const above = options.log ? 0 : -Number.MAX_VALUE;
  let from = Number.MAX_VALUE;
  let to = above;
  for (const line of lines) {
    const { summary } = line;
    const [first, end] = indicesWithin(line.x, options.window);
    const isWhole = first === 0 && end === line.x.length;
    const part = { above, first, end };
    from = Math.min(from, isWhole ? (options.log ? summary.lowAboveZero : summary.low) : lowest(drawnColumns(line), part));
    to = Math.max(to, isWhole ? summary.high : highest(drawnColumns(line), part));
  }
  return bounded(from, to);
};

/** All but the outermost values at each end. */
const inlierExtent = (lines: readonly Line[], options: YOptions): Range | undefined => {
  const sorted = drawnValues(lines, options).sort();
  const skip = Math.floor((sorted.length * options.clip) / 100);
  return bounded(sorted[skip] ?? Number.NaN, sorted[sorted.length - 1 - skip] ?? Number.NaN);
};

const drawnValues = (lines: readonly Line[], { window, log }: YOptions): Float64Array => {
  const parts = lines.flatMap((line) => {
    const [first, end] = indicesWithin(line.x, window);
    return drawnColumns(line).map((column) => column.subarray(first, end));
  });
  const values = new Float64Array(parts.reduce((count, { length }) => count + length, 0));
  let count = 0;
  for (const part of parts) for (const value of part) if (isDrawable(value) && (!log || value > 0)) values[count++] = value;
  return values.subarray(0, count);
};

/** Indices of the points within the window, and one more on each side, since lines run on to those. */
export const indicesWithin = (x: Float64Array, { from, to }: Range): readonly [first: number, end: number] => {
  const first = lowerBound(x, from);
  let end = lowerBound(x, to);
  while (end < x.length && (x[end] ?? 0) <= to) end++;
  return [Math.max(first - 1, 0), Math.min(end + 1, x.length)];
};

/** Values that a logarithmic axis leaves out. */
export const countNotPositive = (lines: readonly Line[]): number => lines.reduce((count, { summary }) => count + summary.notPositive, 0);
