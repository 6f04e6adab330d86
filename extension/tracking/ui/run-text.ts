import { formatNumber, formatShortAge } from '../../../schemas/format.ts';
import { lineText } from '../../host/hostile-text.ts';
import { chosenMetrics } from '../chosen-metrics.ts';
import type { Run, RunStatus } from '../run.ts';
import type { RunCount } from '../store-connection.ts';

/** Characters of a metric's name that leave room for its value and the age. */
const keyLength = 20;

export const runLabel = (run: Run): string => lineText(run.info.runName) || run.info.runId.slice(0, 8);

/** Keys without the folders that all of them are in: `loss` and `accuracy` of `train/loss` and `train/accuracy`. */
const namesInRow = (keys: readonly string[]): readonly string[] => {
  const paths = keys.map((key) => key.split('/'));
  const folders = paths[0]?.slice(0, -1) ?? [];
  const own = folders.findIndex((folder, depth) => paths.some((path) => path.length <= depth + 1 || path[depth] !== folder));
  const shared = paths.length < 2 ? 0 : own < 0 ? folders.length : own;
  return paths.map((path) => path.slice(shared).join('/'));
};

/**
 * `3 m · rmse 0.78 · r2 0.11`, without the folders that the metrics' keys share. A side bar of the usual width has room for a dozen characters beside a
 * generated name: the age always fits, so it comes first, and the metric that was chosen first is next.
 */
export const runDescription = (run: Run, chosen: readonly string[], now: number): string => {
  const shown = chosenMetrics(run, chosen);
  const names = namesInRow(shown.map(({ key }) => key));
  const metrics = shown.map(({ value }, at) => `${lineText(names[at] ?? '', keyLength)} ${formatNumber(value)}`);
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
