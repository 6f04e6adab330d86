import { randomUUID } from 'node:crypto';

import { asRunId, type ExperimentId, type ModelId, type RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { JsonPiece } from '../shared/json.ts';
import type { Sql, SqlSchema, StoreDatabase } from '../shared/sql.ts';
import { appendToLocation, checkLocation, resolveLocation } from './artifact-uri.ts';
import type { Experiment } from './experiment.ts';
import { nameNewRun, runNameTag } from './run-name.ts';
import type { DatasetInput, Metric, Param, Run, RunInfo, Tag } from './run.ts';
import { searchDatasets } from './sqlite-datasets.ts';
import * as experiments from './sqlite-experiments.ts';
import { insertDatasetInputs, insertModelInputs, insertModelOutputs } from './sqlite-inputs.ts';
import { insertMetrics, readMetricHistories, readMetricHistory, sampleMetricHistories } from './sqlite-metrics.ts';
import { insertModelMetrics } from './sqlite-model-metrics.ts';
import { readHistoryJson, readSampleJson } from './sqlite-point-json.ts';
import { deleteTag, logParam, logParams, upsertTag } from './sqlite-params.ts';
import { getActiveRun, getRun, getRunInfo, insertRun, searchRuns, searchRunTexts, setRunStage, updateRunRow } from './sqlite-runs.ts';
import type {
  CreateRun,
  DatasetSummary,
  GetMetricHistory,
  LogBatch,
  MetricHistories,
  Page,
  PointPieces,
  RunMetric,
  RunText,
  SampleMetricHistories,
  SearchExperiments,
  SearchRuns,
  ServedTrackingStore,
  UpdateRun,
} from './tracking-store.ts';
import * as validation from './validation.ts';

const loggedModelsTag = 'mlflow.log-model.history';

export interface SqliteTrackingStoreOptions {
  /** Where experiments without a location of their own keep their artifacts: an absolute path or a URI. */
  readonly artifactRoot: string;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** Experiments and runs in MLflow's own tables. */
export class SqliteTrackingStore implements ServedTrackingStore {
  readonly #database: StoreDatabase;
  readonly #artifactRoot: string;
  readonly #now: () => number;

  constructor(database: StoreDatabase, { artifactRoot, now = Date.now }: SqliteTrackingStoreOptions) {
    this.#database = database;
    this.#artifactRoot = artifactRoot;
    this.#now = now;
  }

  async createExperiment({ name, artifactLocation = '', tags = [] }: Parameters<ServedTrackingStore['createExperiment']>[0]): Promise<ExperimentId> {
    validation.checkExperimentName(name);
    checkLocation(artifactLocation);
    tags.forEach(validation.checkExperimentTag);
    const location = artifactLocation === '' ? undefined : resolveLocation(artifactLocation, this.#database.path);
    return this.#write((db, schema) => {
      refuseTakenName(db, schema, name, 'RESOURCE_ALREADY_EXISTS');
      const id = experiments.insertExperiment(db, { name, artifactLocation: location, time: this.#now() });
      if (location === undefined) experiments.setArtifactLocation(db, id, appendToLocation(this.#artifactRoot, id));
      for (const tag of tags) experiments.upsertExperimentTag(db, id, tag);
      return id;
    });
  }

  async getExperiment(experimentId: ExperimentId): Promise<Experiment> {
    return this.#read((db, schema) => experiments.getExperiment(db, schema, experimentId));
  }

  async getExperimentByName(name: string): Promise<Experiment> {
    const experiment = this.#read((db, schema) => experiments.findExperimentByName(db, schema, name));
    if (experiment === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Could not find experiment with name '${name}'`);
    return experiment;
  }

  async searchExperiments(search: SearchExperiments): Promise<Page<Experiment>> {
    return this.#read((db, schema) => experiments.searchExperiments(db, schema, search));
  }

  async renameExperiment(experimentId: ExperimentId, newName: string): Promise<void> {
    validation.checkExperimentName(newName);
    await this.#write((db, schema) => {
      const experiment = experiments.getExperiment(db, schema, experimentId);
      if (experiment.lifecycleStage !== 'active') throw new MlflowError('INVALID_PARAMETER_VALUE', 'Cannot rename a non-active experiment.');
      if (experiment.name !== newName) refuseTakenName(db, schema, newName, 'BAD_REQUEST');
      experiments.renameExperiment(db, experiment.experimentId, newName, this.#now());
    });
  }

  async deleteExperiment(experimentId: ExperimentId): Promise<void> {
    await this.#write((db, schema) => {
      const experiment = experiments.getExperiment(db, schema, experimentId, 'ACTIVE_ONLY');
      experiments.setExperimentStage(db, experiment.experimentId, 'deleted', this.#now());
    });
  }

  async restoreExperiment(experimentId: ExperimentId): Promise<void> {
    await this.#write((db, schema) => {
      const experiment = experiments.getExperiment(db, schema, experimentId, 'DELETED_ONLY');
      experiments.setExperimentStage(db, experiment.experimentId, 'active', this.#now());
    });
  }

  async setExperimentTag(experimentId: ExperimentId, tag: Tag): Promise<void> {
    validation.checkExperimentTag(tag);
    await this.#write((db, schema) => experiments.upsertExperimentTag(db, experiments.getActiveExperiment(db, schema, experimentId).experimentId, tag));
  }

  async deleteExperimentTag(experimentId: ExperimentId, key: string): Promise<void> {
    await this.#write((db, schema) => experiments.deleteExperimentTag(db, experiments.getActiveExperiment(db, schema, experimentId).experimentId, key));
  }

  async createRun(run: CreateRun): Promise<Run> {
    const runId = asRunId(randomUUID().replaceAll('-', ''));
    const { runName, tags } = nameNewRun(run);
    return this.#write((db, schema) => {
      const experiment = experiments.getActiveExperiment(db, schema, run.experimentId);
      const info: RunInfo = {
        runId,
        runName,
        experimentId: experiment.experimentId,
        userId: run.userId ?? '',
        status: 'RUNNING',
        startTime: run.startTime,
        artifactUri: appendToLocation(experiment.artifactLocation, runId, 'artifacts'),
        lifecycleStage: 'active',
      };
      insertRun(db, { info, tags });
      return { info, params: [], latestMetrics: [], tags, datasetInputs: [], modelInputs: [], modelOutputs: [] };
    });
  }

  async updateRun({ runId, ...changes }: UpdateRun): Promise<RunInfo> {
    return this.#write((db) => updateRun(db, runId, changes));
  }

  async getRun(runId: RunId): Promise<Run> {
    return this.#read((db, schema) => getRun(db, schema, runId));
  }

  async deleteRun(runId: RunId): Promise<void> {
    await this.#write((db, schema) => setRunStage(db, schema, getRunInfo(db, runId).runId, this.#now()));
  }

  async restoreRun(runId: RunId): Promise<void> {
    await this.#write((db, schema) => setRunStage(db, schema, getRunInfo(db, runId).runId, null));
  }

  async searchRuns(search: SearchRuns): Promise<Page<Run>> {
    return this.#read((db, schema) => searchRuns(db, schema, search));
  }

  async searchRunTexts(search: SearchRuns): Promise<Page<RunText> | undefined> {
    return this.#read((db, schema) => searchRunTexts(db, schema, search));
  }

  async logMetric(runId: RunId, metric: Metric): Promise<void> {
    validation.checkMetric(metric);
    await this.#write((db, schema) => {
      const run = getActiveRun(db, runId);
      insertModelMetrics(db, schema, run, [metric]);
      insertMetrics(db, runId, [metric]);
    });
  }

  async logParam(runId: RunId, param: Param): Promise<void> {
    const stored = validation.checkParam(param);
    await this.#write((db) => logParam(db, getActiveRun(db, runId).runId, stored));
  }

  async setTag(runId: RunId, tag: Tag): Promise<void> {
    const stored = validation.checkTag(tag);
    await this.#write((db) => setTag(db, getActiveRun(db, runId).runId, stored));
  }

  async deleteTag(runId: RunId, key: string): Promise<void> {
    await this.#write((db) => deleteTag(db, getActiveRun(db, runId).runId, key));
  }

  /** All of it or nothing; MLflow stores what came before a failure. */
  async logBatch({ runId, metrics = [], params = [], tags = [] }: LogBatch): Promise<void> {
    validation.checkRunId(runId);
    metrics.forEach((metric, index) => validation.checkMetric(metric, `metrics[${index}]`));
    const storedParams = params.map((param, index) => validation.checkParam(param, `params[${index}]`));
    const storedTags = tags.map((tag, index) => validation.checkTag(tag, `tags[${index}]`));
    validation.checkBatchLimits(metrics.length, params.length, tags.length);
    validation.checkUniqueParams(storedParams);
    await this.#write((db, schema) => {
      const run = getActiveRun(db, runId);
      logParams(db, runId, storedParams);
      insertMetrics(db, runId, metrics);
      insertModelMetrics(db, schema, run, metrics);
      for (const tag of storedTags) setTag(db, runId, tag);
    });
  }

  async logInputs(runId: RunId, datasets: readonly DatasetInput[], models: readonly { readonly modelId: ModelId }[] = []): Promise<void> {
    validation.checkRunId(runId);
    datasets.forEach(validation.checkDatasetInput);
    await this.#write((db, schema) => {
      const run = getActiveRun(db, runId);
      if (datasets.length > 0) insertDatasetInputs(db, schema, run, datasets);
      insertModelInputs(db, schema, runId, models);
    });
  }

  async logOutputs(runId: RunId, models: readonly { readonly modelId: ModelId; readonly step: Int64 }[]): Promise<void> {
    await this.#write((db, schema) => insertModelOutputs(db, schema, getActiveRun(db, runId).runId, models));
  }

  async getMetricHistory(search: GetMetricHistory): Promise<Page<Metric>> {
    return this.#read((db, schema) => readMetricHistory(db, schema, search));
  }

  async getMetricHistories(search: MetricHistories): Promise<readonly RunMetric[]> {
    return this.#read((db, schema) => readMetricHistories(db, schema, search));
  }

  async sampleMetricHistories(search: SampleMetricHistories): Promise<readonly RunMetric[]> {
    return this.#read((db, schema) => sampleMetricHistories(db, schema, search));
  }

  async getMetricHistoryJson(search: GetMetricHistory, pieces: PointPieces): Promise<readonly JsonPiece[] | undefined> {
    return this.#read((db, schema) => readHistoryJson(db, schema, search, pieces));
  }

  async sampleMetricJson(search: SampleMetricHistories, piecesOf: (runId: RunId) => PointPieces): Promise<readonly (readonly JsonPiece[])[]> {
    return this.#read((db, schema) => readSampleJson(db, schema, search, piecesOf));
  }

  async searchDatasets(experimentIds: readonly string[]): Promise<readonly DatasetSummary[]> {
    return this.#read((db, schema) => searchDatasets(db, schema, experimentIds));
  }

  async recordLoggedModel(runId: RunId, model: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#write((db, schema) => {
      getActiveRun(db, runId);
      const tag = getRun(db, schema, runId).tags.find(({ key }) => key === loggedModelsTag);
      const models: unknown = JSON.parse(tag?.value ?? '[]');
      const value = JSON.stringify([...(Array.isArray(models) ? models : []), model]);
      upsertTag(db, runId, validation.checkTag({ key: loggedModelsTag, value }));
    });
  }

  #read<T>(work: (db: Sql, schema: SqlSchema) => T): T {
    return this.#database.read((db) => work(db, this.#database.schema));
  }

  #write<T>(work: (db: Sql, schema: SqlSchema) => T): Promise<T> {
    return this.#database.write((db) => work(db, this.#database.schema));
  }
}

const refuseTakenName = (db: Sql, schema: SqlSchema, name: string, code: 'RESOURCE_ALREADY_EXISTS' | 'BAD_REQUEST'): void => {
  const taken = experiments.findExperimentByName(db, schema, name);
  if (taken === undefined) return;
  const hint = taken.lifecycleStage === 'deleted' ? ' It is deleted: restore it, or choose another name.' : '';
  throw new MlflowError(code, `Experiment(name=${name}) already exists.${hint}`);
};

const updateRun = (db: Sql, runId: RunId, { runName = '', ...changes }: Omit<UpdateRun, 'runId'>): RunInfo => {
  getActiveRun(db, runId);
  updateRunRow(db, runId, runName === '' ? changes : { ...changes, runName });
  if (runName !== '') upsertTag(db, runId, { key: runNameTag, value: runName });
  return getRunInfo(db, runId);
};

const setTag = (db: Sql, runId: RunId, tag: Tag): void => {
  if (tag.key === runNameTag) updateRun(db, runId, { runName: tag.value });
  else upsertTag(db, runId, tag);
};
