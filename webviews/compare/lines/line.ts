import type { Series } from '../../shared/histories.ts';
import type { RunStyle } from '../../shared/palette.ts';
import { aggregate } from '../math/aggregate.ts';
import { lowerBound } from '../math/search.ts';
import { smooth, type Smoothing } from '../math/smoothing.ts';
import type { BandKind } from '../math/statistics.ts';
import type { RunGroup } from '../runs/grouping.ts';

/** `relative` counts from the start of the run. */
export type XAxis = 'step' | 'relative' | 'wall';

/** What lies around the mean of a group. */
export interface Band {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly count: Float64Array;
}

/** One line of a chart, a run's or a group's, in the units of its axes: steps or ms along x. `x` ascends. */
export interface Line {
  /** Of the run or of the group. */
  readonly id: string;
  readonly runIds: readonly string[];
  readonly name: string;
  readonly style: RunStyle;
  /** More points are expected: the line ends in a dot. */
  readonly running: boolean;
  readonly x: Float64Array;
  /** What is drawn; NaN and infinities are gaps with a mark. */
  readonly y: Float64Array;
  /** The values as logged; the same array as `y` when nothing is smoothed. */
  readonly raw: Float64Array;
  /** Of a run's line, when x is not steps. */
  readonly steps: Float64Array;
  /** Points in the store, before down-sampling. */
  readonly total: number;
  readonly band?: Band;
}

export interface LineSource {
  readonly runId: string;
  readonly name: string;
  readonly style: RunStyle;
  readonly running: boolean;
  /** ms since the epoch: where `relative` starts. */
  readonly startTime: number | undefined;
  readonly series: Series;
}

interface LineOptions {
  readonly axis: XAxis;
  readonly smoothing: Smoothing;
}

export const toLine = (source: LineSource, { axis, smoothing }: LineOptions): Line => {
  const ordered = inOrder(source.series, axis);
  const x = xValues(ordered, axis, source.startTime);
  return {
    id: source.runId,
    runIds: [source.runId],
    name: source.name,
    style: source.style,
    running: source.running,
    x,
    y: smooth(x, ordered.values, smoothing),
    raw: ordered.values,
    steps: ordered.steps,
    total: ordered.total,
  };
};

/** The mean of a group's lines. Smoothed lines are averaged as they are drawn. */
export const toGroupLine = ({ id, label, style }: RunGroup, members: readonly Line[], band: BandKind): Line => {
  const { x, centre, low, high, count } = aggregate(members, band);
  return {
    id,
    runIds: members.flatMap(({ runIds }) => runIds),
    name: label,
    style,
    running: members.some(({ running }) => running),
    x,
    y: centre,
    raw: centre,
    steps: x,
    total: members.reduce((sum, { total }) => sum + total, 0),
    band: { low, high, count },
  };
};

const xValues = (series: Series, axis: XAxis, startTime: number | undefined): Float64Array => {
  if (axis === 'step') return series.steps;
  if (axis === 'wall') return series.timestamps;
  const start = startTime ?? series.timestamps[0] ?? 0;
  return series.timestamps.map((timestamp) => timestamp - start);
};

/** Steps may go back in time (a resumed run), and times may go back along steps. */
const inOrder = (series: Series, axis: XAxis): Series => {
  const along = axis === 'step' ? series.steps : series.timestamps;
  if (ascends(along)) return series;
  const order = Uint32Array.from(along.keys()).sort((left, right) => (along[left] ?? 0) - (along[right] ?? 0) || left - right);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] ?? Number.NaN);
  return { ...series, steps: pick(series.steps), timestamps: pick(series.timestamps), values: pick(series.values) };
};

const ascends = (column: Float64Array): boolean => {
  for (let at = 1; at < column.length; at++) if ((column[at] ?? 0) < (column[at - 1] ?? 0)) return false;
  return true;
};

type StoredColumn = 'steps' | 'timestamps';

/** The coarse line outside the window and the fine one inside: a zoomed line does not end at the window's edge. */
export const splice = (coarse: Series, fine: Series, column: StoredColumn): Series => {
  const last = fine[column].at(-1);
  const first = fine[column][0];
  if (first === undefined || last === undefined || !ascends(coarse[column])) return coarse;
  const before = lowerBound(coarse[column], first);
  const after = lowerBound(coarse[column], nextAbove(last));
  const join = (pick: (series: Series) => Float64Array): Float64Array => concat(pick(coarse).subarray(0, before), pick(fine), pick(coarse).subarray(after));
  return {
    runId: coarse.runId,
    key: coarse.key,
    total: coarse.total,
    steps: join((series) => series.steps),
    timestamps: join((series) => series.timestamps),
    values: join((series) => series.values),
  };
};

const nextAbove = (value: number): number => value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);

const concat = (...parts: readonly Float64Array[]): Float64Array => {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};
