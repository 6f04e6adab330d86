import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { asRunId, type ExperimentId, type ModelId, type RunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { appendToLocation, checkLocation, resolveLocation } from './artifact-uri.ts';
import type { Experiment } from './experiment.ts';
import { createExperiment, experimentByName, getActiveExperiment, getExperiment, moveExperiment, searchExperiments } from './file-experiments.ts';
import type { FileIndex, FoundRun } from './file-index.ts';
import { writeDatasetInput, writeModelInput, writeModelOutput } from './file-inputs.ts';
import { removeFile, writeWhole } from './file-io.ts';
import { isPlainName } from './file-layout.ts';
import { findLoggedModel, logModelMetrics } from './file-logged-models.ts';
import { logMetrics, readHistories, readHistory, sampleHistories } from './file-histories.ts';
import { createRun, getActiveRun, getRun, logParams, setRunStage, setRunTag, updateRun } from './file-runs.ts';
import { searchDatasets, searchRuns } from './file-search.ts';
import { nameNewRun } from './run-name.ts';
import type { DatasetInput, Metric, Param, Run, RunInfo, Tag } from './run.ts';
import type {
  CreateRun,
  DatasetSummary,
  GetMetricHistory,
  LogBatch,
  MetricHistories,
  Page,
  RunMetric,
  SampleMetricHistories,
  SearchExperiments,
  SearchRuns,
  ServedTrackingStore,
  UpdateRun,
} from './tracking-store.ts';
import * as validation from './validation.ts';

const loggedModelsTag = 'mlflow.log-model.history';

export interface FileTrackingStoreOptions {
  /** Where experiments without a location of their own keep their artifacts; as with MLflow in their folder when absent. */
  readonly artifactRoot?: string;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** Experiments and runs in the folders and files of MLflow's `mlruns/`. */
export class FileTrackingStore implements ServedTrackingStore {
  readonly #index: FileIndex;
  readonly #artifactRoot: string | undefined;
  readonly #now: () => number;

  constructor(index: FileIndex, { artifactRoot, now = Date.now }: FileTrackingStoreOptions = {}) {
    this.#index = index;
    this.#artifactRoot = artifactRoot;
    this.#now = now;
  }

  async createExperiment({ name, artifactLocation = '', tags = [] }: Parameters<ServedTrackingStore['createExperiment']>[0]): Promise<ExperimentId> {
    validation.checkExperimentName(name);
    checkLocation(artifactLocation);
    tags.forEach(validation.checkExperimentTag);
    refuseTakenName(this.#index, name, 'RESOURCE_ALREADY_EXISTS');
    const location = artifactLocation === '' ? undefined : resolveLocation(artifactLocation, this.#index.root);
    return createExperiment(this.#index, { name, tags, time: this.#now(), location, artifactRoot: this.#artifactRoot });
  }

  async getExperiment(experimentId: ExperimentId): Promise<Experiment> {
    return getExperiment(this.#index, experimentId).experiment;
  }

  async getExperimentByName(name: string): Promise<Experiment> {
    const found = experimentByName(this.#index, name);
    if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`);
    return found;
  }

  async searchExperiments(search: SearchExperiments): Promise<Page<Experiment>> {
    return searchExperiments(this.#index, search);
  }

  async renameExperiment(experimentId: ExperimentId, newName: string): Promise<void> {
    validation.checkExperimentName(newName);
    const found = getExperiment(this.#index, experimentId);
    const { lifecycleStage, name } = found.experiment;
    if (lifecycleStage !== 'active') throw new MlflowError('INVALID_PARAMETER_VALUE', 'Cannot rename a non-active experiment.');
    if (name !== newName) refuseTakenName(this.#index, newName, 'BAD_REQUEST');
    found.meta.update({ name: newName, last_update_time: this.#now() });
    found.check();
  }

  async deleteExperiment(experimentId: ExperimentId): Promise<void> {
    moveExperiment(this.#index, getExperiment(this.#index, experimentId, 'ACTIVE_ONLY'), 'deleted', this.#now());
  }

  async restoreExperiment(experimentId: ExperimentId): Promise<void> {
    moveExperiment(this.#index, getExperiment(this.#index, experimentId, 'DELETED_ONLY'), 'active', this.#now());
  }

  async setExperimentTag(experimentId: ExperimentId, tag: Tag): Promise<void> {
    validation.checkExperimentTag(tag);
    const experiment = getActiveExperiment(this.#index, experimentId);
    const { folder } = experiment.place;
    writeWhole(join(folder, 'tags', tag.key), tag.value, folder);
    experiment.check();
  }

  async deleteExperimentTag(experimentId: ExperimentId, key: string): Promise<void> {
    const experiment = getActiveExperiment(this.#index, experimentId);
    const { folder, experimentId: id } = experiment.place;
    if (!experiment.tags.values.has(key)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in experiment with id ${id}`);
    removeFile(join(folder, 'tags', key));
    experiment.check();
  }

  async createRun(run: CreateRun): Promise<Run> {
    const runId = asRunId(randomUUID().replaceAll('-', ''));
    const { runName, tags } = nameNewRun(run);
    const experiment = getActiveExperiment(this.#index, run.experimentId);
    const { experimentId, artifactLocation } = experiment.experiment;
    const info: RunInfo = {
      runId,
      runName,
      experimentId,
      userId: run.userId ?? '',
      status: 'RUNNING',
      startTime: run.startTime,
      artifactUri: appendToLocation(artifactLocation, runId, 'artifacts'),
      lifecycleStage: 'active',
    };
    createRun(experiment.place.folder, info, tags);
    return { info, params: [], latestMetrics: [], tags, datasetInputs: [], modelInputs: [], modelOutputs: [] };
  }

  async updateRun({ runId, ...changes }: UpdateRun): Promise<RunInfo> {
    return updateRun(getActiveRun(this.#index, runId), changes);
  }

  async getRun(runId: RunId): Promise<Run> {
    const { run, experiment } = getRun(this.#index, runId);
    return run.toRun(experiment.place.folder, true);
  }

  async deleteRun(runId: RunId): Promise<void> {
    setRunStage(getRun(this.#index, runId), this.#now());
  }

  async restoreRun(runId: RunId): Promise<void> {
    setRunStage(getRun(this.#index, runId), null);
  }

  async searchRuns(search: SearchRuns): Promise<Page<Run>> {
    return searchRuns(this.#index, search);
  }

  async logMetric(runId: RunId, metric: Metric): Promise<void> {
    validation.checkMetric(metric);
    this.#logMetrics(getActiveRun(this.#index, runId), [metric]);
  }

  async logParam(runId: RunId, param: Param): Promise<void> {
    const stored = validation.checkParam(param);
    const found = getActiveRun(this.#index, runId);
    const old = found.run.params.get(stored.key);
    if (old !== undefined && old !== stored.value) {
      const message = `Changing param values is not allowed. Param with key='${stored.key}' was already logged with value='${old}' for run ID='${runId}'. Attempted logging new value '${stored.value}'.`;
      throw new MlflowError('INVALID_PARAMETER_VALUE', message);
    }
    logParams(found, [stored]);
  }

  async setTag(runId: RunId, tag: Tag): Promise<void> {
    const stored = validation.checkTag(tag);
    setRunTag(getActiveRun(this.#index, runId), stored);
  }

  async deleteTag(runId: RunId, key: string): Promise<void> {
    const { run } = getActiveRun(this.#index, runId);
    if (!run.tags.values.has(key)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${runId}`);
    removeFile(join(run.folder, 'tags', key));
    run.check(true);
  }

  /** Checked as a whole, then written file by file: there are no transactions between files. */
  async logBatch({ runId, metrics = [], params = [], tags = [] }: LogBatch): Promise<void> {
    validation.checkRunId(runId);
    metrics.forEach((metric, index) => validation.checkMetric(metric, `metrics[${index}]`));
    const storedParams = params.map((param, index) => validation.checkParam(param, `params[${index}]`));
    const storedTags = tags.map((tag, index) => validation.checkTag(tag, `tags[${index}]`));
    validation.checkBatchLimits(metrics.length, params.length, tags.length);
    validation.checkUniqueParams(storedParams);
    const found = getActiveRun(this.#index, runId);
    logParams(found, storedParams);
    this.#logMetrics(found, metrics);
    for (const tag of storedTags) setRunTag(found, tag);
  }

  async logInputs(runId: RunId, datasets: readonly DatasetInput[], models: readonly { readonly modelId: ModelId }[] = []): Promise<void> {
    validation.checkRunId(runId);
    datasets.forEach(validation.checkDatasetInput);
    models.forEach(({ modelId }) => checkModelId(modelId));
    const places = placesOf(getActiveRun(this.#index, runId));
    for (const dataset of datasets) writeDatasetInput(places, dataset);
    for (const { modelId } of models) writeModelInput(places, modelId);
  }

  /** MLflow lets a model be logged as output of a run only once. */
  async logOutputs(runId: RunId, models: readonly { readonly modelId: ModelId; readonly step: number }[]): Promise<void> {
    const places = placesOf(getActiveRun(this.#index, runId));
    for (const { modelId, step } of models) {
      checkModelId(modelId);
      if (!writeModelOutput(places, modelId, step))
        throw new MlflowError('BAD_REQUEST', `Model '${modelId}' is already logged as an output of run '${runId}'.`);
    }
  }

  async getMetricHistory(search: GetMetricHistory): Promise<Page<Metric>> {
    return readHistory(this.#index, search);
  }

  async getMetricHistories(search: MetricHistories): Promise<readonly RunMetric[]> {
    return readHistories(this.#index, search);
  }

  async sampleMetricHistories(search: SampleMetricHistories): Promise<readonly RunMetric[]> {
    return sampleHistories(this.#index, search);
  }

  async searchDatasets(experimentIds: readonly string[]): Promise<readonly DatasetSummary[]> {
    return searchDatasets(this.#index, experimentIds);
  }

  async recordLoggedModel(runId: RunId, model: Readonly<Record<string, unknown>>): Promise<void> {
    const found = getActiveRun(this.#index, runId);
    const models: unknown = JSON.parse(found.run.tags.get(loggedModelsTag) ?? '[]');
    const value = JSON.stringify([...(Array.isArray(models) ? models : []), model]);
    setRunTag(found, validation.checkTag({ key: loggedModelsTag, value }));
  }

  #logMetrics(found: FoundRun, metrics: readonly Metric[]): void {
    const ofModels = metrics.filter(({ modelId }) => modelId !== undefined);
    for (const { modelId = '' } of ofModels) {
      if (findLoggedModel(this.#index, modelId) === undefined)
        throw new MlflowError('BAD_REQUEST', `Logged model with ID '${modelId}' not found: its metrics of run '${found.run.runId}' cannot be stored.`);
    }
    logMetrics(found.run, metrics);
    logModelMetrics(this.#index, found.run.runId, ofModels);
  }
}

const refuseTakenName = (index: FileIndex, name: string, code: 'RESOURCE_ALREADY_EXISTS' | 'BAD_REQUEST'): void => {
  const taken = experimentByName(index, name);
  if (taken === undefined) return;
  const hint = taken.lifecycleStage === 'deleted' ? ' It is deleted: restore it, or choose another name.' : '';
  throw new MlflowError(code, `Experiment(name=${name}) already exists.${hint}`);
};

const placesOf = ({ run, experiment }: FoundRun) => ({ runId: run.runId, runFolder: run.folder, experimentFolder: experiment.place.folder });

/** It names a folder. */
const checkModelId = (modelId: string): void => {
  if (!isPlainName(modelId)) throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid model ID '${modelId}': it would name a folder.`);
};
