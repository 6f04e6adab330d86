import type { PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';

/** What can go for good, and the folder that goes with it. */
export interface DeletedItem {
  readonly id: string;
  readonly artifactUri: string;
}

export interface DeletedItems {
  readonly runs: readonly DeletedItem[];
  readonly models: readonly DeletedItem[];
  readonly experimentIds: readonly string[];
}

export interface Candidate extends DeletedItem {
  readonly experimentId: string;
  readonly isDeleted: boolean;
}

export interface Candidates {
  readonly experiments: readonly Candidate[];
  readonly runs: readonly Candidate[];
  readonly models: readonly Candidate[];
}

/** What a request is about; throws when it names something that is not deleted, or not there. */
export const chooseDeleted = ({ experiments, runs, models }: Candidates, request: PermanentDeletionRequest): DeletedItems => {
  const { runIds = [], experimentIds = [], modelIds = [] } = request;
  const isEverything = runIds.length + experimentIds.length + modelIds.length === 0;
  const choose = (candidates: readonly Candidate[], ids: readonly string[], what: string): readonly Candidate[] => {
    if (isEverything) return candidates.filter(({ isDeleted }) => isDeleted);
    return ids.map((id) => requireDeleted(candidates, id, what));
  };
  const chosen = new Set(choose(experiments, experimentIds, 'Experiment').map(({ id }) => id));
  const withExperiment = (candidates: readonly Candidate[], ids: readonly string[], what: string): readonly Candidate[] => [
    ...new Set([...choose(candidates, ids, what), ...candidates.filter(({ experimentId }) => chosen.has(experimentId))]),
  ];
  return { runs: withExperiment(runs, runIds, 'Run'), models: withExperiment(models, modelIds, 'Logged model'), experimentIds: [...chosen] };
};

const requireDeleted = (candidates: readonly Candidate[], id: string, what: string): Candidate => {
  const found = candidates.find((one) => one.id === id);
  if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${what} with id=${id} not found`);
  if (!found.isDeleted) throw new MlflowError('INVALID_PARAMETER_VALUE', `${what} ${id} is not deleted. Only what is deleted can be deleted permanently.`);
  return found;
};
