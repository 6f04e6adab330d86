import { MlflowError } from '../shared/errors.ts';

export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
/** MLflow's old lifecycle label of a version; deprecated since 2.9, still working everywhere but in Unity Catalog. */
export type Stage = (typeof stages)[number];

const activeStages: readonly Stage[] = ['Staging', 'Production'];

export const isStage = (text: string): text is Stage => (stages as readonly string[]).includes(text);

/** In any case of letters. */
export const parseStage = (text: string): Stage => {
  const stage = stages.find((one) => one.toLowerCase() === text.toLowerCase());
  if (stage !== undefined) return stage;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid Model Version stage: ${text}. Value must be one of ${stages.join(', ')}.`);
};

/** Only versions that leave an active stage can be archived along with a transition. MLflow says 500 here, which clients retry. */
export const checkCanArchive = (stage: Stage): void => {
  if (activeStages.includes(stage)) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
  );
};
