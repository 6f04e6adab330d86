import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workbenchIndexes } from '../../schemas/tracking-database.ts';
import type { Disposable } from '../shared/disposables.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Sql, SqlSchema, StoreDatabase } from '../shared/sql.ts';
import { Connection } from './connection.ts';
import { SchemaView } from './schema-view.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { createStoreFile, inspectFile, isOnNetwork } from './store-file.ts';
import { WriteQueue } from './write-queue.ts';

export interface OpenOptions {
  /** Make the file (with MLflow's tables) when it is not there or empty. */
  readonly create?: boolean;
  /** Where a new file's experiments keep their artifacts; `mlruns` beside the file, as with Python. */
  readonly artifactRoot?: string;
  /** ms that a write may wait for another process's lock. */
  readonly lockTimeout?: number;
}

/** As Python writes it for `sqlite:///`: a plain path, on Windows a file URI. */
export const defaultArtifactRoot = (path: string): string => {
  const folder = join(dirname(path), 'mlruns');
  return process.platform === 'win32' ? pathToFileURL(folder).href : folder;
};

/** Opens a store, or says in an MlflowError why that is not possible; a file that is no store is left untouched. */
export const openDatabase = (path: string, options: OpenOptions = {}): SqliteDatabase => {
  try {
    const kind = inspectFile(path);
    if (kind !== 'database') {
      if (options.create !== true)
        throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${path} ${kind === 'missing' ? 'does not exist' : 'is empty: no MLflow store yet'}`);
      createStoreFile(path, options.artifactRoot ?? defaultArtifactRoot(path));
    }
    return new SqliteDatabase(path, options.lockTimeout ?? 15_000);
  } catch (error) {
    throw explainSqliteError(error, path);
  }
};

/** A store's file: reads at once, writes in groups, the schema as it is now. */
export class SqliteDatabase implements StoreDatabase, Disposable {
  readonly path: string;
  readonly #connection: Connection;
  readonly #schema: SchemaView;
  readonly #queue: WriteQueue;
  #readOnlyReason: string | undefined;

  constructor(path: string, lockTimeout: number) {
    this.path = path;
    this.#connection = new Connection(path);
    this.#schema = new SchemaView(this.#connection);
    this.#queue = new WriteQueue(this.#connection, { path, lockTimeout, check: () => this.#refuseWhenReadOnly() });
    try {
      this.#lookAgain();
      this.#refuseWithoutTables();
    } catch (error) {
      this.#connection.dispose();
      throw error;
    }
  }

  get schema(): SqlSchema {
    return this.#schema;
  }

  /** Alembic's; null when the file names none. */
  get revision(): string | null {
    return this.#schema.revision;
  }

  /** One sentence; undefined when the store can be written. */
  get readOnlyReason(): string | undefined {
    return this.#readOnlyReason;
  }

  /** After each commit of ours; commits of others move `dataVersion`. */
  get onDidCommit(): WriteQueue['onDidCommit'] {
    return this.#queue.onDidCommit;
  }

  get dataVersion(): number {
    return this.#connection.dataVersion;
  }

  get schemaVersion(): number {
    return this.#connection.schemaVersion;
  }

  read<T>(work: (sql: Sql) => T): T {
    if (this.#connection.inTransaction) return work(this.#connection);
    try {
      this.#connection.execute('BEGIN');
      this.#lookAgain();
      const result = work(this.#connection);
      this.#connection.execute('COMMIT');
      return result;
    } catch (error) {
      this.#connection.rollback();
      throw explainSqliteError(error, this.path);
    }
  }

  async write<T>(work: (sql: Sql) => T): Promise<T> {
    if (this.#readOnlyReason !== undefined) throw new MlflowError('PERMISSION_DENIED', this.#readOnlyReason);
    return this.#queue.write(work);
  }

  dispose(): void {
    this.#queue.close();
    this.#connection.dispose();
  }

  #lookAgain(): void {
    if (!this.#schema.refresh()) return;
    const reason = this.#schema.readOnlyReason ?? this.#fileReason();
    this.#readOnlyReason = reason === undefined ? undefined : `${this.path} can only be read: ${reason}`;
    if (this.#hasSupersededIndex) void this.#queue.write((sql) => this.#dropSupersededIndexes(sql));
  }

  #refuseWhenReadOnly(): void {
    this.#lookAgain();
    if (this.#readOnlyReason !== undefined) throw new MlflowError('PERMISSION_DENIED', this.#readOnlyReason);
  }

  #refuseWithoutTables(): void {
    const missing = this.#schema.missingCoreTables;
    if (missing.length === 0) return;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${this.path} is a SQLite database but not an MLflow store: it lacks the tables ${missing.join(', ')}`);
  }

  #fileReason(): string | undefined {
    if (!isWritable(this.path)) return 'the file is write-protected';
    if (!isWritable(dirname(this.path))) return 'its folder is write-protected';
    if (this.#connection.journalMode === 'wal' && isOnNetwork(this.path)) return 'its journal mode (WAL) does not work on a network drive';
    return undefined;
  }

  get #supersededIndexes(): readonly string[] {
    return workbenchIndexes
      .filter(({ name, unless }) => unless !== undefined && this.#schema.hasIndex(name) && this.#schema.hasIndex(unless))
      .map(({ name }) => name);
  }

  get #hasSupersededIndex(): boolean {
    return this.#readOnlyReason === undefined && this.#supersededIndexes.length > 0;
  }

  #dropSupersededIndexes(sql: Sql): void {
    for (const name of this.#supersededIndexes) sql.run({ text: `DROP INDEX IF EXISTS ${name}`, values: [] });
  }
}

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
