import { formatNumber, formatShortAge } from '../../../schemas/format.ts';
import { lineText } from '../../host/hostile-text.ts';
import { chosenMetrics } from '../chosen-metrics.ts';
import type { Run, RunStatus } from '../run.ts';
import type { RunCount } from '../store-connection.ts';

/** Characters of a metric's name that leave room for its value and the age. */
const keyLength = 20;

export const runLabel = (run: Run): string => lineText(run.info.runName) || run.info.runId.slice(0, 8);

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
