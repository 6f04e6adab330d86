import type { RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Tag } from '../tracking/run.ts';
import type { Stage } from './stage.ts';

export const modelVersionStatuses = ['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY'] as const;
export type ModelVersionStatus = (typeof modelVersionStatuses)[number];

export const isModelVersionStatus = (text: string): text is ModelVersionStatus => (modelVersionStatuses as readonly string[]).includes(text);

/** Texts are empty where a client left them out, and absent where the store holds nothing. */
export interface ModelVersion {
  readonly name: string;
  readonly version: number;
  /** ms since the epoch. */
  readonly creationTimestamp: number;
  readonly lastUpdatedTimestamp: number;
  readonly description?: string;
  readonly userId?: string;
  /** Absent on servers without stages. */
  readonly currentStage?: Stage;
  readonly source: string;
  readonly runId?: RunId;
  readonly runLink?: string;
  readonly status: ModelVersionStatus;
  readonly statusMessage?: string;
  readonly tags: readonly Tag[];
  /** MLflow leaves these out of search results and of a model's latest versions. */
  readonly aliases: readonly string[];
}

/** What `int()` of Python takes: a sign, blanks around and underscores between digits are fine. */
export const parseVersionNumber = (text: string): number => {
  const digits = /^\s*([+-]?\d+(?:_\d+)*)\s*$/.exec(text)?.[1];
  const version = Number(digits?.replaceAll('_', ''));
  if (Number.isSafeInteger(version)) return version;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Parameter 'version' must be an integer, got '${text}'.`);
};

export const versionNotFound = (name: string, version: number): MlflowError =>
  new MlflowError('RESOURCE_DOES_NOT_EXIST', `Model Version (name=${name}, version=${version}) not found`);
