import type { ExperimentId, ModelId, RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { pythonJsonText, pythonRepr } from '../shared/python-text.ts';
import type { Metric, Param, Tag } from './run.ts';

export const loggedModelStatuses = ['UNSPECIFIED', 'PENDING', 'READY', 'UPLOAD_FAILED'] as const;
export type LoggedModelStatus = (typeof loggedModelStatuses)[number];

/** MLflow 3's record of a model that a run has logged. Texts are empty where a client left them out, and absent where the store holds nothing. */
export interface LoggedModel {
  readonly modelId: ModelId;
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly artifactLocation: string;
  /** ms since the epoch. */
  readonly creationTimestamp: number;
  readonly lastUpdatedTimestamp: number;
  readonly status: LoggedModelStatus;
  readonly statusMessage?: string;
  readonly modelType?: string;
  readonly sourceRunId?: RunId;
  readonly tags: readonly Tag[];
  readonly params: readonly Param[];
  readonly metrics: readonly LoggedModelMetric[];
}

export interface LoggedModelMetric extends Metric {
  readonly runId: RunId;
}

export const loggedModelNotFound = (modelId: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${modelId}' not found.`);

export const checkLoggedModelName = (name: string): void => {
  if (name !== '' && !/[/:.%"']/.test(name)) return;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid model name (${pythonRepr(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
};

/** What a version of a registered model takes from the logged model that it comes from. */
export interface LoggedModelOrigin {
  readonly artifactLocation: string;
  readonly sourceRunId: string | null;
}

export interface RegisteredVersion {
  readonly name: string;
  readonly version: number;
}

/** MLflow keeps the versions made of a logged model in this tag of it, as a JSON list. */
export const modelVersionsTag = 'mlflow.modelVersions';

export const addModelVersion = (tag: string, version: RegisteredVersion): string => pythonJsonText([...readVersions(tag), version]);

const readVersions = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
