import { sql, type SqlQuery } from '../shared/sql.ts';
import type { Tag } from '../tracking/run.ts';
import { modelNotFound, type RegisteredModel } from './registered-model.ts';
import type { CreateRegisteredModel } from './registry-store.ts';
import { inWorkspace, type RegistryTables } from './registry-tables.ts';
import { readAliases } from './sqlite-aliases.ts';
import { readLatestVersions } from './sqlite-model-versions.ts';

interface ModelRow {
  readonly name: string;
  readonly created: number | null;
  readonly updated: number | null;
  readonly description: string | null;
}

interface ModelTagRow {
  readonly name: string;
  readonly key: string;
  readonly value: string | null;
}

const columns = sql`name, creation_time AS created, last_updated_time AS updated, description`;

const withName = ({ schema }: RegistryTables, name: string): SqlQuery => sql`${inWorkspace(schema, 'registered_models')} AND name = ${name}`;

export const readModel = (tables: RegistryTables, name: string): RegisteredModel => {
  const row = tables.sql.get<ModelRow>(sql`SELECT ${columns} FROM registered_models WHERE ${withName(tables, name)}`);
  const [model] = row === undefined ? [] : toModels(tables, [row]);
  if (model === undefined) throw modelNotFound(name);
  return model;
};

export interface ModelPage {
  readonly where: SqlQuery;
  readonly orderBy: SqlQuery;
  readonly limit: number;
  readonly offset: number;
}

export const readModels = (tables: RegistryTables, { where, orderBy, limit, offset }: ModelPage): readonly RegisteredModel[] =>
  toModels(tables, tables.sql.all<ModelRow>(sql`SELECT ${columns} FROM registered_models WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit} OFFSET ${offset}`));

const toModels = (tables: RegistryTables, rows: readonly ModelRow[]): readonly RegisteredModel[] => {
  const names = rows.map(({ name }) => name);
  const [tags, aliases, latestVersions] = [readModelTags(tables, names), readAliases(tables, names), readLatestVersions(tables, names)];
  return rows.map((row) => ({
    name: row.name,
    creationTimestamp: row.created ?? 0,
    lastUpdatedTimestamp: row.updated ?? row.created ?? 0,
    ...(row.description !== null && { description: row.description }),
    latestVersions: latestVersions.get(row.name) ?? [],
    tags: tags.get(row.name) ?? [],
    aliases: aliases.get(row.name) ?? [],
  }));
};

/** Undefined when there is no such model. */
export const findModelTags = (tables: RegistryTables, name: string): readonly Tag[] | undefined => {
  if (tables.sql.get(sql`SELECT 1 FROM registered_models WHERE ${withName(tables, name)}`) === undefined) return undefined;
  return readModelTags(tables, [name]).get(name) ?? [];
};

const readModelTags = ({ sql: db, schema }: RegistryTables, names: readonly string[]): ReadonlyMap<string, readonly Tag[]> => {
  if (!schema.has('registered_model_tags')) return new Map();
  const rows = db.all<ModelTagRow>(sql`
    SELECT name, "key", value FROM registered_model_tags
    WHERE ${inWorkspace(schema, 'registered_model_tags')} AND name IN (SELECT value FROM json_each(${JSON.stringify(names)}))
    ORDER BY rowid`);
  return new Map([...Map.groupBy(rows, (row) => row.name)].map(([name, group]) => [name, group.map(toTag)]));
};

const toTag = ({ key, value }: ModelTagRow): Tag => ({ key, value: value ?? '' });

export const checkModelExists = (tables: RegistryTables, name: string): void => {
  if (tables.sql.get(sql`SELECT 1 FROM registered_models WHERE ${withName(tables, name)}`) === undefined) throw modelNotFound(name);
};

export const insertModel = (tables: RegistryTables, { name, description, tags = [] }: CreateRegisteredModel): void => {
  tables.sql.run(sql`
    INSERT INTO registered_models (name, creation_time, last_updated_time, description)
    VALUES (${name}, ${tables.now}, ${tables.now}, ${description ?? null})`);
  for (const tag of tags) writeModelTag(tables, name, tag);
};

export const writeModelDescription = (tables: RegistryTables, name: string, description: string): void => {
  tables.sql.run(sql`UPDATE registered_models SET description = ${description}, last_updated_time = ${tables.now} WHERE ${withName(tables, name)}`);
};

/** Versions, tags and aliases follow by their foreign keys. */
export const writeModelName = (tables: RegistryTables, name: string, newName: string): void => {
  const { sql: db, schema, now } = tables;
  db.run(sql`UPDATE registered_models SET name = ${newName}, last_updated_time = ${now} WHERE ${withName(tables, name)}`);
  db.run(sql`UPDATE model_versions SET last_updated_time = ${now} WHERE ${inWorkspace(schema, 'model_versions')} AND name = ${newName}`);
};

/** MLflow's sign that something about the versions has changed. */
export const touchModel = (tables: RegistryTables, name: string): void => {
  tables.sql.run(sql`UPDATE registered_models SET last_updated_time = ${tables.now} WHERE ${withName(tables, name)}`);
};

/** Its versions go first. */
export const removeModel = (tables: RegistryTables, name: string): void => {
  const { sql: db, schema } = tables;
  db.run(sql`DELETE FROM registered_model_tags WHERE ${inWorkspace(schema, 'registered_model_tags')} AND name = ${name}`);
  db.run(sql`DELETE FROM registered_model_aliases WHERE ${inWorkspace(schema, 'registered_model_aliases')} AND name = ${name}`);
  db.run(sql`DELETE FROM registered_models WHERE ${withName(tables, name)}`);
};

/** Without naming the key, which an upgrade by Python changes. */
export const writeModelTag = ({ sql: db }: RegistryTables, name: string, { key, value }: Tag): void => {
  db.run(sql`
    INSERT INTO registered_model_tags (name, "key", value) VALUES (${name}, ${key}, ${value})
    ON CONFLICT DO UPDATE SET value = excluded.value`);
};

export const removeModelTag = ({ sql: db, schema }: RegistryTables, name: string, key: string): void => {
  db.run(sql`DELETE FROM registered_model_tags WHERE ${inWorkspace(schema, 'registered_model_tags')} AND name = ${name} AND "key" = ${key}`);
};
