import { formatNumber, formatShortAge } from '../../../schemas/format.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Metric, Run, RunStatus } from '../run.ts';
import type { RunCount } from '../store-connection.ts';

/** Metrics beside a run's name: more would not fit into a side bar. */
const metricsInRow = 2;
/** Characters of a metric's name that leave room for its value and the age. */
const keyLength = 20;

export const runLabel = (run: Run): string => lineText(run.info.runName) || run.info.runId.slice(0, 8);

/** The chosen metrics that the run has; without a choice the first by name that are not the machine's own. */
export const chosenMetrics = (run: Run, chosen: readonly string[]): readonly Metric[] => {
  const byKey = new Map(run.latestMetrics.map((metric) => [metric.key, metric]));
  const wanted = chosen.flatMap((key) => byKey.get(key) ?? []);
  const shown = wanted.length > 0 ? wanted : run.latestMetrics.filter(({ key }) => !key.startsWith('system/')).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return shown.slice(0, metricsInRow);
};

/**
 * `3 m · rmse 0.78 · r2 0.11`. A side bar of the usual width has room for a dozen characters beside a
 * generated name: the age always fits, so it comes first, and the metric that was chosen first is next.
 */
export const runDescription = (run: Run, chosen: readonly string[], now: number): string => {
  const metrics = chosenMetrics(run, chosen).map(({ key, value }) => `${lineText(key, keyLength)} ${formatNumber(value)}`);
  const age = run.info.startTime === undefined ? [] : [formatShortAge(Number(run.info.startTime), now)];
  return [...age, ...metrics].join(' · ');
};

const statusWords: Readonly<Record<RunStatus, string>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};

export const statusWord = (status: RunStatus): string => statusWords[status];

/** What a screen reader says: the icon in words, too. */
export const runSpeech = (run: Run, chosen: readonly string[], now: number): string =>
  [runLabel(run), statusWord(run.info.status), runDescription(run, chosen, now).replaceAll(' · ', ', ')].filter((part) => part !== '').join(', ');

/** `2 running`, `12 runs`; what is loaded stands in where the server knows no totals. */
export const experimentDescription = (count: RunCount | undefined, loaded: { readonly runs: number; readonly hasMore: boolean } | undefined): string => {
  if (count !== undefined && count.running > 0) return `${count.running} running`;
  const runs = count?.runs ?? loaded?.runs;
  if (runs === undefined) return '';
  if (count?.runs === undefined && loaded?.hasMore === true) return `${runs}+ runs`;
  return runs === 1 ? '1 run' : `${runs.toLocaleString('en-US')} runs`;
};
