import { isDrawable } from '../../../schemas/format.ts';
import { lowerBound } from '../../shared/search.ts';
import type { Line } from './line.ts';
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
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  visitValues(lines, options, (value) => {
    if (value < from) from = value;
    if (value > to) to = value;
  });
  return bounded(from, to);
};

const inlierExtent = (lines: readonly Line[], options: YOptions): Range | undefined => {
  const values: number[] = [];
  visitValues(lines, options, (value) => values.push(value));
  const sorted = Float64Array.from(values).sort();
  const skip = Math.floor((sorted.length * options.clip) / 100);
  return bounded(sorted[skip] ?? Number.NaN, sorted[sorted.length - 1 - skip] ?? Number.NaN);
};

const visitValues = (lines: readonly Line[], { window, log }: YOptions, visit: (value: number) => void): void => {
  const accept = (value: number | undefined): void => {
    if (value !== undefined && isDrawable(value) && (!log || value > 0)) visit(value);
  };
  for (const line of lines) {
    const [first, end] = indicesWithin(line.x, window);
    for (let at = first; at < end; at++) {
      accept(line.y[at]);
      if (line.raw !== line.y) accept(line.raw[at]);
      accept(line.band?.low[at]);
      accept(line.band?.high[at]);
    }
  }
};

/** Indices of the points within the window, and one more on each side, since lines run on to those. */
export const indicesWithin = (x: Float64Array, { from, to }: Range): readonly [first: number, end: number] => {
  const first = lowerBound(x, from);
  let end = lowerBound(x, to);
  while (end < x.length && (x[end] ?? 0) <= to) end++;
  return [Math.max(first - 1, 0), Math.min(end + 1, x.length)];
};

/** Values that a logarithmic axis leaves out. */
export const countNotPositive = (lines: readonly Line[]): number =>
  lines.reduce((count, { raw }) => count + raw.reduce((some, value) => some + (isDrawable(value) && value <= 0 ? 1 : 0), 0), 0);
