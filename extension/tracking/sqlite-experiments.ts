import { asExperimentId, type ExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { emptySql, joinSql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import type { Experiment, LifecycleStage, ViewType } from './experiment.ts';
import type { Tag } from './run.ts';
import { experimentComparisonSql, experimentsOrderSql, parseExperimentsFilter } from './search/experiments-filter.ts';
import { pagesOf } from './search/page-token.ts';
import type { Page, SearchExperiments } from './tracking-store.ts';
import { checkMaxResults, parseExperimentId } from './validation.ts';

/** What MLflow takes for an empty id. */
const defaultExperiment = '0';

interface ExperimentRow {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string | null;
  readonly lifecycleStage: LifecycleStage | null;
  readonly creationTime: number | null;
  readonly lastUpdateTime: number | null;
}

const columns = sql`CAST(e.experiment_id AS TEXT) AS experimentId, e.name AS name, e.artifact_location AS artifactLocation,
  e.lifecycle_stage AS lifecycleStage, e.creation_time AS creationTime, e.last_update_time AS lastUpdateTime`;

/** A file with workspaces shows its default one, as MLflow does when workspaces are off. */
const scope = (schema: SqlSchema): SqlQuery => (schema.has('experiments', 'workspace') ? sql`AND e.workspace = 'default'` : emptySql);

export const stagesSql = (column: SqlQuery, viewType: ViewType): SqlQuery => {
  switch (viewType) {
    case 'ACTIVE_ONLY':
      return sql`${column} = 'active'`;
    case 'DELETED_ONLY':
      return sql`${column} = 'deleted'`;
    case 'ALL':
      return sql`${column} IN ('active', 'deleted')`;
    default:
      return viewType satisfies never;
  }
};

const toExperiment = (row: ExperimentRow, tags: readonly Tag[]): Experiment => ({
  experimentId: asExperimentId(row.experimentId),
  name: row.name,
  artifactLocation: row.artifactLocation ?? '',
  lifecycleStage: row.lifecycleStage ?? 'active',
  ...(row.creationTime === null ? {} : { creationTime: row.creationTime }),
  ...(row.lastUpdateTime === null ? {} : { lastUpdateTime: row.lastUpdateTime }),
  tags,
});

const readTags = (db: Sql, experimentIds: readonly string[]): ReadonlyMap<string, readonly Tag[]> => {
  const rows = db.all<{ experimentId: string; key: string; value: string | null }>(sql`
    SELECT CAST(t.experiment_id AS TEXT) AS experimentId, t."key" AS "key", t.value AS value
    FROM experiment_tags t WHERE t.experiment_id IN (SELECT value FROM json_each(${JSON.stringify(experimentIds)}))`);
  const tags = Map.groupBy(rows, (row) => row.experimentId);
  return new Map(experimentIds.map((id) => [id, (tags.get(id) ?? []).map(({ key, value }) => ({ key, value: value ?? '' }))]));
};

const withTags = (db: Sql, rows: readonly ExperimentRow[]): readonly Experiment[] => {
  const tags = readTags(
    db,
    rows.map((row) => row.experimentId),
  );
  return rows.map((row) => toExperiment(row, tags.get(row.experimentId) ?? []));
};

/** Takes an id as it came over the wire. Whoever reads `viewType` ACTIVE_ONLY does not find deleted ones. */
export const getExperiment = (db: Sql, schema: SqlSchema, id: string, viewType: ViewType = 'ALL'): Experiment => {
  const experimentId = parseExperimentId(id || defaultExperiment);
  const rows = db.all<ExperimentRow>(sql`
    SELECT ${columns} FROM experiments e
    WHERE e.experiment_id = ${experimentId} AND ${stagesSql(sql`e.lifecycle_stage`, viewType)} ${scope(schema)}`);
  const [experiment] = withTags(db, rows);
  if (experiment === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${experimentId} exists`);
  return experiment;
};

export const getActiveExperiment = (db: Sql, schema: SqlSchema, id: ExperimentId): Experiment => {
  const experiment = getExperiment(db, schema, id);
  if (experiment.lifecycleStage === 'active') return experiment;
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `The experiment ${experiment.experimentId} must be in the 'active' state. Current state is ${experiment.lifecycleStage}.`,
  );
};

export const findExperimentByName = (db: Sql, schema: SqlSchema, name: string): Experiment | undefined =>
  withTags(db, db.all<ExperimentRow>(sql`SELECT ${columns} FROM experiments e WHERE e.name = ${name} ${scope(schema)}`))[0];

export const searchExperiments = (db: Sql, schema: SqlSchema, search: SearchExperiments): Page<Experiment> => {
  checkMaxResults(search.maxResults);
  const filters = parseExperimentsFilter(search.filter ?? '').map(experimentComparisonSql);
  const order = experimentsOrderSql(search.orderBy ?? []);
  const { offset, tokenFor } = pagesOf('experiments', search);
  const where = joinSql([stagesSql(sql`e.lifecycle_stage`, search.viewType ?? 'ACTIVE_ONLY'), ...filters], ' AND ');
  const rows = db.all<ExperimentRow>(sql`
    SELECT ${columns} FROM experiments e WHERE ${where} ${scope(schema)}
    ORDER BY ${order} LIMIT ${search.maxResults + 1} OFFSET ${offset}`);
  const items = withTags(db, rows.slice(0, search.maxResults));
  return rows.length > search.maxResults ? { items, nextPageToken: tokenFor(offset + search.maxResults) } : { items };
};

export const insertExperiment = (
  db: Sql,
  experiment: { readonly name: string; readonly artifactLocation: string | undefined; readonly time: number },
): ExperimentId => {
  const { name, artifactLocation = null, time } = experiment;
  db.run(sql`
    INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)
    VALUES (${name}, ${artifactLocation}, 'active', ${time}, ${time})`);
  const row = db.get<{ id: string }>(sql`SELECT CAST(last_insert_rowid() AS TEXT) AS id`);
  return asExperimentId(row?.id ?? '');
};

export const setArtifactLocation = (db: Sql, experimentId: ExperimentId, location: string): void => {
  db.run(sql`UPDATE experiments SET artifact_location = ${location} WHERE experiment_id = ${experimentId}`);
};

export const renameExperiment = (db: Sql, experimentId: ExperimentId, name: string, time: number): void => {
  db.run(sql`UPDATE experiments SET name = ${name}, last_update_time = ${time} WHERE experiment_id = ${experimentId}`);
};

/** Deletes or restores the experiment and all its runs. */
export const setExperimentStage = (db: Sql, experimentId: ExperimentId, stage: LifecycleStage, time: number): void => {
  const deletedTime = stage === 'deleted' ? time : null;
  db.run(sql`UPDATE experiments SET lifecycle_stage = ${stage}, last_update_time = ${time} WHERE experiment_id = ${experimentId}`);
  db.run(sql`UPDATE runs SET lifecycle_stage = ${stage}, deleted_time = ${deletedTime} WHERE experiment_id = ${experimentId}`);
};

export const upsertExperimentTag = (db: Sql, experimentId: ExperimentId, tag: Tag): void => {
  db.run(sql`
    INSERT INTO experiment_tags ("key", value, experiment_id) VALUES (${tag.key}, ${tag.value}, ${experimentId})
    ON CONFLICT ("key", experiment_id) DO UPDATE SET value = excluded.value`);
};

export const deleteExperimentTag = (db: Sql, experimentId: ExperimentId, key: string): void => {
  const count = db.run(sql`DELETE FROM experiment_tags WHERE "key" = ${key} AND experiment_id = ${experimentId}`);
  if (count === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in experiment with id ${experimentId}`);
};
