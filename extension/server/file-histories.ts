import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import { asRunId } from '../../schemas/ids.ts';
import { compareInt64 } from '../shared/int64.ts';
import { historyOf } from '../tracking/file-histories.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import type { Metric } from '../tracking/run.ts';
import { downSample, pick, type Points } from '../tracking/down-sampling.ts';
import type { HistoryReader } from './workbench-routes.ts';

/** Histories out of the files of an `mlruns/`, in the order that a database gives them in. */
export const fileHistories = (index: FileIndex): HistoryReader => ({
  read: (series, { buckets, window }) => {
    const run = index.run(asRunId(series.runId))?.run;
    const points = run === undefined ? [] : ordered(historyOf(run, series.key), window);
    if (points.length === 0) return undefined;
    const columns = toColumns(points);
    const kept = pick(columns, downSample(columns, { axis: window?.axis ?? 'step', buckets, ...(window && { window }) }));
    return { ...series, points: kept, total: points.length };
  },
  inOneSnapshot: (work) => work(),
});

const byStep = (a: Metric, b: Metric): number => compareInt64(a.step, b.step);

/** They come by time, step and value. */
const ordered = (metrics: readonly Metric[], window: HistoriesRequest['window']): readonly Metric[] => {
  if (window === undefined) return metrics.toSorted(byStep);
  const within = metrics.filter((metric) => metric[window.axis] >= window.from && metric[window.axis] <= window.to);
  return window.axis === 'timestamp' ? within : within.toSorted(byStep);
};

const toColumns = (metrics: readonly Metric[]): Points => ({
  steps: Float64Array.from(metrics, ({ step }) => Number(step)),
  timestamps: Float64Array.from(metrics, ({ timestamp }) => Number(timestamp)),
  values: Float64Array.from(metrics, ({ value }) => value),
});
