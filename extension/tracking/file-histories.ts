import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import { compareInt64 } from '../shared/int64.ts';
import type { FileIndex } from './file-index.ts';
import { appendLines } from './file-io.ts';
import { metricLine, orderHistory, readMetricLines } from './file-metrics.ts';
import { pageOf } from './file-page.ts';
import type { RunFolder } from './file-run.ts';
import type { Metric } from './run.ts';
import { samplePlaces } from './sample-places.ts';
import type { GetMetricHistory, MetricHistories, Page, RunMetric, SampleMetricHistories } from './tracking-store.ts';
import { isUnsafeName } from './validation.ts';

/** Whole histories are read when asked for, and never kept. */
export const historyOf = (run: RunFolder, key: string): readonly Metric[] => {
  if (key === '' || isUnsafeName(key) || key.includes('\0')) return [];
  return orderHistory(readMetricLines(join(run.folder, 'metrics', ...key.split('/')), key)?.metrics ?? []);
};

/** As in MLflow's database a run that is not there has no points. */
export const readHistory = (index: FileIndex, search: GetMetricHistory): Page<Metric> => {
  const run = index.run(search.runId)?.run;
  const points = run === undefined ? [] : historyOf(run, search.key);
  return pageOf(points, 'points', { ...search, maxResults: search.maxResults ?? points.length + 1 });
};

/** Runs in the order of their ids; at most `maxResults` points in all. */
export const readHistories = (index: FileIndex, { runIds, key, maxResults }: MetricHistories): readonly RunMetric[] => {
  const points: RunMetric[] = [];
  for (const runId of [...new Set(runIds)].toSorted()) {
    const run = index.run(runId)?.run;
    if (run !== undefined) for (const metric of historyOf(run, key)) points.push({ ...metric, runId });
    if (points.length >= maxResults) break;
  }
  return points.slice(0, maxResults);
};

export const sampleHistories = (index: FileIndex, { runIds, key, maxResults, steps }: SampleMetricHistories): readonly RunMetric[] =>
  runIds.flatMap((runId) => {
    const run = index.run(runId)?.run;
    const { from = -Infinity, to = Infinity } = steps ?? {};
    const all = run === undefined ? [] : historyOf(run, key).filter(({ step }) => step >= from && step <= to);
    const points = all.toSorted((a, b) => compareInt64(a.step, b.step));
    return samplePlaces(points.length, maxResults).flatMap((place) => {
      const metric = points[place];
      return metric === undefined ? [] : [{ ...metric, runId }];
    });
  });

/** Points of one metric are added to its file in one write. */
export const logMetrics = (run: RunFolder, metrics: readonly Metric[]): void => {
  for (const [key, points] of Map.groupBy(metrics, (metric) => metric.key)) {
    for (const point of points) checkDataset(point);
    appendLines(join(run.folder, 'metrics', key), points.map(metricLine).join(''));
  }
  run.check(true);
};

/** The words of a line stand between blanks. */
const checkDataset = ({ datasetName = '', datasetDigest = '' }: Metric): void => {
  if (!/\s/.test(datasetName + datasetDigest)) return;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `A file store cannot keep metrics of a dataset whose name or digest has blanks: '${datasetName}'`);
};
