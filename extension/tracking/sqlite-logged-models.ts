import { asExperimentId, asModelId, asRunId, type ExperimentId, type ModelId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { allExactly, fromStored, type StoredInteger } from '../shared/int64.ts';
import { pythonRepr } from '../shared/python-text.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { loggedModelNotFound, loggedModelStatuses, type LoggedModel, type LoggedModelMetric, type LoggedModelStatus } from './logged-model.ts';
import type { Param, Tag } from './run.ts';

interface ModelRow {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly created: number;
  readonly updated: number;
  readonly status: number;
  readonly statusMessage: string | null;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
}

const columns = sql`m.model_id AS modelId, CAST(m.experiment_id AS TEXT) AS experimentId, m.name AS name, m.artifact_location AS artifactLocation,
  m.creation_timestamp_ms AS created, m.last_updated_timestamp_ms AS updated, m.status AS status, m.status_message AS statusMessage,
  m.model_type AS modelType, m.source_run_id AS sourceRunId`;

/** Files of releases before 3.0 have no logged models. */
export const checkLoggedModelTables = (schema: SqlSchema): void => {
  if (schema.has('logged_models')) return;
  throw new MlflowError('NOT_IMPLEMENTED', 'This file has no logged models: it was made by a release of mlflow before 3.0');
};

const toLoggedModel = (row: ModelRow, parts: Pick<LoggedModel, 'tags' | 'params' | 'metrics'>): LoggedModel => ({
  modelId: asModelId(row.modelId),
  experimentId: asExperimentId(row.experimentId),
  name: row.name,
  artifactLocation: row.artifactLocation,
  creationTimestamp: row.created,
  lastUpdatedTimestamp: row.updated,
  status: loggedModelStatuses[row.status] ?? 'UNSPECIFIED',
  ...(row.statusMessage !== null && { statusMessage: row.statusMessage }),
  ...(row.modelType !== null && { modelType: row.modelType }),
  ...(row.sourceRunId !== null && { sourceRunId: asRunId(row.sourceRunId) }),
  ...parts,
});

export const readLoggedModel = (db: Sql, modelId: ModelId, allowDeleted = true): LoggedModel => {
  const stage = allowDeleted ? sql`` : sql`AND m.lifecycle_stage != 'deleted'`;
  const row = db.get<ModelRow>(sql`SELECT ${columns} FROM logged_models m WHERE m.model_id = ${modelId} ${stage}`);
  const [model] = row === undefined ? [] : withParts(db, [row]);
  if (model === undefined) throw loggedModelNotFound(modelId);
  return model;
};

export interface LoggedModelPage {
  readonly where: SqlQuery;
  readonly orderBy: SqlQuery;
  readonly limit: number;
  readonly offset: number;
}

export const readLoggedModels = (db: Sql, { where, orderBy, limit, offset }: LoggedModelPage): readonly LoggedModel[] =>
  withParts(db, db.all<ModelRow>(sql`SELECT ${columns} FROM logged_models m WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit} OFFSET ${offset}`));

/** One query per table, however many models. */
const withParts = (db: Sql, rows: readonly ModelRow[]): readonly LoggedModel[] => {
  const ids = JSON.stringify(rows.map(({ modelId }) => modelId));
  const [tags, params, metrics] = [readTags(db, ids), readParams(db, ids), readMetrics(db, ids)];
  return rows.map((row) =>
    toLoggedModel(row, { tags: tags.get(row.modelId) ?? [], params: params.get(row.modelId) ?? [], metrics: metrics.get(row.modelId) ?? [] }),
  );
};

interface PairRow {
  readonly modelId: string;
  readonly key: string;
  readonly value: string;
}

const groupPairs = (rows: readonly PairRow[]): ReadonlyMap<string, readonly Tag[]> =>
  new Map([...Map.groupBy(rows, (row) => row.modelId)].map(([id, group]) => [id, group.map(({ key, value }) => ({ key, value }))]));

const readTags = (db: Sql, ids: string): ReadonlyMap<string, readonly Tag[]> =>
  groupPairs(
    db.all<PairRow>(sql`
      SELECT t.model_id AS modelId, t.tag_key AS "key", t.tag_value AS value
      FROM json_each(${ids}) j CROSS JOIN logged_model_tags t ON t.model_id = j.value ORDER BY j.key, t.tag_key`),
  );

const readParams = (db: Sql, ids: string): ReadonlyMap<string, readonly Param[]> =>
  groupPairs(
    db.all<PairRow>(sql`
      SELECT p.model_id AS modelId, p.param_key AS "key", p.param_value AS value
      FROM json_each(${ids}) j CROSS JOIN logged_model_params p ON p.model_id = j.value ORDER BY j.key, p.param_key`),
  );

interface MetricRow {
  readonly modelId: string;
  readonly key: string;
  readonly value: number | null;
  readonly timestamp: StoredInteger;
  readonly step: StoredInteger;
  readonly runId: string;
  readonly datasetName: string | null;
  readonly datasetDigest: string | null;
}

/** In the order in which they were logged. */
const readMetrics = (db: Sql, ids: string): ReadonlyMap<string, readonly LoggedModelMetric[]> => {
  const rows = allExactly<MetricRow>(
    db,
    (integer) => sql`
      SELECT x.model_id AS modelId, x.metric_name AS "key", x.metric_value AS value, ${integer(sql`x.metric_timestamp_ms`)} AS timestamp,
        ${integer(sql`x.metric_step`)} AS step, x.run_id AS runId, x.dataset_name AS datasetName, x.dataset_digest AS datasetDigest
      FROM json_each(${ids}) j CROSS JOIN logged_model_metrics x ON x.model_id = j.value ORDER BY j.key, x.rowid`,
  );
  return new Map([...Map.groupBy(rows, (row) => row.modelId)].map(([id, group]) => [id, group.map(toMetric)]));
};

const toMetric = (row: MetricRow): LoggedModelMetric => ({
  key: row.key,
  value: row.value ?? NaN,
  timestamp: fromStored(row.timestamp),
  step: fromStored(row.step),
  runId: asRunId(row.runId),
  modelId: asModelId(row.modelId),
  ...(row.datasetName !== null && { datasetName: row.datasetName }),
  ...(row.datasetDigest !== null && { datasetDigest: row.datasetDigest }),
});

export interface NewLoggedModel {
  readonly modelId: ModelId;
  readonly experimentId: ExperimentId;
  readonly name: string;
  readonly artifactLocation: string;
  readonly modelType: string | undefined;
  readonly sourceRunId: string | undefined;
  /** ms since the epoch. */
  readonly time: number;
}

export const insertLoggedModel = (db: Sql, model: NewLoggedModel): void => {
  const { modelType = null, sourceRunId = null } = model;
  db.run(sql`
    INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id)
    VALUES (${model.modelId}, ${model.experimentId}, ${model.name}, ${model.artifactLocation}, ${model.time}, ${model.time}, ${statusNumber('PENDING')}, 'active', ${modelType}, ${sourceRunId})`);
};

const statusNumber = (status: LoggedModelStatus): number => loggedModelStatuses.indexOf(status);

export const writeStatus = (db: Sql, modelId: ModelId, status: LoggedModelStatus, time: number): void => {
  db.run(sql`UPDATE logged_models SET status = ${statusNumber(status)}, last_updated_timestamp_ms = ${time} WHERE model_id = ${modelId}`);
};

export const markDeleted = (db: Sql, modelId: ModelId, time: number): void => {
  db.run(sql`UPDATE logged_models SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = ${time} WHERE model_id = ${modelId}`);
};

/** Deleted ones count, as in MLflow's writes. */
export const experimentOfModel = (db: Sql, modelId: ModelId): ExperimentId => {
  const row = db.get<{ id: string }>(sql`SELECT CAST(m.experiment_id AS TEXT) AS id FROM logged_models m WHERE m.model_id = ${modelId}`);
  if (row === undefined) throw loggedModelNotFound(modelId);
  return asExperimentId(row.id);
};

export const upsertModelTag = (db: Sql, modelId: ModelId, experimentId: ExperimentId, { key, value }: Tag): void => {
  db.run(sql`
    INSERT INTO logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (${modelId}, ${experimentId}, ${key}, ${value})
    ON CONFLICT DO UPDATE SET tag_value = excluded.tag_value`);
};

export const deleteModelTag = (db: Sql, modelId: ModelId, key: string): void => {
  const count = db.run(sql`DELETE FROM logged_model_tags WHERE model_id = ${modelId} AND tag_key = ${key}`);
  if (count === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with key ${pythonRepr(key)} found for model with ID ${pythonRepr(modelId)}.`);
};

/** MLflow answers with its database's error when the param is there already. */
export const insertModelParam = (db: Sql, modelId: ModelId, experimentId: ExperimentId, { key, value }: Param): void => {
  const count = db.run(sql`
    INSERT INTO logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (${modelId}, ${experimentId}, ${key}, ${value})
    ON CONFLICT DO NOTHING`);
  if (count === 0)
    throw new MlflowError('BAD_REQUEST', `Param ${pythonRepr(key)} of logged model ${pythonRepr(modelId)} has a value already: params are written once.`);
};
