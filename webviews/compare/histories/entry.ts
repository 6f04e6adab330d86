import type { Signal } from '@preact/signals';
import type { Series } from '../../shared/histories.ts';
import { append } from '../../shared/history-tail.ts';
import type { Batch, HistoryQuery } from './plan.ts';

export interface Histories {
  readonly series: ReadonlyMap<string, Series>;
  readonly loading: boolean;
  /** Why the last read failed; what was read before is still in `series`. */
  readonly failure?: string;
}

/** What is known of the answers to one query. */
export interface Entry {
  readonly query: HistoryQuery;
  readonly histories: Signal<Histories>;
  watchers: number;
  readonly inFlight: Set<string>;
  /** Runs whose series has grown since it was read. */
  readonly stale: Set<string>;
  /** Of those, the ones whose growth is not at their end. */
  readonly changed: Set<string>;
  /** Runs that were told to have grown and have not at their end, and since when (ms). */
  readonly doubts: Map<string, number>;
}

/** ms. While a run grows, an answer often has the points that are told of a moment later: only when nothing follows has it grown somewhere else. */
const certainAfter = 1000;

/** Gives up the doubts that are old enough: these runs are read whole. */
export const settleDoubts = ({ doubts, stale, changed }: Entry, now: number): void => {
  for (const [runId, since] of doubts) {
    if (now - since < certainAfter) continue;
    doubts.delete(runId);
    stale.add(runId);
    changed.add(runId);
  }
};

/** When the oldest doubt of all is old enough. */
export const nextCertainty = (entries: Iterable<Entry>): number | undefined => {
  const since = [...entries].flatMap(({ doubts }) => [...doubts.values()]);
  return since.length === 0 ? undefined : since.reduce((oldest, one) => Math.min(oldest, one)) + certainAfter;
};

/** A run without points has an empty series, so that it is not asked for again. */
export const receive = (entry: Entry, { runIds }: Pick<Batch<Entry>, 'runIds'>, received: readonly Series[]): void => {
  const series = new Map(entry.histories.peek().series);
  for (const runId of runIds) {
    series.set(runId, emptySeries(runId, entry.query.key));
    entry.doubts.delete(runId);
  }
  for (const one of received) if (one.key === entry.query.key) series.set(one.runId, one);
  entry.histories.value = { series, loading: entry.histories.peek().loading };
};

/** What cannot be appended is read whole with the next round. */
export const receiveTails = (entry: Entry, { runIds, window }: Batch<Entry>, received: readonly Series[]): void => {
  const now = performance.now();
  const series = new Map(entry.histories.peek().series);
  const tails = new Map(received.flatMap((one) => (one.key === entry.query.key ? [[one.runId, one] as const] : [])));
  for (const runId of runIds) {
    const [before, tail] = [series.get(runId), tails.get(runId)];
    const grown = before && tail && append(before, { series: tail, from: window?.from ?? 0, buckets: entry.query.buckets });
    if (grown === before && before !== undefined) {
      entry.doubts.set(runId, entry.doubts.get(runId) ?? now);
      continue;
    }
    entry.doubts.delete(runId);
    if (grown !== undefined) series.set(runId, grown);
    else {
      entry.stale.add(runId);
      entry.changed.add(runId);
    }
  }
  entry.histories.value = { series, loading: entry.histories.peek().loading };
};

/** A window of a line may end before the line does, and what is drawn from nothing has no end. */
export const canBeAppended = ({ query, changed, histories }: Entry, runId: string): boolean =>
  query.window === undefined && query.buckets > 1 && !changed.has(runId) && (histories.peek().series.get(runId)?.values.length ?? 0) > 0;

const emptySeries = (runId: string, key: string): Series => ({
  runId,
  key,
  total: 0,
  steps: new Float64Array(),
  timestamps: new Float64Array(),
  values: new Float64Array(),
});

export const fail = (entry: Entry, error: unknown): void => {
  const failure = error instanceof Error ? error.message : String(error);
  entry.histories.value = { ...entry.histories.peek(), failure };
};

export const retry = (entry: Entry): void => {
  const { series, loading, failure } = entry.histories.peek();
  if (failure !== undefined) entry.histories.value = { series, loading };
};
