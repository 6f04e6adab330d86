import { asRunId } from '../../schemas/ids.ts';
import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import { downSample, pick, type Points } from './down-sampling.ts';
import { encodeHistories, type Series } from './history-reply.ts';
import type { Metric } from './run.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Requests at once to a server that has an endpoint for one history only. */
const concurrency = 6;

/** Histories from MLflow's own endpoints, down-sampled here: the same reply as from our server, in more requests. */
export const readHistoriesFrom = async (tracking: TrackingStore, request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer> => {
  const wanted = request.runIds.flatMap((runId) => request.keys.map((key) => ({ runId, key })));
  const found = Array.from<Series | undefined>({ length: wanted.length });
  const work = wanted.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [index, { runId, key }] of work) found[index] = toSeries(runId, key, await readHistory(tracking, runId, key, signal), request);
  };
  await Promise.all(Array.from({ length: concurrency }, takeTurns));
  return encodeHistories(found.filter((series) => series !== undefined));
};

/** Drawn as float64: of 64-bit integers the last digits do not matter here. */
interface Point {
  readonly step: number;
  readonly timestamp: number;
  readonly value: number;
}

const toPoint = ({ step, timestamp, value }: Metric): Point => ({ step: Number(step), timestamp: Number(timestamp), value });

const readHistory = async (tracking: TrackingStore, runId: string, key: string, signal?: AbortSignal): Promise<readonly Point[]> => {
  const history: Point[] = [];
  let pageToken: string | undefined;
  do {
    const page = await tracking.getMetricHistory({ runId: asRunId(runId), key, ...(pageToken !== undefined && { pageToken }) }, signal);
    history.push(...page.items.map(toPoint));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return history;
};

const toSeries = (runId: string, key: string, history: readonly Point[], { buckets, window }: HistoriesRequest): Series | undefined => {
  const axis = window?.axis ?? 'step';
  const other = axis === 'step' ? 'timestamp' : 'step';
  const shown = history
    .filter((point) => window === undefined || (point[axis] >= window.from && point[axis] <= window.to))
    .toSorted((a, b) => a[axis] - b[axis] || a[other] - b[other] || a.value - b.value);
  if (shown.length === 0) return undefined;
  const points = toPoints(shown);
  return { runId, key, points: pick(points, downSample(points, { axis, buckets, ...(window && { window }) })), total: shown.length };
};

const toPoints = (history: readonly Point[]): Points => ({
  steps: Float64Array.from(history, ({ step }) => step),
  timestamps: Float64Array.from(history, ({ timestamp }) => timestamp),
  values: Float64Array.from(history, ({ value }) => value),
});
