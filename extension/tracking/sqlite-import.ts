import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import type { Experiment } from './experiment.ts';
import { loggedModelStatuses, type LoggedModel, type LoggedModelMetric } from './logged-model.ts';
import type { Metric, Run } from './run.ts';
import { insertDatasetInputs, insertModelInputs, insertModelOutputs } from './sqlite-inputs.ts';

/** Rows for what another store holds, as it is: ids, times and stages are kept. */

export const importExperiment = (db: Sql, { experimentId, name, artifactLocation, lifecycleStage, creationTime, lastUpdateTime, tags }: Experiment): void => {
  db.run(sql`
    INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
    VALUES (${experimentId}, ${name}, ${artifactLocation}, ${lifecycleStage}, ${creationTime ?? null}, ${lastUpdateTime ?? null})`);
  for (const { key, value } of tags) db.run(sql`INSERT INTO experiment_tags ("key", value, experiment_id) VALUES (${key}, ${value}, ${experimentId})`);
};

export interface ImportedRun {
  readonly run: Run;
  /** ms since the epoch. */
  readonly deletedTime: number | undefined;
  readonly entryPoint: string;
  readonly sourceName: string;
  readonly sourceVersion: string;
  /** By key; values that a database cannot hold are made to fit already. */
  readonly histories: ReadonlyMap<string, readonly Metric[]>;
}

export const importRun = (db: Sql, schema: SqlSchema, { run, deletedTime, entryPoint, sourceName, sourceVersion, histories }: ImportedRun): void => {
  const { info, params, tags } = run;
  db.run(sql`
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
    VALUES (${info.runId}, ${info.runName}, 'LOCAL', ${sourceName}, ${entryPoint}, ${info.userId}, ${info.status}, ${info.startTime ?? null}, ${info.endTime ?? null},
      ${deletedTime ?? null}, ${sourceVersion}, ${info.lifecycleStage}, ${info.artifactUri}, ${info.experimentId})`);
  for (const { key, value } of params) db.run(sql`INSERT INTO params ("key", value, run_uuid) VALUES (${key}, ${value}, ${info.runId})`);
  for (const { key, value } of tags) db.run(sql`INSERT INTO tags ("key", value, run_uuid) VALUES (${key}, ${value}, ${info.runId})`);
  for (const metrics of histories.values()) importHistory(db, info.runId, metrics);
  insertDatasetInputs(db, schema, info, run.datasetInputs);
  insertModelInputs(db, schema, info.runId, run.modelInputs);
  insertModelOutputs(db, schema, info.runId, run.modelOutputs);
};

const largestDouble = 1.7976931348623157e308;

/** As a database keeps it: no infinities, one zero. */
export const storableMetric = (metric: Metric): Metric => ({
  ...metric,
  value: Number.isNaN(metric.value) ? NaN : Math.min(Math.max(metric.value, -largestDouble), largestDouble) + 0,
});

const importHistory = (db: Sql, runId: string, metrics: readonly Metric[]): void => {
  let latest: Metric | undefined;
  for (const metric of metrics) {
    const { key, timestamp, step } = metric;
    const [value, isNan] = stored(metric);
    db.run(sql`INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (${key}, ${value}, ${timestamp}, ${runId}, ${step}, ${isNan})`);
    if (latest === undefined || isLater(metric, latest)) latest = metric;
  }
  if (latest === undefined) return;
  const [value, isNan] = stored(latest);
  db.run(sql`
    INSERT INTO latest_metrics ("key", value, timestamp, step, is_nan, run_uuid)
    VALUES (${latest.key}, ${value}, ${latest.timestamp}, ${latest.step}, ${isNan}, ${runId})`);
};

const stored = ({ value }: Metric): readonly [value: number, isNan: number] => (Number.isNaN(value) ? [0, 1] : [value, 0]);

/** In a database NaN is a 0 with a mark. */
const isLater = (a: Metric, b: Metric): boolean => {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp === b.timestamp ? stored(a)[0] > stored(b)[0] : a.timestamp > b.timestamp;
};

export interface ImportedModel {
  readonly model: LoggedModel;
  readonly isDeleted: boolean;
  readonly metrics: readonly LoggedModelMetric[];
}

export const importLoggedModel = (db: Sql, { model, isDeleted, metrics }: ImportedModel): void => {
  const { modelId, experimentId } = model;
  db.run(sql`
    INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id, status_message)
    VALUES (${modelId}, ${experimentId}, ${model.name}, ${model.artifactLocation}, ${model.creationTimestamp}, ${model.lastUpdatedTimestamp},
      ${loggedModelStatuses.indexOf(model.status)}, ${isDeleted ? 'deleted' : 'active'}, ${model.modelType ?? null}, ${model.sourceRunId ?? null}, ${model.statusMessage ?? null})`);
  for (const { key, value } of model.params)
    db.run(sql`INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (${modelId}, ${experimentId}, ${key}, ${value})`);
  for (const { key, value } of model.tags)
    db.run(sql`INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (${modelId}, ${experimentId}, ${key}, ${value})`);
  for (const metric of metrics) importModelMetric(db, model, metric);
};

/** This table has no mark for NaN: MLflow stores 0. */
const importModelMetric = (db: Sql, { modelId, experimentId }: LoggedModel, metric: LoggedModelMetric): void => {
  const [value] = stored(storableMetric(metric));
  db.run(sql`
    INSERT INTO logged_model_metrics (model_id, metric_name, metric_timestamp_ms, metric_step, metric_value, experiment_id, run_id, dataset_uuid, dataset_name, dataset_digest)
    VALUES (${modelId}, ${metric.key}, ${metric.timestamp}, ${metric.step}, ${value}, ${experimentId}, ${metric.runId}, NULL, ${metric.datasetName ?? null}, ${metric.datasetDigest ?? null})`);
};
