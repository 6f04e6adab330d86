import type { ModelId, RunId } from '../../schemas/ids.ts';
import type { Tag } from '../tracking/run.ts';
import type { Page } from '../tracking/tracking-store.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import type { Stage } from './stage.ts';

export interface CreateRegisteredModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly Tag[];
}

export interface CreateModelVersion {
  readonly name: string;
  /** `models:/m-…`, `models:/name/3`, `models:/name@alias`, `runs:/id/path`, or a location inside the run's or the model's artifacts. */
  readonly source: string;
  /** Taken from the source where that is a model and no run is named. */
  readonly runId?: RunId;
  readonly modelId?: ModelId;
  readonly runLink?: string;
  readonly description?: string;
  readonly tags?: readonly Tag[];
}

export interface TransitionModelVersionStage {
  readonly name: string;
  readonly version: number;
  readonly stage: Stage;
  /** Moves the other versions in that stage to Archived; for Staging and Production only. */
  readonly archiveExistingVersions?: boolean;
}

export interface SearchModels {
  /** MLflow's search language; empty means all. */
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  /** At most 1,000 models, 200,000 versions. */
  readonly maxResults: number;
  readonly pageToken?: string;
}

/**
 * The model registry of one store, in MLflow's verbs. A promise of a write resolves when the write is
 * committed. Failures are MlflowError with MLflow's code and message.
 */
export interface RegistryStore {
  createRegisteredModel(model: CreateRegisteredModel): Promise<RegisteredModel>;
  getRegisteredModel(name: string, signal?: AbortSignal): Promise<RegisteredModel>;
  updateRegisteredModel(name: string, description: string): Promise<RegisteredModel>;
  renameRegisteredModel(name: string, newName: string): Promise<RegisteredModel>;
  /** With its versions, tags and aliases. */
  deleteRegisteredModel(name: string): Promise<void>;
  /** By name unless ordered otherwise. Prompts are left out unless the filter asks for them. */
  searchRegisteredModels(search: SearchModels, signal?: AbortSignal): Promise<Page<RegisteredModel>>;
  setRegisteredModelTag(name: string, tag: Tag): Promise<void>;
  deleteRegisteredModelTag(name: string, key: string): Promise<void>;
  /** Moves the alias when another version has it. */
  setRegisteredModelAlias(name: string, alias: string, version: number): Promise<void>;
  deleteRegisteredModelAlias(name: string, alias: string): Promise<void>;

  createModelVersion(version: CreateModelVersion): Promise<ModelVersion>;
  getModelVersion(name: string, version: number, signal?: AbortSignal): Promise<ModelVersion>;
  /** `latest` is the highest version. */
  getModelVersionByAlias(name: string, alias: string, signal?: AbortSignal): Promise<ModelVersion>;
  /** The highest version of each of these stages; of all stages when none is named. */
  getLatestVersions(name: string, stages?: readonly Stage[], signal?: AbortSignal): Promise<readonly ModelVersion[]>;
  /** Without a description the version has none. */
  updateModelVersion(name: string, version: number, description?: string): Promise<ModelVersion>;
  transitionModelVersionStage(transition: TransitionModelVersionStage): Promise<ModelVersion>;
  /** Its number is not used again, its aliases go. */
  deleteModelVersion(name: string, version: number): Promise<void>;
  /** Newest change first unless ordered otherwise. Prompts are left out unless the filter asks for them. */
  searchModelVersions(search: SearchModels, signal?: AbortSignal): Promise<Page<ModelVersion>>;
  /** Where the files are. */
  getModelVersionDownloadUri(name: string, version: number, signal?: AbortSignal): Promise<string>;
  setModelVersionTag(name: string, version: number, tag: Tag): Promise<void>;
  deleteModelVersionTag(name: string, version: number, key: string): Promise<void>;
}
