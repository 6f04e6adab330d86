import { asRunId } from '../../schemas/ids.ts';
import { sql, type SqlQuery } from '../shared/sql.ts';
import type { Tag } from '../tracking/run.ts';
import { isModelVersionStatus, versionNotFound, type ModelVersion } from './model-version.ts';
import { inWorkspace, type RegistryTables } from './registry-tables.ts';
import { readAliases } from './sqlite-aliases.ts';
import { readVersionTags, writeVersionTag } from './sqlite-version-tags.ts';
import { isStage, type Stage } from './stage.ts';

interface VersionRow {
  readonly name: string;
  readonly version: number;
  readonly created: number | null;
  readonly updated: number | null;
  readonly description: string | null;
  readonly userId: string | null;
  readonly stage: string | null;
  readonly source: string | null;
  readonly runId: string | null;
  readonly runLink: string | null;
  readonly status: string | null;
  readonly statusMessage: string | null;
}

const columns = sql`name, version, creation_time AS created, last_updated_time AS updated, description, user_id AS userId, current_stage AS stage,
  source, run_id AS runId, run_link AS runLink, status, status_message AS statusMessage`;

const toVersion = (row: VersionRow, tags: readonly Tag[], aliases: readonly string[]): ModelVersion => ({
  name: row.name,
  version: row.version,
  creationTimestamp: row.created ?? 0,
  lastUpdatedTimestamp: row.updated ?? row.created ?? 0,
  ...(row.description !== null && { description: row.description }),
  ...(row.userId !== null && { userId: row.userId }),
  ...(row.stage !== null && isStage(row.stage) && { currentStage: row.stage }),
  source: row.source ?? '',
  ...(row.runId !== null && { runId: asRunId(row.runId) }),
  ...(row.runLink !== null && { runLink: row.runLink }),
  status: row.status !== null && isModelVersionStatus(row.status) ? row.status : 'READY',
  ...(row.statusMessage !== null && { statusMessage: row.statusMessage }),
  tags,
  aliases,
});

/** The version that is not deleted. */
const liveVersion = ({ schema }: RegistryTables, name: string, version: number): SqlQuery =>
  sql`${inWorkspace(schema, 'model_versions')} AND name = ${name} AND version = ${version} AND current_stage != 'Deleted_Internal'`;

export const readVersion = (tables: RegistryTables, name: string, version: number): ModelVersion => {
  const row = tables.sql.get<VersionRow>(sql`SELECT ${columns} FROM model_versions WHERE ${liveVersion(tables, name, version)}`);
  if (row === undefined) throw versionNotFound(name, version);
  const aliases =
    readAliases(tables, [name])
      .get(name)
      ?.filter((alias) => alias.version === version) ?? [];
  return toVersion(
    row,
    readVersionTags(tables, [row])(row),
    aliases.map(({ alias }) => alias),
  );
};

export const checkVersionExists = (tables: RegistryTables, name: string, version: number): void => {
  if (tables.sql.get(sql`SELECT 1 FROM model_versions WHERE ${liveVersion(tables, name, version)}`) === undefined) throw versionNotFound(name, version);
};

export interface VersionPage {
  readonly where: SqlQuery;
  readonly orderBy: SqlQuery;
  readonly limit: number;
  readonly offset: number;
}

/** Without aliases, as MLflow's search. */
export const readVersions = (tables: RegistryTables, page: VersionPage): readonly ModelVersion[] => {
  const rows = tables.sql.all<VersionRow>(versionPageSql(page));
  const tagsOf = readVersionTags(tables, rows);
  return rows.map((row) => toVersion(row, tagsOf(row), []));
};

/** Sorts numbers of rows and then fetches few rows: among 200,000 versions twice as fast as sorting the rows. */
const versionPageSql = ({ where, orderBy, limit, offset }: VersionPage): SqlQuery => sql`
  SELECT ${columns} FROM model_versions
  WHERE rowid IN (SELECT rowid FROM model_versions WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit} OFFSET ${offset})
  ORDER BY ${orderBy}`;

/** The highest version of each stage, the stage with the lowest version first, as MLflow happens to list them. */
export const readLatestVersions = (tables: RegistryTables, names: readonly string[]): ReadonlyMap<string, readonly ModelVersion[]> => {
  const rows = tables.sql.all<VersionRow>(sql`
    SELECT ${columns} FROM (
      SELECT name AS model, max(version) AS highest, min(version) AS lowest FROM model_versions
      WHERE ${inWorkspace(tables.schema, 'model_versions')} AND current_stage != 'Deleted_Internal'
        AND name IN (SELECT value FROM json_each(${JSON.stringify(names)}))
      GROUP BY name, current_stage
    ) CROSS JOIN model_versions ON ${inWorkspace(tables.schema, 'model_versions')} AND name = model AND version = highest
    ORDER BY model, lowest`);
  const tagsOf = readVersionTags(tables, rows);
  return Map.groupBy(
    rows.map((row) => toVersion(row, tagsOf(row), [])),
    (version) => version.name,
  );
};

export interface NewVersion {
  readonly name: string;
  readonly source: string;
  readonly storageLocation: string;
  readonly runId: string;
  readonly runLink: string;
  readonly description: string;
  readonly tags: readonly Tag[];
}

/** Numbers of deleted versions are not used again: their rows stay. */
export const insertVersion = (tables: RegistryTables, version: NewVersion): number => {
  const { sql: db, schema, now } = tables;
  const { highest } = db.get<{ highest: number }>(sql`
    SELECT coalesce(max(version), 0) AS highest FROM model_versions WHERE ${inWorkspace(schema, 'model_versions')} AND name = ${version.name}`) ?? {
    highest: 0,
  };
  const number = highest + 1;
  db.run(sql`
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, current_stage, source, storage_location, run_id, run_link, status)
    VALUES (${version.name}, ${number}, ${now}, ${now}, ${version.description}, 'None', ${version.source}, ${version.storageLocation}, ${version.runId}, ${version.runLink}, 'READY')`);
  for (const tag of version.tags) writeVersionTag(tables, version.name, number, tag);
  return number;
};

export const writeVersionDescription = (tables: RegistryTables, name: string, version: number, description: string | undefined): void => {
  tables.sql.run(
    sql`UPDATE model_versions SET description = ${description ?? null}, last_updated_time = ${tables.now} WHERE ${liveVersion(tables, name, version)}`,
  );
};

export const writeStage = (tables: RegistryTables, name: string, version: number, stage: Stage): void => {
  tables.sql.run(sql`UPDATE model_versions SET current_stage = ${stage}, last_updated_time = ${tables.now} WHERE ${liveVersion(tables, name, version)}`);
};

export const archiveOthers = ({ sql: db, schema, now }: RegistryTables, name: string, version: number, stage: Stage): void => {
  db.run(sql`
    UPDATE model_versions SET current_stage = 'Archived', last_updated_time = ${now}
    WHERE ${inWorkspace(schema, 'model_versions')} AND name = ${name} AND version != ${version} AND current_stage = ${stage}`);
};

/** The row stays, without what could tell anything; its tags stay too. */
export const redactVersion = (tables: RegistryTables, name: string, version: number): void => {
  tables.sql.run(sql`
    UPDATE model_versions SET current_stage = 'Deleted_Internal', last_updated_time = ${tables.now}, description = NULL, user_id = NULL, status_message = NULL,
      source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK'
    WHERE ${liveVersion(tables, name, version)}`);
};

export const removeVersionsOf = ({ sql: db, schema }: RegistryTables, name: string): void => {
  db.run(sql`DELETE FROM model_version_tags WHERE ${inWorkspace(schema, 'model_version_tags')} AND name = ${name}`);
  db.run(sql`DELETE FROM model_versions WHERE ${inWorkspace(schema, 'model_versions')} AND name = ${name}`);
};

export const readDownloadUri = (tables: RegistryTables, name: string, version: number): string => {
  const location = tables.schema.has('model_versions', 'storage_location') ? sql`nullif(storage_location, '')` : sql`NULL`;
  const row = tables.sql.get<{ uri: string }>(
    sql`SELECT coalesce(${location}, source, '') AS uri FROM model_versions WHERE ${liveVersion(tables, name, version)}`,
  );
  if (row === undefined) throw versionNotFound(name, version);
  return row.uri;
};
