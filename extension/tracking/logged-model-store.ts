import type { ExperimentId, ModelId, RunId } from '../../schemas/ids.ts';
import type { LoggedModel, LoggedModelStatus } from './logged-model.ts';
import type { Param, Tag } from './run.ts';
import type { Page } from './tracking-store.ts';

export interface CreateLoggedModel {
  readonly experimentId: ExperimentId;
  /** A random one when absent. */
  readonly name?: string;
  readonly modelType?: string;
  readonly sourceRunId?: RunId;
  readonly params?: readonly Param[];
  readonly tags?: readonly Tag[];
}

export interface DatasetFilter {
  readonly name: string;
  readonly digest?: string;
}

export interface LoggedModelOrder {
  /** A column such as `creation_timestamp`, or `metrics.<key>` for the metric's latest value. */
  readonly fieldName: string;
  readonly ascending?: boolean;
  /** Only values that were measured on this dataset. */
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface SearchLoggedModels {
  readonly experimentIds: readonly ExperimentId[];
  /** MLflow's search language; empty means all. */
  readonly filter?: string;
  /** Restricts comparisons of metrics to these datasets; without any, to models that have metrics on them. */
  readonly datasets?: readonly DatasetFilter[];
  readonly orderBy?: readonly LoggedModelOrder[];
  readonly maxResults: number;
  readonly pageToken?: string;
}

/**
 * Logged models of one store, in MLflow's verbs. A promise of a write resolves when the write is committed.
 * Failures are MlflowError with MLflow's code and message.
 */
export interface LoggedModelStore {
  createLoggedModel(model: CreateLoggedModel): Promise<LoggedModel>;
  /** Not a deleted one, unless asked for. */
  getLoggedModel(modelId: ModelId, options?: { readonly allowDeleted?: boolean }, signal?: AbortSignal): Promise<LoggedModel>;
  finalizeLoggedModel(modelId: ModelId, status: LoggedModelStatus): Promise<LoggedModel>;
  deleteLoggedModel(modelId: ModelId): Promise<void>;
  /** Newest first unless ordered otherwise. */
  searchLoggedModels(search: SearchLoggedModels, signal?: AbortSignal): Promise<Page<LoggedModel>>;
  setLoggedModelTags(modelId: ModelId, tags: readonly Tag[]): Promise<void>;
  deleteLoggedModelTag(modelId: ModelId, key: string): Promise<void>;
  /** A param is written once. */
  logLoggedModelParams(modelId: ModelId, params: readonly Param[]): Promise<void>;
}
