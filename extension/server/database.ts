import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { workbenchIndexes } from '../../schemas/tracking-database.ts';
import type { Disposable } from '../shared/disposables.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Sql, SqlSchema, StoreDatabase } from '../shared/sql.ts';
import { Connection } from './connection.ts';
import { HeldFile } from './held-file.ts';
import { LogFlush } from './log-flush.ts';
import { SchemaView } from './schema-view.ts';
import { explainSqliteError, isBrokenConnection, UpgradeUnderWay } from './sqlite-errors.ts';
import { createStoreFile, inspectFile, isOnNetwork } from './store-file.ts';
import { isWritable } from './writable.ts';
import { WriteQueue } from './write-queue.ts';

export interface OpenOptions {
  /** Make the file (with MLflow's tables) when it is not there or empty. */
  readonly create?: boolean;
  /** Where a new file's experiments keep their artifacts; `mlruns` beside the file, as with Python. */
  readonly artifactRoot?: string;
  /** ms that a write may wait for another process's lock. */
  readonly lockTimeout?: number;
  /** Whether other machines may have the file too; of a path, by its file system. */
  readonly isOnNetwork?: (path: string) => boolean;
}

interface DatabaseOptions extends Pick<OpenOptions, 'lockTimeout' | 'isOnNetwork'> {
  /** A second connection, for reads only. */
  readonly isReader?: boolean;
}

/** As Python writes it for `sqlite:///`: a plain path, on Windows a file URI. So is a path with a percent sign, which Python would decode. */
export const defaultArtifactRoot = (path: string): string => {
  const folder = join(dirname(path), 'mlruns');
  return process.platform === 'win32' || folder.includes('%') ? pathToFileURL(folder).href : folder;
};

/** Opens a store, or says in an MlflowError why that is not possible; a file that is no store is left untouched. */
export const openDatabase = (path: string, options: OpenOptions = {}): SqliteDatabase =>
  explained(path, () => {
    const kind = inspectFile(path);
    if (kind !== 'database') {
      if (options.create !== true)
        throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${path} ${kind === 'missing' ? 'does not exist' : 'is empty: no MLflow store yet'}`);
      createStoreFile(path, options.artifactRoot ?? defaultArtifactRoot(path), options.isOnNetwork);
    }
    return new SqliteDatabase(path, options);
  });

/** A further connection to a store that is open, for another thread. */
export const openReader = (path: string): SqliteDatabase => explained(path, () => new SqliteDatabase(path, { isReader: true }));

const explained = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw explainSqliteError(error, path);
  }
};

/** A store's file: reads at once, writes in groups, the schema as it is now. */
export class SqliteDatabase implements StoreDatabase, Disposable {
  readonly path: string;
  readonly #connection: Connection;
  readonly #file: HeldFile;
  readonly #schema: SchemaView;
  readonly #queue: WriteQueue;
  readonly #isReader: boolean;
  readonly #lockTimeout: number;
  readonly #isOnNetwork: boolean;
  /** When a half-made table was first seen, in ms of `performance.now()`. */
  #halfMadeSince: number | undefined;
  #readOnlyReason: string | undefined;
  #generation = 0;

  constructor(path: string, options: DatabaseOptions) {
    const { lockTimeout = 15_000, isReader = false } = options;
    this.path = path;
    this.#isReader = isReader;
    this.#lockTimeout = lockTimeout;
    this.#connection = new Connection(path, { readonly: isReader });
    this.#file = new HeldFile(path);
    this.#isOnNetwork = (options.isOnNetwork ?? isOnNetwork)(path);
    this.#schema = new SchemaView(this.#connection);
    const flush = new LogFlush(path);
    this.#queue = new WriteQueue(this.#connection, {
      path,
      lockTimeout,
      prepare: () => this.#checkFile(),
      check: () => this.#refuseWhenReadOnly(),
      committed: () => flush.afterCommit(this.#connection.writtenRows),
      onBroken: () => this.#file.distrust(),
    });
    try {
      this.#connection.patiently(() => this.#lookAgain());
      this.#refuseWithoutTables();
      // What is half made when the file is opened was left behind.
      if (this.#halfMadeSince !== undefined) this.#halfMadeSince = -Infinity;
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

  /** One sentence on what to mind where it can be written; undefined on a disk of this machine. */
  get notice(): string | undefined {
    if (!this.#isOnNetwork || this.#readOnlyReason !== undefined) return undefined;
    return `${this.path} lies on a network drive, whose locks may not reach other machines: let only one of them write at a time`;
  }

  /** The tables, not the file's protection, are why it can only be read. */
  get canUpgrade(): boolean {
    return this.#schema.readOnlyReason !== undefined;
  }

  /** Changes with each commit of another connection, and when the file is replaced by another one. */
  get version(): string {
    this.#checkFile();
    return `${this.#generation} ${this.#connection.dataVersion}`;
  }

  /** Changes when tables do, and when the file is replaced by another one. */
  get schemaVersion(): string {
    return `${this.#generation} ${this.#connection.schemaVersion}`;
  }

  read<T>(work: (sql: Sql) => T): T {
    if (this.#connection.inTransaction) return work(this.#connection);
    this.#checkFile();
    try {
      return this.#connection.patiently(() => this.#readOnce(work));
    } catch (error) {
      if (isBrokenConnection(error)) this.#file.distrust();
      throw explainSqliteError(error, this.path);
    }
  }

  /** From now on the file is read as it is at this moment. False, and nothing done, where that would keep others from writing. */
  freeze(): boolean {
    return this.#connection.patiently(() => {
      if (this.#connection.journalMode !== 'wal') return false;
      if (this.#connection.inTransaction) this.#schema.forget();
      this.#connection.rollback();
      this.#connection.beginRead();
      // A transaction sees the file as it is at its first read, which is this.
      this.#lookAgain();
      return true;
    });
  }

  async write<T>(work: (sql: Sql) => T): Promise<T> {
    this.#checkFile();
    if (this.#readOnlyReason !== undefined && !this.#isBeingUpgraded) throw new MlflowError('PERMISSION_DENIED', this.#readOnlyReason);
    return this.#queue.write(work);
  }

  dispose(): void {
    this.#queue.close();
    this.#connection.dispose();
  }

  /** One snapshot for all statements of the work. */
  #readOnce<T>(work: (sql: Sql) => T): T {
    try {
      this.#connection.beginRead();
      this.#lookAgain();
      const result = work(this.#connection);
      this.#connection.execute('COMMIT');
      return result;
    } catch (error) {
      if (this.#schema.isFilledIn) this.#schema.forget();
      throw error;
    } finally {
      this.#connection.rollback();
    }
  }

  #checkFile(): void {
    if (this.#connection.inTransaction) return;
    const fate = this.#file.look();
    if (fate === 'kept') return;
    // What a log that somebody has removed holds is in no file that others see, and neither would be what is written next.
    if (fate === 'without its log' && !this.#isReader) this.#connection.patiently(() => this.#connection.checkpoint());
    this.#file.openAnew(() => {
      this.#connection.reopen();
      this.#schema.forget();
      this.#generation += 1;
    });
  }

  #lookAgain(): void {
    if (!this.#schema.refresh() || this.#isReader) return;
    this.#halfMadeSince = this.#schema.halfMadeTable === undefined ? undefined : (this.#halfMadeSince ?? performance.now());
    const reason = this.#schema.readOnlyReason ?? this.#fileReason();
    this.#readOnlyReason = reason === undefined ? undefined : `${this.path} can only be read: ${reason}`;
    if (this.#readOnlyReason === undefined && this.#supersededIndexes.length > 0) this.#tidyIndexes();
  }

  #refuseWhenReadOnly(): void {
    this.#lookAgain();
    if (this.#isBeingUpgraded) throw new UpgradeUnderWay(this.path);
    if (this.#readOnlyReason !== undefined) throw new MlflowError('PERMISSION_DENIED', this.#readOnlyReason);
  }

  /** As long as a lock is waited for: an upgrade that takes longer was cut short. */
  get #isBeingUpgraded(): boolean {
    return this.#halfMadeSince !== undefined && performance.now() - this.#halfMadeSince < this.#lockTimeout;
  }

  #refuseWithoutTables(): void {
    const missing = this.#schema.missingCoreTables;
    if (missing.length === 0) return;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${this.path} is a SQLite database but not an MLflow store: it lacks the tables ${missing.join(', ')}`);
  }

  #fileReason(): string | undefined {
    if (!isWritable(this.path)) return 'the file is write-protected';
    if (!isWritable(dirname(this.path))) return 'its folder is write-protected';
    if (this.#connection.journalMode === 'wal' && this.#isOnNetwork) return 'its journal mode (WAL) does not work on a network drive';
    return undefined;
  }

  get #supersededIndexes(): readonly string[] {
    return workbenchIndexes
      .filter(({ name, unless }) => unless !== undefined && this.#schema.hasIndex(name) && this.#schema.hasIndex(unless))
      .map(({ name }) => name);
  }

  #tidyIndexes(): void {
    const dropped = this.#queue.write((sql) => {
      for (const name of this.#supersededIndexes) sql.run({ text: `DROP INDEX IF EXISTS ${name}`, values: [] });
    });
    // Nobody asked for it: a store that is closed or locked keeps them until it is opened the next time.
    dropped.catch(() => undefined);
  }
}
