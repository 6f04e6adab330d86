import { inParts, runsInRequest, runsPerRequest } from '../../../schemas/compare-detail.ts';
import type { Range } from '../plot/range.ts';

export interface HistoryWindow extends Range {
  readonly axis: 'step' | 'timestamp';
}

/** Histories of one metric as one chart wants them. */
export interface HistoryQuery {
  readonly key: string;
  readonly buckets: number;
  readonly window?: HistoryWindow;
}

export interface Need<Owner> {
  readonly owner: Owner;
  readonly query: HistoryQuery;
  readonly runIds: readonly string[];
  /** Only what runs have grown by: little, and of all runs at once. */
  readonly isTail?: boolean;
}

/** One request to the host, and who waits for it. */
export interface Batch<Owner> {
  readonly owners: readonly Owner[];
  readonly keys: readonly string[];
  readonly runIds: readonly string[];
  readonly buckets: number;
  readonly window?: HistoryWindow;
  readonly isTail: boolean;
}

/** Of many runs a request has one metric: the lines of the first card come first. */
const seriesPerRequest = 250;
/** Tails are a point or two for each run. */
const tailsPerRequest = 2000;

/** Few requests, none of them large: charts that need the same runs in the same detail share one. */
export const planBatches = <Owner>(needs: readonly Need<Owner>[]): readonly Batch<Owner>[] => {
  const alike = Map.groupBy(
    needs.filter(({ runIds }) => runIds.length > 0),
    ({ query, runIds, isTail }) => JSON.stringify([isTail, query.buckets, query.window, runIds]),
  );
  return [...alike.values()].flatMap((group) => {
    const { runIds = [], isTail = false } = group[0] ?? {};
    const [mostRuns, mostSeries] = isTail ? [tailsPerRequest, tailsPerRequest] : [runsPerRequest, seriesPerRequest];
    const perRequest = Math.max(1, Math.floor(mostSeries / Math.min(runIds.length, mostRuns)));
    const parts = inParts(runIds, isTail ? mostRuns : runsInRequest(runIds.length, mostRuns));
    return inParts(group, perRequest).flatMap((needsOfBatch) => parts.map((runsOfBatch) => toBatch(needsOfBatch, runsOfBatch)));
  });
};

const toBatch = <Owner>(needs: readonly Need<Owner>[], runIds: readonly string[]): Batch<Owner> => {
  const { query: { buckets = 1, window } = {}, isTail = false } = needs[0] ?? {};
  return { owners: needs.map(({ owner }) => owner), keys: needs.map(({ query }) => query.key), runIds, buckets, isTail, ...(window && { window }) };
};

/**
 * A window that holds this one and some more, on a grid of its own size: panning a little, or zooming, asks for
 * nothing new.
 */
export const windowAround = ({ from, to }: Range): Range => {
  const half = 2 ** Math.ceil(Math.log2(to - from)) / 2;
  const window = { from: Math.floor(from / half) * half, to: Math.ceil(to / half) * half };
  return Number.isFinite(window.from) && window.from <= from && window.to >= to ? window : { from, to };
};
