import type { BandKind, Smoothing, XAxis } from '../../../schemas/compare-charts.ts';
import type { Series } from '../../shared/histories.ts';
import type { RunStyle } from '../../shared/palette.ts';
import { aggregate } from '../math/aggregate.ts';
import { lowerBound } from '../../shared/search.ts';
import { smooth } from '../math/smoothing.ts';
import type { RunGroup } from '../runs/grouping.ts';
import { aboveZero, ascends, inOrder, place } from './place.ts';
import { summarize, type LineSummary } from './summary.ts';

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
  /** Points that have no place along x. */
  readonly leftOut: number;
  readonly summary: LineSummary;
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
  /** The metric along x, where that is one. */
  readonly along?: Series;
}

interface LineOptions {
  readonly axis: XAxis;
  readonly smoothing: Smoothing;
  /** A logarithmic axis has no place for 0 and below. */
  readonly logX?: boolean;
}

export const toLine = (source: LineSource, { axis, smoothing, logX = false }: LineOptions): Line => {
  const placed = inOrder(place(source, axis));
  const { x, series: ordered } = logX ? aboveZero(placed) : placed;
  const y = smooth(x, ordered.values, smoothing);
  return {
    id: source.runId,
    runIds: [source.runId],
    name: source.name,
    style: source.style,
    running: source.running,
    x,
    y,
    raw: ordered.values,
    steps: ordered.steps,
    total: ordered.total,
    leftOut: source.series.values.length - x.length,
    summary: summarize({ y, raw: ordered.values }),
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
    leftOut: members.reduce((sum, { leftOut }) => sum + leftOut, 0),
    summary: summarize({ y: centre, raw: centre, band: { low, high, count } }),
    band: { low, high, count },
  };
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
