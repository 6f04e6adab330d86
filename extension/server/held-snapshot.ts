import type { Disposable } from '../shared/disposables.ts';
import { sql, type Sql } from '../shared/sql.ts';
import { Connection } from './connection.ts';

/**
 * A file as it is now, for as long as this is held, on a connection of its own. Only with a write-ahead log: in other journal modes whoever reads keeps
 * others from writing. To be held for moments only, as the log grows meanwhile.
 */
export class HeldSnapshot implements Disposable {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Undefined where holding one would disturb others. */
  static take(path: string): HeldSnapshot | undefined {
    const connection = new Connection(path, { readonly: true });
    try {
      if (connection.patiently(() => connection.journalMode) === 'wal') {
        connection.patiently(() => begin(connection));
        return new HeldSnapshot(connection);
      }
    } catch (error) {
      connection.dispose();
      throw error;
    }
    connection.dispose();
    return undefined;
  }

  get sql(): Sql {
    return this.#connection;
  }

  dispose(): void {
    this.#connection.dispose();
  }
}

/** A transaction sees the file as it is at its first read. */
const begin = (connection: Connection): void => {
  connection.rollback();
  connection.beginRead();
  connection.get(sql`SELECT count(*) FROM sqlite_master`);
};
