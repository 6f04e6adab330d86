import { coreTables, laterColumns, upsertKeys, writtenColumns } from '../../schemas/tracking-database.ts';
import { sql, type SqlSchema } from '../shared/sql.ts';
import type { Connection } from './connection.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly required: number;
  /** Position in the primary key, from 1; 0 when outside. */
  readonly key: number;
}

const columnsQuery = sql`
  SELECT m.name AS "table", c.name AS "column", c."notnull" AND c.dflt_value IS NULL AND c.hidden = 0 AS required, c.pk AS "key"
  FROM sqlite_master m JOIN pragma_table_xinfo(m.name, 'main') c WHERE m.type = 'table'`;

/** Tables, columns and indexes of one file, read again when its schema version has moved. */
export class SchemaView implements SqlSchema {
  readonly #connection: Connection;
  #version: number | undefined;
  #tables: ReadonlyMap<string, readonly Column[]> = new Map();
  #indexes: ReadonlySet<string> = new Set();
  #revisions: readonly string[] = [];
  readonly #filledIn = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** True when something has changed since the last call. */
  refresh(): boolean {
    const version = this.#connection.schemaVersion;
    if (version === this.#version) return false;
    this.#connection.forgetStatements();
    this.#tables = Map.groupBy(this.#connection.all<Column>(columnsQuery), (column) => column.table);
    this.#indexes = new Set(this.#connection.all<{ name: string }>(sql`SELECT name FROM sqlite_master WHERE type = 'index'`).map((row) => row.name));
    this.#revisions = this.#readRevisions();
    for (const [table, columns] of Object.entries(laterColumns)) this.#fillIn(table, columns);
    this.#version = version;
    return true;
  }

  /** Tables of this connection stand in front of some of the file's: they go when a transaction is rolled back. */
  get isFilledIn(): boolean {
    return this.#filledIn.size > 0;
  }

  /** The next refresh reads everything: this is another file. */
  forget(): void {
    this.#version = undefined;
  }

  has(table: string, column?: string): boolean {
    const columns = this.#tables.get(table);
    return columns !== undefined && (column === undefined || columns.some((one) => one.column === column));
  }

  hasIndex(name: string): boolean {
    return this.#indexes.has(name);
  }

  /** Alembic's; null when the file names none, or several. */
  get revision(): string | null {
    return this.#revisions.length === 1 ? (this.#revisions[0] ?? null) : null;
  }

  get missingCoreTables(): readonly string[] {
    return coreTables.filter((table) => !this.has(table));
  }

  /** An upgrade by mlflow has one for moments; one that was cut short leaves it behind. */
  get halfMadeTable(): string | undefined {
    return [...this.#tables.keys()].find((table) => table.startsWith('_alembic_tmp_'));
  }

  /** Why nothing may be written into this file, as the end of a sentence; undefined when it may. */
  get readOnlyReason(): string | undefined {
    if (this.revision === null) return `it names ${this.#revisions.length === 0 ? 'no schema revision' : 'several schema revisions'} (table alembic_version)`;
    if (this.halfMadeTable !== undefined) return `an upgrade by mlflow was cut short (table ${this.halfMadeTable} is left over)`;
    for (const [table, columns] of Object.entries(writtenColumns)) {
      const reason = this.#tableReason(table, columns);
      if (reason !== undefined) return `${reason} (schema revision ${this.revision})`;
    }
    return undefined;
  }

  /** A view of this connection alone, which nobody else sees: the table with the columns that it lacks. */
  #fillIn(table: string, columns: readonly string[]): void {
    if (this.#filledIn.delete(table)) this.#connection.script(`DROP VIEW IF EXISTS temp.${table}`);
    const missing = columns.filter((column) => this.has(table) && !this.has(table, column));
    if (missing.length === 0) return;
    this.#connection.script(`DROP VIEW IF EXISTS temp.${table};
      CREATE TEMP VIEW ${table} AS SELECT rowid AS rowid, *, ${missing.map((column) => `NULL AS ${column}`).join(', ')} FROM main.${table}`);
    this.#filledIn.add(table);
  }

  #tableReason(table: string, written: readonly string[]): string | undefined {
    const missing = written.find((column) => !this.has(table, column));
    if (missing !== undefined) return `it lacks ${table}.${missing}, which releases of mlflow before 2.9 did not have`;
    const columns = this.#tables.get(table) ?? [];
    const unknown = columns.find((one) => one.required === 1 && !written.includes(one.column));
    if (unknown !== undefined) return `it wants a value for ${table}.${unknown.column}, which is unknown here`;
    const key = columns.filter((one) => one.key > 0).map((one) => one.column);
    const expected = upsertKeys[table] ?? key;
    return key.toSorted().join() === expected.toSorted().join() ? undefined : `the primary key of ${table} is (${key.join(', ')})`;
  }

  #readRevisions(): readonly string[] {
    if (!this.has('alembic_version', 'version_num')) return [];
    return this.#connection.all<{ revision: string }>(sql`SELECT version_num AS revision FROM alembic_version`).map((row) => row.revision);
  }
}
