import { randomUUID } from 'node:crypto';
import { asModelId, type ExperimentId, type ModelId, type RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { MlflowError } from '../shared/errors.ts';
import { exactInteger, fromStored, type StoredInteger } from '../shared/int64.ts';
import { emptySql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import type { DatasetInput, Run, Tag } from './run.ts';

/** Edges of the table `inputs`: dataset → run, run → its input model, run → its output model. */
const newId = (): string => randomUUID().replaceAll('-', '');

export interface RunInputs {
  readonly datasets: ReadonlyMap<string, readonly DatasetInput[]>;
  readonly models: ReadonlyMap<string, Run['modelInputs']>;
  readonly outputs: ReadonlyMap<string, Run['modelOutputs']>;
}

/** Files of releases before 3.0 have no models in the table, those before 2.4 no table. */
export const readRunInputs = (db: Sql, schema: SqlSchema, runIds: readonly RunId[], withModels: boolean): RunInputs => {
  if (!schema.has('inputs')) return { datasets: new Map(), models: new Map(), outputs: new Map() };
  const ids = JSON.stringify(runIds);
  return {
    datasets: readDatasetInputs(db, ids),
    models: withModels ? readModelEdges(db, schema, ids, 'RUN_INPUT') : new Map(),
    outputs: readModelEdges(db, schema, ids, 'RUN_OUTPUT'),
  };
};

interface DatasetRow {
  readonly runId: string;
  readonly inputId: string;
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string | null;
  readonly profile: string | null;
}

const readDatasetInputs = (db: Sql, runIds: string): RunInputs['datasets'] => {
  const rows = db.all<DatasetRow>(sql`
    SELECT i.destination_id AS runId, i.input_uuid AS inputId, d.name AS name, d.digest AS digest, d.dataset_source_type AS sourceType,
      d.dataset_source AS source, d.dataset_schema AS schema, d.dataset_profile AS profile
    FROM json_each(${runIds}) j
    CROSS JOIN inputs i ON i.destination_type = 'RUN' AND i.destination_id = j.value AND i.source_type = 'DATASET'
    CROSS JOIN datasets d ON d.dataset_uuid = i.source_id ORDER BY i.rowid`);
  const tags = readInputTags(
    db,
    rows.map((row) => row.inputId),
  );
  const inputs = rows.map((row) => ({ runId: row.runId, input: toDatasetInput(row, tags.get(row.inputId) ?? []) }));
  return new Map([...Map.groupBy(inputs, ({ runId }) => runId)].map(([runId, group]) => [runId, group.map(({ input }) => input)]));
};

/** MLflow answers an empty text as an absent one. */
const isEmpty = (text: string | null): text is null | '' => text === null || text === '';

const toDatasetInput = (row: DatasetRow, tags: readonly Tag[]): DatasetInput => ({
  tags,
  dataset: {
    name: row.name,
    digest: row.digest,
    sourceType: row.sourceType,
    source: row.source,
    ...(isEmpty(row.schema) ? {} : { schema: row.schema }),
    ...(isEmpty(row.profile) ? {} : { profile: row.profile }),
  },
});

const readInputTags = (db: Sql, inputIds: readonly string[]): ReadonlyMap<string, readonly Tag[]> => {
  const rows = db.all<{ inputId: string; key: string; value: string }>(sql`
    SELECT t.input_uuid AS inputId, t.name AS "key", t.value AS value
    FROM json_each(${JSON.stringify(inputIds)}) j CROSS JOIN input_tags t ON t.input_uuid = j.value`);
  return new Map([...Map.groupBy(rows, (row) => row.inputId)].map(([id, group]) => [id, group.map(({ key, value }) => ({ key, value }))]));
};

interface ModelEdge {
  readonly modelId: ModelId;
  readonly step: Int64;
}

const readModelEdges = (db: Sql, schema: SqlSchema, runIds: string, type: 'RUN_INPUT' | 'RUN_OUTPUT'): ReadonlyMap<string, readonly ModelEdge[]> => {
  const step = schema.has('inputs', 'step') ? exactInteger(sql`i.step`) : sql`0`;
  const rows = db.all<{ runId: string; modelId: string; step: StoredInteger }>(sql`
    SELECT i.source_id AS runId, i.destination_id AS modelId, ${step} AS step
    FROM json_each(${runIds}) j CROSS JOIN inputs i ON i.source_type = ${type} AND i.source_id = j.value ORDER BY i.rowid`);
  const edges = Map.groupBy(rows, (row) => row.runId);
  return new Map([...edges].map(([runId, group]) => [runId, group.map(({ modelId, step: at }) => ({ modelId: asModelId(modelId), step: fromStored(at) }))]));
};

const refuseOldFile = (schema: SqlSchema, table: string): void => {
  if (!schema.has(table)) throw new MlflowError('BAD_REQUEST', `This store has no table ${table}: it was made by an older release of mlflow`);
};

/** Datasets are known by (experiment, name, digest), and what was first stored under it stays. */
export const insertDatasetInputs = (
  db: Sql,
  schema: SqlSchema,
  run: { readonly runId: RunId; readonly experimentId: ExperimentId },
  inputs: readonly DatasetInput[],
): void => {
  refuseOldFile(schema, 'inputs');
  for (const input of inputs) {
    const datasetId = findDataset(db, run.experimentId, input) ?? insertDataset(db, run.experimentId, input);
    const inputId = newId();
    const isNew = insertEdge(db, schema, { inputId, from: ['DATASET', datasetId], to: ['RUN', run.runId], step: 0 });
    if (isNew) for (const { key, value } of input.tags) db.run(sql`INSERT INTO input_tags (input_uuid, name, value) VALUES (${inputId}, ${key}, ${value})`);
  }
};

const findDataset = (db: Sql, experimentId: ExperimentId, { dataset }: DatasetInput): string | undefined =>
  db.get<{ id: string }>(
    sql`SELECT dataset_uuid AS id FROM datasets WHERE experiment_id = ${experimentId} AND name = ${dataset.name} AND digest = ${dataset.digest}`,
  )?.id;

const insertDataset = (db: Sql, experimentId: ExperimentId, { dataset }: DatasetInput): string => {
  const id = newId();
  db.run(sql`
    INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile)
    VALUES (${id}, ${experimentId}, ${dataset.name}, ${dataset.digest}, ${dataset.sourceType}, ${dataset.source}, ${dataset.schema ?? null}, ${dataset.profile ?? null})`);
  return id;
};

interface Edge {
  readonly inputId: string;
  readonly from: readonly [type: string, id: string];
  readonly to: readonly [type: string, id: string];
  readonly step: Int64;
}

/** False when the edge was there already. */
const insertEdge = (db: Sql, schema: SqlSchema, { inputId, from, to, step }: Edge): boolean => {
  const hasStep = schema.has('inputs', 'step');
  const [column, value]: readonly [SqlQuery, SqlQuery] = hasStep ? [sql`, step`, sql`, ${step}`] : [emptySql, emptySql];
  const count = db.run(sql`
    INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id${column})
    VALUES (${inputId}, ${from[0]}, ${from[1]}, ${to[0]}, ${to[1]}${value}) ON CONFLICT DO NOTHING`);
  return count > 0;
};

export const insertModelInputs = (db: Sql, schema: SqlSchema, runId: RunId, models: readonly { readonly modelId: ModelId }[]): void => {
  if (models.length > 0) refuseOldFile(schema, 'inputs');
  for (const { modelId } of models) insertEdge(db, schema, { inputId: newId(), from: ['RUN_INPUT', runId], to: ['MODEL_INPUT', modelId], step: 0 });
};

/** MLflow lets a model be logged as output of a run only once. */
export const insertModelOutputs = (db: Sql, schema: SqlSchema, runId: RunId, models: readonly ModelEdge[]): void => {
  if (models.length > 0) refuseOldFile(schema, 'inputs');
  for (const { modelId, step } of models) {
    const isNew = insertEdge(db, schema, { inputId: newId(), from: ['RUN_OUTPUT', runId], to: ['MODEL_OUTPUT', modelId], step });
    if (!isNew) throw new MlflowError('BAD_REQUEST', `Model '${modelId}' is already logged as an output of run '${runId}'.`);
  }
};
