/**
 * SQLite lets any program put anything into any column. What MLflow cannot have written is shown as something that every client can read, and
 * said in the run's tag of problems.
 */
import type { Int64 } from '../../schemas/rest-api.ts';
import { fromStored, type StoredInteger } from '../shared/int64.ts';
import { isRunStatus, problemTag, type RunStatus, type Tag } from './run.ts';

/** Undefined where there is none, or something else. */
export const wholeNumber = (stored: StoredInteger | null): Int64 | undefined => {
  if (typeof stored === 'number') return Number.isInteger(stored) ? stored : undefined;
  return stored !== null && /^-?\d+$/.test(stored) ? fromStored(stored) : undefined;
};

export const knownStatus = (status: string | null): RunStatus => (status !== null && isRunStatus(status) ? status : 'FAILED');

interface OddRun {
  readonly status: string | null;
  readonly startTime: StoredInteger | null;
  readonly endTime: StoredInteger | null;
}

export const problemsOfRun = ({ status, startTime, endTime }: OddRun): readonly string[] => [
  ...(status !== null && isRunStatus(status) ? [] : [status === null ? 'it has no status' : `MLflow knows no status '${status}'`]),
  ...(isMissingOrWhole(startTime) ? [] : ['start_time is no time']),
  ...(isMissingOrWhole(endTime) ? [] : ['end_time is no time']),
];

const isMissingOrWhole = (stored: StoredInteger | null): boolean => stored === null || wholeNumber(stored) !== undefined;

interface OddMetric {
  readonly key: string;
  /** Of the type that the row says, but for other programs. */
  readonly value: unknown;
  readonly timestamp: StoredInteger;
  readonly step: StoredInteger;
}

export const problemsOfMetric = ({ key, value, timestamp, step }: OddMetric): readonly string[] => {
  const [hasValue, hasPlace] = [typeof value === 'number', wholeNumber(timestamp) !== undefined && wholeNumber(step) !== undefined];
  // Nearly always, and there are thousands of them.
  if (hasValue && hasPlace) return none;
  return [
    ...(hasValue ? [] : [`the value of the metric '${key}' is no number`]),
    ...(hasPlace ? [] : [`step or time of the metric '${key}' is no whole number`]),
  ];
};

const none: readonly string[] = [];

/** Named at most: of many the first ones tell enough. */
const mostNamed = 5;

/** In the place of a tag of that name, which nobody sets. */
export const withProblems = (tags: readonly Tag[], problems: readonly string[]): readonly Tag[] =>
  problems.length === 0 ? tags : [...tags.filter(({ key }) => key !== problemTag), { key: problemTag, value: problems.slice(0, mostNamed).join('; ') }];
