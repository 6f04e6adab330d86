import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';

/** MLflow's own experiment, `Default`. */
const defaultExperiment = asExperimentId('0');

/** The experiment that was chosen by name, made when it is new; else what MLflow's variables say; else `Default`. */
export const resolveExperiment = async (
  tracking: TrackingStore,
  chosenName: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExperimentId> => {
  const name = chosenName ?? environment['MLFLOW_EXPERIMENT_NAME'];
  if (name !== undefined && name !== '') return await experimentNamed(tracking, name);
  const id = environment['MLFLOW_EXPERIMENT_ID'];
  return id === undefined || id === '' ? defaultExperiment : asExperimentId(id);
};

const experimentNamed = async (tracking: TrackingStore, name: string): Promise<ExperimentId> => {
  try {
    return (await tracking.getExperimentByName(name)).experimentId;
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return await tracking.createExperiment({ name });
    throw error;
  }
};
