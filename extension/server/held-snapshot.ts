import type { Disposable } from '../shared/disposables.ts';
import type { Sql } from '../shared/sql.ts';
import { openReader, type SqliteDatabase } from './database.ts';

/** A store as it is now, on a connection of its own. To be held for moments only: a write-ahead log grows meanwhile. */
export class HeldSnapshot implements Disposable {
  readonly #database: SqliteDatabase;

  private constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Undefined without a write-ahead log: whoever reads keeps others from writing then. */
  static take(path: string): HeldSnapshot | undefined {
    const database = openReader(path);
    try {
      if (database.freeze()) return new HeldSnapshot(database);
    } catch (error) {
      database.dispose();
      throw error;
    }
    database.dispose();
    return undefined;
  }

  get sql(): Sql {
    return this.#database.read((sql) => sql);
  }

  dispose(): void {
    this.#database.dispose();
  }
}
