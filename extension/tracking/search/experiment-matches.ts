import type { Experiment } from '../experiment.ts';
import { conditionHolds } from './condition-holds.ts';
import type { ExperimentAttribute, ExperimentComparison, ExperimentOrderKey } from './experiments-filter.ts';
import { compareNumbers, compareTexts } from './text-match.ts';

export const experimentMatches = (experiment: Experiment, comparisons: readonly ExperimentComparison[]): boolean =>
  comparisons.every((comparison) => conditionHolds(valueOf(experiment, comparison), comparison));

const valueOf = (experiment: Experiment, comparison: ExperimentComparison): string | number | undefined =>
  comparison.entity === 'attribute' ? attributeOf(experiment, comparison.key) : experiment.tags.find(({ key }) => key === comparison.key)?.value;

const attributeOf = (experiment: Experiment, key: ExperimentAttribute): string | number | undefined => {
  switch (key) {
    case 'name':
      return experiment.name;
    case 'experiment_id':
      return experiment.experimentId;
    case 'creation_time':
      return experiment.creationTime;
    case 'last_update_time':
      return experiment.lastUpdateTime;
    default:
      return key satisfies never;
  }
};

export const compareExperiments =
  (keys: readonly ExperimentOrderKey[]) =>
  (a: Experiment, b: Experiment): number => {
    for (const { key, ascending } of keys) {
      const difference = key === 'experiment_id' ? compareIds(a, b) : compareValues(attributeOf(a, key), attributeOf(b, key));
      if (difference !== 0) return ascending ? difference : -difference;
    }
    return 0;
  };

/** Ids are integers of any size. */
const compareIds = (a: Experiment, b: Experiment): number => Number(BigInt(a.experimentId) - BigInt(b.experimentId));

/** An absent time is less than any, as NULL is in SQLite. */
const compareValues = (a: string | number | undefined, b: string | number | undefined): number => {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return typeof a === 'number' && typeof b === 'number' ? compareNumbers(a, b) : compareTexts(String(a), String(b));
};
