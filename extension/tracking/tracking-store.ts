import type { ExperimentId, ModelId, RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import type { JsonPiece } from '../shared/json.ts';
import type { Experiment, ViewType } from './experiment.ts';
import type { DatasetInput, Metric, Param, Run, RunInfo, RunStatus, Tag } from './run.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. Opaque: hand it back as it came. */
  readonly nextPageToken?: string;
}

export interface SearchExperiments {
  /** MLflow's search language; empty means all. */
  readonly filter?: string;
  readonly viewType?: ViewType;
  readonly orderBy?: readonly string[];
  /** 1 to 50,000. */
  readonly maxResults: number;
  readonly pageToken?: string;
}

export interface SearchRuns extends SearchExperiments {
  readonly experimentIds: readonly ExperimentId[];
}

export interface CreateRun {
  readonly experimentId: ExperimentId;
  readonly userId?: string;
  readonly runName?: string;
  /** ms since the epoch. */
  readonly startTime: Int64;
  readonly tags: readonly Tag[];
}

export interface UpdateRun {
  readonly runId: RunId;
  readonly status?: RunStatus;
  readonly endTime?: Int64;
  readonly runName?: string;
}

export interface LogBatch {
  readonly runId: RunId;
  /** At most 1,000 metrics, 100 params, 100 tags, 1,000 in all. */
  readonly metrics?: readonly Metric[];
  readonly params?: readonly Param[];
  readonly tags?: readonly Tag[];
}

export interface GetMetricHistory {
  readonly runId: RunId;
  readonly key: string;
  readonly maxResults?: number;
  readonly pageToken?: string;
}

export type RunMetric = Metric & { readonly runId: RunId };

export interface MetricHistories {
  readonly runIds: readonly RunId[];
  readonly key: string;
  readonly maxResults: number;
}

export interface SampleMetricHistories extends MetricHistories {
  /** Both included. `maxResults` counts for each run. */
  readonly steps?: { readonly from: number; readonly to: number };
}

export interface DatasetSummary {
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly digest: string;
  /** The value of the tag `mlflow.data.context` of one of its inputs. */
  readonly context?: string;
}

/**
 * Experiments and runs of one store, in MLflow's verbs. A promise of a write resolves when the write is
 * committed. Failures are MlflowError with MLflow's code and message.
 */
export interface TrackingStore {
  createExperiment(experiment: { readonly name: string; readonly artifactLocation?: string; readonly tags?: readonly Tag[] }): Promise<ExperimentId>;
  getExperiment(experimentId: ExperimentId, signal?: AbortSignal): Promise<Experiment>;
  /** Finds deleted ones too. */
  getExperimentByName(name: string, signal?: AbortSignal): Promise<Experiment>;
  searchExperiments(search: SearchExperiments, signal?: AbortSignal): Promise<Page<Experiment>>;
  renameExperiment(experimentId: ExperimentId, newName: string): Promise<void>;
  deleteExperiment(experimentId: ExperimentId): Promise<void>;
  restoreExperiment(experimentId: ExperimentId): Promise<void>;
  setExperimentTag(experimentId: ExperimentId, tag: Tag): Promise<void>;
  deleteExperimentTag(experimentId: ExperimentId, key: string): Promise<void>;

  createRun(run: CreateRun): Promise<Run>;
  updateRun(update: UpdateRun): Promise<RunInfo>;
  getRun(runId: RunId, signal?: AbortSignal): Promise<Run>;
  deleteRun(runId: RunId): Promise<void>;
  restoreRun(runId: RunId): Promise<void>;
  searchRuns(search: SearchRuns, signal?: AbortSignal): Promise<Page<Run>>;

  logMetric(runId: RunId, metric: Metric): Promise<void>;
  logParam(runId: RunId, param: Param): Promise<void>;
  setTag(runId: RunId, tag: Tag): Promise<void>;
  deleteTag(runId: RunId, key: string): Promise<void>;
  logBatch(batch: LogBatch): Promise<void>;
  logInputs(runId: RunId, datasets: readonly DatasetInput[], models?: readonly { readonly modelId: ModelId }[]): Promise<void>;
  logOutputs(runId: RunId, models: readonly { readonly modelId: ModelId; readonly step: Int64 }[]): Promise<void>;

  /** Ordered by timestamp, then step, then value. */
  getMetricHistory(search: GetMetricHistory, signal?: AbortSignal): Promise<Page<Metric>>;
}

/** What stands around and between the numbers of a point, and for those that JSON does not have, where points are written as text. */
export interface PointPieces {
  readonly beforeValue: string;
  readonly beforeTimestamp: string;
  readonly beforeStep: string;
  readonly end: string;
  readonly nan: string;
  readonly infinity: string;
  readonly minusInfinity: string;
}

/** A run whose many parts are JSON already: lists of `Metric`, `Param` and `Tag`. JSON has no NaN: that is a text. */
export interface RunText extends Pick<Run, 'info' | 'datasetInputs' | 'modelInputs' | 'modelOutputs'> {
  readonly latestMetrics: string;
  readonly params: string;
  readonly tags: string;
}

/** What MLflow's server answers beyond what its clients need: a store that can be served. */
export interface ServedTrackingStore extends TrackingStore {
  /** As `searchRuns`; undefined where something has to be said of a run that its rows do not tell as they are. */
  searchRunTexts?(search: SearchRuns): Promise<Page<RunText> | undefined>;
  /** As `getMetricHistory`: points one after the other with commas between them. Undefined where that would be a page of several. */
  getMetricHistoryJson?(search: GetMetricHistory, pieces: PointPieces): Promise<readonly JsonPiece[] | undefined>;
  /** As `sampleMetricHistories`: such points for each run that has some. */
  sampleMetricJson?(search: SampleMetricHistories, piecesOf: (runId: RunId) => PointPieces): Promise<readonly (readonly JsonPiece[])[]>;
  /** Points of many runs, ordered by run id, timestamp, step and value. */
  getMetricHistories(search: MetricHistories): Promise<readonly RunMetric[]>;
  /** An even sample of each run's points, the first and the last among them. */
  sampleMetricHistories(search: SampleMetricHistories): Promise<readonly RunMetric[]>;
  searchDatasets(experimentIds: readonly string[]): Promise<readonly DatasetSummary[]>;
  /** Clients of MLflow 2 write a logged model into a tag of its run. */
  recordLoggedModel(runId: RunId, model: Readonly<Record<string, unknown>>): Promise<void>;
}
