import { sql } from '../shared/sql.ts';
import type { Tag } from '../tracking/run.ts';
import { inWorkspace, type RegistryTables } from './registry-tables.ts';

interface VersionTagRow {
  readonly name: string;
  readonly version: number;
  readonly key: string;
  readonly value: string | null;
}

type VersionKey = Pick<VersionTagRow, 'name' | 'version'>;
const keyText = ({ name, version }: VersionKey): string => `${version}/${name}`;

/** In the order in which they were first set. */
export const readVersionTags = ({ sql: db, schema }: RegistryTables, versions: readonly VersionKey[]): ((version: VersionKey) => readonly Tag[]) => {
  if (versions.length === 0 || !schema.has('model_version_tags')) return () => [];
  const keys = JSON.stringify(versions.map(({ name, version }) => [name, version]));
  const rows = db.all<VersionTagRow>(sql`
    SELECT name, version, "key", value FROM model_version_tags
    WHERE ${inWorkspace(schema, 'model_version_tags')} AND (name, version) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${keys}))
    ORDER BY rowid`);
  const tags = Map.groupBy(rows, keyText);
  return (version) => tags.get(keyText(version))?.map(({ key, value }) => ({ key, value: value ?? '' })) ?? [];
};

/** Without naming the table's key, which an upgrade by Python changes. */
export const writeVersionTag = ({ sql: db }: RegistryTables, name: string, version: number, { key, value }: Tag): void => {
  db.run(sql`
    INSERT INTO model_version_tags (name, version, "key", value) VALUES (${name}, ${version}, ${key}, ${value})
    ON CONFLICT DO UPDATE SET value = excluded.value`);
};

export const removeVersionTag = ({ sql: db, schema }: RegistryTables, name: string, version: number, key: string): void => {
  db.run(sql`
    DELETE FROM model_version_tags
    WHERE ${inWorkspace(schema, 'model_version_tags')} AND name = ${name} AND version = ${version} AND "key" = ${key}`);
};
