import type { PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { chooseDeleted, type Candidate, type DeletedItem, type DeletedItems } from './deleted-items.ts';

/** What a request is about; throws when it names something that is not deleted, or not there. */
export const findDeletedRows = (read: Sql, schema: SqlSchema, request: PermanentDeletionRequest): DeletedItems =>
  chooseDeleted({ experiments: readExperiments(read), runs: readRuns(read), models: readModels(read, schema) }, request);

type Row = Omit<Candidate, 'isDeleted'> & { readonly isDeleted: number };

const toCandidate = (row: Row): Candidate => ({ ...row, isDeleted: row.isDeleted === 1 });

const readExperiments = (read: Sql): readonly Candidate[] =>
  read
    .all<Row>(sql`
      SELECT CAST(experiment_id AS TEXT) AS id, CAST(experiment_id AS TEXT) AS experimentId, '' AS artifactUri, lifecycle_stage = 'deleted' AS isDeleted
      FROM experiments`)
    .map(toCandidate);

const readRuns = (read: Sql): readonly Candidate[] =>
  read
    .all<Row>(sql`
      SELECT run_uuid AS id, CAST(experiment_id AS TEXT) AS experimentId, coalesce(artifact_uri, '') AS artifactUri, lifecycle_stage = 'deleted' AS isDeleted
      FROM runs`)
    .map(toCandidate);

const readModels = (read: Sql, schema: SqlSchema): readonly Candidate[] => {
  if (!schema.has('logged_models')) return [];
  return read
    .all<Row>(sql`
      SELECT model_id AS id, CAST(experiment_id AS TEXT) AS experimentId, coalesce(artifact_location, '') AS artifactUri, lifecycle_stage = 'deleted' AS isDeleted
      FROM logged_models`)
    .map(toCandidate);
};

/** Deletes rows and everything that refers to them, in whatever tables this release of MLflow has. */
export const deleteRows = (write: Sql, schema: SqlSchema, { runs, models, experimentIds }: DeletedItems): void => {
  const runIds = idsOf(runs);
  const modelIds = idsOf(models);
  if (schema.has('inputs')) deleteInputs(write, schema, [...runIds, ...modelIds]);
  const references = readReferences(write);
  if (models.length > 0) deleteWithReferences(write, references, 'logged_models', sql`model_id IN (${listOf(modelIds)})`);
  deleteWithReferences(write, references, 'runs', sql`run_uuid IN (${listOf(runIds)})`);
  deleteWithReferences(write, references, 'experiments', sql`experiment_id IN (${listOf(experimentIds)})`);
};

const idsOf = (items: readonly DeletedItem[]): readonly string[] => items.map((item) => item.id);

/** Experiment ids are integers in the file: a text compares with them by its column's affinity. */
const listOf = (ids: readonly string[]): SqlQuery => sql`SELECT value FROM json_each(${JSON.stringify(ids)})`;

/** Edges between runs, models and datasets, which no foreign key holds. */
const deleteInputs = (write: Sql, schema: SqlSchema, ids: readonly string[]): void => {
  const ofThese = sql`source_id IN (${listOf(ids)}) OR destination_id IN (${listOf(ids)})`;
  if (schema.has('input_tags')) write.run(sql`DELETE FROM input_tags WHERE input_uuid IN (SELECT input_uuid FROM inputs WHERE ${ofThese})`);
  write.run(sql`DELETE FROM inputs WHERE ${ofThese}`);
};

interface Reference {
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
}

/** Foreign keys that SQLite does not follow by itself when a row goes. */
const readReferences = (read: Sql): readonly Reference[] =>
  read.all<Reference>(sql`
    SELECT m.name AS "table", f."from" AS "column", f."table" AS parent, f."to" AS parentColumn
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' AND f.on_delete NOT IN ('CASCADE', 'SET NULL') AND f."to" IS NOT NULL`);

const deleteWithReferences = (write: Sql, references: readonly Reference[], table: string, condition: SqlQuery, above: readonly string[] = []): void => {
  for (const { table: child, column, parentColumn } of references.filter((one) => one.parent === table && !above.includes(one.table) && one.table !== table)) {
    const isChild = sql`${name(column)} IN (SELECT ${name(parentColumn)} FROM ${name(table)} WHERE ${condition})`;
    deleteWithReferences(write, references, child, isChild, [...above, table]);
  }
  write.run(sql`DELETE FROM ${name(table)} WHERE ${condition}`);
};

/** A table or column of the file's own schema, quoted. */
const name = (identifier: string): SqlQuery => ({ text: `"${identifier.replaceAll('"', '""')}"`, values: [] });
