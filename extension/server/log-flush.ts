import { open } from 'node:fs/promises';

/** Rows that add some MB of pages to a log. */
const manyRows = 2_000;

/**
 * Brings a write-ahead log to the disk while writes go on. Now and then a commit copies the log into the file, for which it must be on the disk as a whole:
 * what already is need not be waited for then, with all writes behind it.
 */
export class LogFlush {
  readonly #path: string;
  readonly #flush: (path: string) => Promise<void>;
  #flushedRows = 0;
  #isUnderWay = false;
  #settled = Promise.resolve();

  constructor(databasePath: string, flush = bringToDisk) {
    this.#path = `${databasePath}-wal`;
    this.#flush = flush;
  }

  /** Resolves with the end of what is under way. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** `rows`: that have been written since the file was opened. */
  afterCommit(rows: number): void {
    if (this.#isUnderWay || rows - this.#flushedRows < manyRows) return;
    this.#flushedRows = rows;
    this.#isUnderWay = true;
    this.#settled = this.#flush(this.#path).finally(() => (this.#isUnderWay = false));
  }
}

/** SQLite's locks are on other files: to close this one lets none of them go. */
const bringToDisk = async (path: string): Promise<void> => {
  try {
    await using file = await open(path, 'r+');
    await file.datasync();
  } catch {
    // Other journal modes have no such log, and SQLite itself tells of a disk that fails.
  }
};
