import { performance } from 'node:perf_hooks';
import { MlflowError } from '../shared/errors.ts';
import type { Sql } from '../shared/sql.ts';
import type { Connection } from './connection.ts';
import { explainSqliteError, isBrokenConnection, isBusy } from './sqlite-errors.ts';

/** A group is committed when its work has taken this long (ms), however many writes still wait. */
const groupBudget = 20;
/** Between two tries for a lock that another process holds, in ms. */
const retryDelay = 3;

interface QueuedWrite {
  readonly since: number;
  /** Runs the work; what it returns is kept until the commit. Throws what the work throws. */
  perform(sql: Sql): void;
  resolve(): void;
  reject(error: unknown): void;
}

export interface WriteQueueOptions {
  readonly path: string;
  /** ms that a write may wait for the lock. */
  readonly lockTimeout: number;
  /** Called before each transaction: a file that was replaced, or whose device failed, is opened anew. What it throws rejects all that wait. */
  readonly prepare: () => void;
  /** Called inside each transaction, before the first write; what it throws rejects the whole group. */
  readonly check: () => void;
  readonly committed: () => void;
  /** The device failed: the connection cannot be trusted any more. */
  readonly onBroken: () => void;
}

/**
 * Writes of one connection, many to a transaction: those that arrive while the event loop is busy share one commit, and are answered after it. When one
 * of them fails, the transaction is given up and done again with a savepoint for each, so that it fails alone: savepoints cost a small write a tenth of
 * its time, and failures are rare.
 */
export class WriteQueue {
  readonly #connection: Connection;
  readonly #options: WriteQueueOptions;
  #waiting: QueuedWrite[] = [];
  #scheduled = false;
  /** How many of the waiting get a savepoint each: they were in one group with one that failed. */
  #doubtful = 0;

  constructor(connection: Connection, options: WriteQueueOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  write<T>(work: (sql: Sql) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let settle = (): void => {};
    this.#waiting.push({
      since: performance.now(),
      perform: (sql) => {
        const value = work(sql);
        settle = () => resolve(value);
      },
      resolve: () => settle(),
      reject,
    });
    this.#schedule();
    return promise;
  }

  /** Rejects what still waits; nothing of it was stored. */
  close(): void {
    this.#rejectAll(this.#waiting.splice(0), new MlflowError('TEMPORARILY_UNAVAILABLE', 'The store is being closed'));
  }

  #schedule(delay?: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A timer would add its delay to every single write: immediates group under load and cost nothing without.
    if (delay === undefined) setImmediate(() => this.#turn());
    else setTimeout(() => this.#turn(), delay);
  }

  #turn(): void {
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    const group: QueuedWrite[] = [];
    try {
      this.#options.prepare();
      this.#connection.execute('BEGIN IMMEDIATE');
      this.#options.check();
      if (!this.#performGroup(group)) return this.#doAgain(group);
      this.#connection.patiently(() => this.#connection.execute('COMMIT'));
    } catch (error) {
      this.#giveUp(group, error);
      return;
    }
    for (const write of group) write.resolve();
    this.#options.committed();
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** False when one of them failed by itself; a failure of the transaction is thrown. */
  #performGroup(group: QueuedWrite[]): boolean {
    const end = performance.now() + groupBudget;
    do {
      const write = this.#waiting.shift();
      if (write === undefined) return true;
      group.push(write);
      if (this.#doubtful === 0) {
        if (!this.#succeeds(write)) return false;
      } else if (!this.#performApart(write)) group.pop();
    } while (performance.now() < end);
    return true;
  }

  #succeeds(write: QueuedWrite): boolean {
    try {
      write.perform(this.#connection);
      return true;
    } catch (error) {
      if (this.#isOfTransaction(error)) throw error;
      return false;
    }
  }

  /** SQLite ends the whole transaction by itself on a full disk and on errors of the device. */
  #isOfTransaction(error: unknown): boolean {
    return isBusy(error) || !this.#connection.inTransaction;
  }

  /** False, and the write is rejected, when it failed by itself. */
  #performApart(write: QueuedWrite): boolean {
    this.#doubtful -= 1;
    this.#connection.execute('SAVEPOINT request');
    try {
      write.perform(this.#connection);
      this.#connection.execute('RELEASE request');
      return true;
    } catch (error) {
      if (this.#isOfTransaction(error)) throw error;
      this.#connection.execute('ROLLBACK TO request');
      this.#connection.execute('RELEASE request');
      write.reject(explainSqliteError(error, this.#options.path));
      return false;
    }
  }

  #doAgain(group: readonly QueuedWrite[]): void {
    this.#connection.rollback();
    this.#waiting = [...group, ...this.#waiting];
    this.#doubtful = group.length;
    this.#schedule();
  }

  #giveUp(group: readonly QueuedWrite[], error: unknown): void {
    this.#connection.rollback();
    if (isBrokenConnection(error)) this.#options.onBroken();
    if (isBusy(error)) {
      this.#waiting = [...group, ...this.#waiting];
      this.#rejectOverdue(error);
      if (this.#waiting.length > 0) this.#schedule(retryDelay);
      return;
    }
    this.#rejectAll(group.length > 0 ? group : this.#waiting.splice(0), explainSqliteError(error, this.#options.path));
    if (this.#waiting.length > 0) this.#schedule();
  }

  #rejectOverdue(error: unknown): void {
    const latest = performance.now() - this.#options.lockTimeout;
    const { overdue = [], waiting = [] } = Object.groupBy(this.#waiting, (write) => (write.since <= latest ? 'overdue' : 'waiting'));
    this.#waiting = waiting;
    this.#rejectAll(overdue, explainSqliteError(error, this.#options.path));
  }

  #rejectAll(writes: readonly QueuedWrite[], error: unknown): void {
    for (const write of writes) write.reject(error);
  }
}
