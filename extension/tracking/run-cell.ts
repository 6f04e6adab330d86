import type { RunCell } from '../../schemas/workbench-api.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { isLater } from './file-metrics.ts';
import type { Metric } from './run.ts';
import { attributeOf, type SearchedRun } from './search/run-matches.ts';
import type { HistoryFunction, RunTerm } from './search/rich/run-term.ts';
import { compareTexts } from './search/text-match.ts';

/** A run in memory, of which each part may be read only when it is asked for. */
export interface TermRun extends SearchedRun {
  history(key: string): readonly Metric[];
  /** Names of the models that it has logged. */
  readonly models: readonly string[];
}

/** Of a number that JSON has not, its name. */
export const toCell = (value: string | Int64 | null | undefined): RunCell => {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
};

/** What a run has; undefined where it has none. */
export const termValue = (run: TermRun, term: RunTerm): string | Int64 | undefined => {
  switch (term.kind) {
    case 'attribute':
      return attributeValue(run, term.key);
    case 'metric':
      return run.metric(term.key);
    case 'parameter':
      return run.param(term.key);
    case 'tag':
      return run.tag(term.key);
    case 'history':
      return summaryOf(run.history(term.key), term.of);
    case 'step':
      return valueAt(run.history(term.key), term.step);
    case 'datasets':
    case 'dataset':
      return joined(run.datasetInputs.map(({ dataset }) => `${dataset.name} (${dataset.digest})`));
    case 'models':
      return joined(run.models);
    default:
      return term satisfies never;
  }
};

const attributeValue = (run: TermRun, key: string): string | Int64 | undefined => {
  const { startTime, endTime, experimentId, lifecycleStage } = run.info;
  switch (key) {
    case 'duration':
      return startTime === undefined || endTime === undefined ? undefined : Number(endTime) - Number(startTime);
    case 'experiment_id':
      return experimentId;
    case 'lifecycle_stage':
      return lifecycleStage;
    default:
      return attributeOf(run.info, key);
  }
};

const joined = (names: readonly string[]): string | undefined => (names.length === 0 ? undefined : [...new Set(names)].toSorted(compareTexts).join(', '));

const summaryOf = (history: readonly Metric[], of: HistoryFunction): number | undefined => {
  const values = history.map(({ value }) => value).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return undefined;
  switch (of) {
    case 'min':
      return values.reduce((a, b) => Math.min(a, b));
    case 'max':
      return values.reduce((a, b) => Math.max(a, b));
    case 'mean':
      return values.reduce((a, b) => a + b) / values.length;
    default:
      return of satisfies never;
  }
};

/** Of several points at one step the latest. */
const valueAt = (history: readonly Metric[], step: Int64): number | undefined =>
  history
    .filter((metric) => metric.step === step)
    .reduce<Metric | undefined>((found, metric) => (found === undefined || isAfter(metric, found) ? metric : found), undefined)?.value;

const isAfter = (a: Metric, b: Metric): boolean => (a.timestamp === b.timestamp && Number.isNaN(b.value) ? !Number.isNaN(a.value) : isLater(a, b));
