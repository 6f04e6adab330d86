import Database from 'better-sqlite3';
import type { Disposable } from '../shared/disposables.ts';
import type { Sql, SqlQuery } from '../shared/sql.ts';

/** How long a read or a commit may block this thread while another process holds the file, in ms. */
const blockingWait = 250;
const cachedStatements = 500;

const pragmas = [
  `busy_timeout = ${blockingWait}`,
  'foreign_keys = ON',
  // MLflow's LIKE is case-sensitive; ILIKE is written with lower().
  'case_sensitive_like = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'cache_size = -16000',
];

/** One SQLite connection and its prepared statements. */
export class Connection implements Sql, Disposable {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<unknown[]>>();
  readonly #dataVersion: Database.Statement<unknown[]>;
  readonly #schemaVersion: Database.Statement<unknown[]>;

  constructor(path: string, options: { readonly readonly?: boolean; readonly create?: boolean } = {}) {
    this.#database = new Database(path, { readonly: options.readonly === true, fileMustExist: options.create !== true });
    try {
      for (const pragma of pragmas) this.#database.pragma(pragma);
      this.#setDurability();
      this.#dataVersion = this.#database.prepare('PRAGMA data_version').pluck();
      this.#schemaVersion = this.#database.prepare('PRAGMA schema_version').pluck();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  get journalMode(): string {
    return String(this.#database.pragma('journal_mode', { simple: true }));
  }

  /** Moves when another connection has committed, not for commits of this one. */
  get dataVersion(): number {
    return Number(this.#dataVersion.get());
  }

  /** Moves when tables or indexes have changed, whoever changed them. */
  get schemaVersion(): number {
    return Number(this.#schemaVersion.get());
  }

  all<Row>(query: SqlQuery): Row[] {
    return this.#statement(query.text).all(query.values) as Row[];
  }

  get<Row>(query: SqlQuery): Row | undefined {
    return this.#statement(query.text).get(query.values) as Row | undefined;
  }

  run(query: SqlQuery): number {
    return this.#statement(query.text).run(query.values).changes;
  }

  /** Statements without parameters and without rows. */
  execute(text: string): void {
    this.#statement(text).run();
  }

  /** Takes the write lock at once or throws SQLITE_BUSY: waiting is the queue's business, not the thread's. */
  beginImmediate(): void {
    this.#database.pragma('busy_timeout = 0');
    try {
      this.execute('BEGIN IMMEDIATE');
    } finally {
      this.#database.pragma(`busy_timeout = ${blockingWait}`);
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
    this.#setDurability();
  }

  /** Statements may name indexes that are gone. */
  forgetStatements(): void {
    this.#statements.clear();
  }

  dispose(): void {
    this.#database.close();
  }

  /** A commit survives a crash of the process in either mode; of the machine, in rollback mode (as with Python). */
  #setDurability(): void {
    const isWal = this.journalMode === 'wal';
    this.#database.pragma(`synchronous = ${isWal ? 'NORMAL' : 'FULL'}`);
    if (isWal) this.#database.pragma('wal_autocheckpoint = 8000');
  }

  #statement(text: string): Database.Statement<unknown[]> {
    const known = this.#statements.get(text);
    if (known === undefined) return this.#prepare(text);
    this.#statements.delete(text);
    this.#statements.set(text, known);
    return known;
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
