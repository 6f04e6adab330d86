import type { Metric, Run } from './run.ts';

/** Metrics beside a run's name: more would not fit into a side bar. */
const metricsInRow = 2;

/** The chosen metrics that the run has; without a choice the first by name that are not the machine's own. */
export const chosenMetrics = (run: Run, chosen: readonly string[]): readonly Metric[] => {
  const byKey = new Map(run.latestMetrics.map((metric) => [metric.key, metric]));
  const wanted = chosen.flatMap((key) => byKey.get(key) ?? []);
  const shown = wanted.length > 0 ? wanted : run.latestMetrics.filter(({ key }) => !key.startsWith('system/')).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return shown.slice(0, metricsInRow);
};
