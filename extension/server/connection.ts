import Database from 'better-sqlite3';
import type { Disposable } from '../shared/disposables.ts';
import type { Sql, SqlQuery } from '../shared/sql.ts';
import { PatternMatcher } from '../tracking/search/rich/regular-expression.ts';
import { isBusy } from './sqlite-errors.ts';

/** How long this thread may be blocked while another process holds the file, in ms. */
const patience = 250;
/** The one that was prepared first goes: to keep an order of use would cost more than to prepare a busy one now and then. */
const cachedStatements = 500;

/** KiB of pages that are kept. Searches of a large store look at many of them again and again. */
const readerCache = 64_000;
const writerCache = 16_000;

/** Pages of 4 KiB, 62 MB, after which a commit copies the log into the file. */
const logPages = 15_000;

const pragmas = [
  'foreign_keys = ON',
  // MLflow's LIKE is case-sensitive; ILIKE is written with lower().
  'case_sensitive_like = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
];

export interface ConnectionOptions {
  readonly readonly?: boolean;
  /** Make the file when it is not there. */
  readonly create?: boolean;
}

/** One SQLite connection and its prepared statements. */
export class Connection implements Sql, Disposable {
  readonly #path: string;
  readonly #options: ConnectionOptions;
  readonly #statements = new Map<string, Database.Statement<unknown[]>>();
  readonly #matcher = new PatternMatcher();
  #database: Database.Database;
  #writtenRows = 0;

  constructor(path: string, options: ConnectionOptions = {}) {
    this.#path = path;
    this.#options = options;
    this.#database = this.#open();
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  get journalMode(): string {
    return String(this.#database.pragma('journal_mode', { simple: true }));
  }

  /** Moves when another connection has committed, not for commits of this one. */
  get dataVersion(): number {
    return this.#version('PRAGMA data_version');
  }

  /** Moves when tables or indexes have changed, whoever changed them. */
  get schemaVersion(): number {
    return this.#version('PRAGMA schema_version');
  }

  all<Row>(query: SqlQuery): Row[] {
    return this.#statement(query.text).all(query.values) as Row[];
  }

  get<Row>(query: SqlQuery): Row | undefined {
    return this.#statement(query.text).get(query.values) as Row | undefined;
  }

  column<Value>(query: SqlQuery): Value[] {
    const statement = this.#statement(query.text).pluck();
    try {
      return statement.all(query.values) as Value[];
    } finally {
      statement.pluck(false);
    }
  }

  run(query: SqlQuery): number {
    const { changes } = this.#statement(query.text).run(query.values);
    this.#writtenRows += changes;
    return changes;
  }

  /** Of all statements so far. */
  get writtenRows(): number {
    return this.#writtenRows;
  }

  /** One snapshot for the statements until COMMIT. */
  beginRead(): void {
    this.#matcher.start();
    this.execute('BEGIN');
  }

  /** Statements without parameters and without rows. */
  execute(text: string): void {
    this.#statement(text).run();
  }

  /**
   * Does it once more when another process holds the file, now waiting for a moment. Not for the write
   * lock: to wait for that is the queue's business, not the thread's.
   */
  patiently<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    this.#database.pragma(`busy_timeout = ${patience}`);
    try {
      return work();
    } finally {
      this.#database.pragma('busy_timeout = 0');
    }
  }

  rollback(): void {
    if (this.inTransaction) this.execute('ROLLBACK');
  }

  /** Several statements at once, without parameters. */
  script(text: string): void {
    this.#database.exec(text);
  }

  useWriteAheadLog(): void {
    this.#database.pragma('journal_mode = WAL');
    setDurability(this.#database);
  }

  /** Brings what is in the log into the file itself, as far as nobody reads what was there before. */
  checkpoint(): void {
    this.#database.pragma('wal_checkpoint(PASSIVE)');
  }

  /** Statements may name indexes that are gone. */
  forgetStatements(): void {
    this.#statements.clear();
  }

  /** The file has been replaced, or its pages cannot be trusted any more. */
  reopen(): void {
    this.dispose();
    this.#database = this.#open();
  }

  dispose(): void {
    this.forgetStatements();
    this.#database.close();
  }

  #open(): Database.Database {
    const { readonly = false, create = false } = this.#options;
    const database = new Database(this.#path, { readonly, fileMustExist: !create, timeout: patience });
    try {
      for (const pragma of pragmas) database.pragma(pragma);
      database.pragma(`cache_size = -${readonly ? readerCache : writerCache}`);
      setDurability(database);
      database.pragma('busy_timeout = 0');
      addFunctions(database, this.#matcher);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #version(pragma: string): number {
    return Object.values(this.get<Record<string, number>>({ text: pragma, values: [] }) ?? {})[0] ?? 0;
  }

  #statement(text: string): Database.Statement<unknown[]> {
    return this.#statements.get(text) ?? this.#prepare(text);
  }

  #prepare(text: string): Database.Statement<unknown[]> {
    const statement = this.#database.prepare<unknown[]>(text);
    this.#statements.set(text, statement);
    if (this.#statements.size > cachedStatements) {
      const oldest = this.#statements.keys().next();
      if (!oldest.done) this.#statements.delete(oldest.value);
    }
    return statement;
  }
}

/** `workbench_matches(pattern, text)`: whether the regular expression is found; NULL where there is no text. */
const addFunctions = (database: Database.Database, matcher: PatternMatcher): void => {
  database.function('workbench_matches', { deterministic: true }, (pattern: unknown, text: unknown) =>
    typeof pattern === 'string' && typeof text === 'string' ? Number(matcher.matches(pattern, text)) : null,
  );
};

/** A commit survives a crash of the process in either mode; of the machine, in rollback mode (as with Python). */
const setDurability = (database: Database.Database): void => {
  const isWal = database.pragma('journal_mode', { simple: true }) === 'wal';
  database.pragma(`synchronous = ${isWal ? 'NORMAL' : 'FULL'}`);
  if (isWal) database.pragma(`wal_autocheckpoint = ${logPages}`);
};
