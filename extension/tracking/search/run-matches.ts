import type { Int64 } from '../../../schemas/rest-api.ts';
import { compareInt64 } from '../../shared/int64.ts';
import type { DatasetInput, RunInfo } from '../run.ts';
import { conditionHolds, numberConditionHolds } from './condition-holds.ts';
import type { Condition } from './comparison.ts';
import type { RunComparison } from './runs-filter.ts';
import { compareTexts } from './text-match.ts';
import type { RunOrderKey } from './runs-order.ts';

type Value = string | Int64;

/** What a search in memory asks of a run; each part may be read only now. */
export interface SearchedRun {
  readonly info: RunInfo;
  metric(key: string): number | undefined;
  param(key: string): string | undefined;
  tag(key: string): string | undefined;
  readonly datasetInputs: readonly DatasetInput[];
}

/** Whether all comparisons hold: the same tree that becomes SQL, for stores without a database. */
export const runMatches = (run: SearchedRun, comparisons: readonly RunComparison[]): boolean =>
  comparisons.every((comparison) => comparisonHolds(run, comparison));

export const comparisonHolds = (run: SearchedRun, comparison: RunComparison): boolean => {
  const { entity, key } = comparison;
  switch (entity) {
    case 'attribute':
      // MLflow looks at the tag: runs of old releases have no name of their own.
      return conditionHolds(key === 'run_name' ? run.tag('mlflow.runName') : attributeOf(run.info, key), comparison);
    case 'metric':
      return numberConditionHolds(run.metric(key), comparison);
    case 'parameter':
      return conditionHolds(run.param(key), comparison);
    case 'tag':
      return conditionHolds(run.tag(key), comparison);
    case 'dataset':
      return datasetHolds(run, key, comparison);
    default:
      return entity satisfies never;
  }
};

export const attributeOf = (info: RunInfo, key: string): Value | undefined => {
  switch (key) {
    case 'run_id':
      return info.runId;
    case 'run_name':
      return info.runName;
    case 'status':
      return info.status;
    case 'user_id':
      return info.userId;
    case 'artifact_uri':
      return info.artifactUri;
    case 'start_time':
      return info.startTime;
    case 'end_time':
      return info.endTime;
    default:
      return undefined;
  }
};

const datasetHolds = ({ datasetInputs }: SearchedRun, key: string, condition: Condition): boolean =>
  datasetInputs.some(({ dataset, tags }) => {
    if (key === 'context') return tags.some((tag) => tag.key === 'mlflow.data.context' && conditionHolds(tag.value, condition));
    return conditionHolds(key === 'name' ? dataset.name : dataset.digest, condition);
  });

/** Values first, then NaN, then runs without the key, in either direction; the newest run first among equals. */
export const compareRuns = (keys: readonly RunOrderKey[]): ((a: SearchedRun, b: SearchedRun) => number) => {
  const startTime = { entity: 'attribute', key: 'start_time', ascending: false } as const;
  const all = keys.some(({ entity, key }) => entity === 'attribute' && key === 'start_time') ? keys : [...keys, startTime];
  return (a, b) => {
    for (const key of all) {
      const difference = compareValues(valueOf(a, key), valueOf(b, key), key.ascending);
      if (difference !== 0) return difference;
    }
    return compareTexts(a.info.runId, b.info.runId);
  };
};

const valueOf = (run: SearchedRun, { entity, key }: RunOrderKey): Value | undefined => {
  switch (entity) {
    case 'attribute':
      return attributeOf(run.info, key);
    case 'metric':
      return run.metric(key);
    case 'tag':
      return run.tag(key);
    default:
      return run.param(key);
  }
};

/** Values first, then NaN, then nothing, in either direction. */
export const compareValues = (a: Value | undefined, b: Value | undefined, ascending: boolean): number => {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  if (rankA !== rankB || rankA > 0) return rankA - rankB;
  const difference = typeof a === 'string' || typeof b === 'string' ? compareTexts(String(a), String(b)) : compareInt64(a ?? 0, b ?? 0);
  return ascending ? difference : -difference;
};

const rankOf = (value: Value | undefined): number => (value === undefined ? 2 : typeof value === 'number' && Number.isNaN(value) ? 1 : 0);
