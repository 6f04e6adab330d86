import { sql } from '../shared/sql.ts';
import type { Alias } from './alias.ts';
import { inWorkspace, type RegistryTables } from './registry-tables.ts';

interface AliasRow {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
}

export const readAliases = ({ sql: db, schema }: RegistryTables, names: readonly string[]): ReadonlyMap<string, readonly Alias[]> => {
  if (!schema.has('registered_model_aliases')) return new Map();
  const rows = db.all<AliasRow>(sql`
    SELECT name, alias, version FROM registered_model_aliases
    WHERE ${inWorkspace(schema, 'registered_model_aliases')} AND name IN (SELECT value FROM json_each(${JSON.stringify(names)}))
    ORDER BY name, alias`);
  return new Map([...Map.groupBy(rows, (row) => row.name)].map(([name, group]) => [name, group.map(({ alias, version }) => ({ alias, version }))]));
};

export const readAliasVersion = ({ sql: db, schema }: RegistryTables, name: string, alias: string): number | undefined => {
  if (!schema.has('registered_model_aliases')) return undefined;
  return db.get<{ version: number }>(sql`
    SELECT version FROM registered_model_aliases
    WHERE ${inWorkspace(schema, 'registered_model_aliases')} AND name = ${name} AND alias = ${alias}`)?.version;
};

/** Without naming the key, which an upgrade by Python changes. */
export const writeAlias = ({ sql: db }: RegistryTables, name: string, { alias, version }: Alias): void => {
  db.run(sql`
    INSERT INTO registered_model_aliases (name, alias, version) VALUES (${name}, ${alias}, ${version})
    ON CONFLICT DO UPDATE SET version = excluded.version`);
};

export const removeAlias = ({ sql: db, schema }: RegistryTables, name: string, alias: string): void => {
  db.run(sql`DELETE FROM registered_model_aliases WHERE ${inWorkspace(schema, 'registered_model_aliases')} AND name = ${name} AND alias = ${alias}`);
};

export const removeAliasesOf = ({ sql: db, schema }: RegistryTables, name: string, version: number): void => {
  db.run(sql`DELETE FROM registered_model_aliases WHERE ${inWorkspace(schema, 'registered_model_aliases')} AND name = ${name} AND version = ${version}`);
};
