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

const readHistory = async (tracking: TrackingStore, runId: string, key: string, signal?: AbortSignal): Promise<readonly Metric[]> => {
  const metrics: Metric[] = [];
  let pageToken: string | undefined;
  do {
    const page = await tracking.getMetricHistory({ runId: asRunId(runId), key, ...(pageToken !== undefined && { pageToken }) }, signal);
    metrics.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return metrics;
};

const toSeries = (runId: string, key: string, metrics: readonly Metric[], { buckets, window }: HistoriesRequest): Series | undefined => {
  const axis = window?.axis ?? 'step';
  const other = axis === 'step' ? 'timestamp' : 'step';
  const shown = metrics
    .filter((metric) => window === undefined || (metric[axis] >= window.from && metric[axis] <= window.to))
    .toSorted((a, b) => a[axis] - b[axis] || a[other] - b[other] || a.value - b.value);
  if (shown.length === 0) return undefined;
  const points = toPoints(shown);
  return { runId, key, points: pick(points, downSample(points, { axis, buckets, ...(window && { window }) })), total: shown.length };
};

const toPoints = (metrics: readonly Metric[]): Points => ({
  steps: Float64Array.from(metrics, ({ step }) => step),
  timestamps: Float64Array.from(metrics, ({ timestamp }) => timestamp),
  values: Float64Array.from(metrics, ({ value }) => value),
});
