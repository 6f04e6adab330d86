import { performance } from 'node:perf_hooks';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import { MlflowError } from '../shared/errors.ts';
import { mergeEvents } from './change-events.ts';
import { ChangeScanner } from './changes.ts';
import type { SqliteDatabase } from './database.ts';
import { HeldSnapshot } from './held-snapshot.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** ms between two looks at the file; a look that finds nothing new costs microseconds. */
const lookInterval = 50;
/** Looking for updated rows takes at most this share of the time, while a store is written all the time … */
const scanShare = 0.3;
/** … and after a quiet time as long (ms) as it takes to look at all rows once, as far as that is known and within bounds … */
const shortestBurst = 400;
const longestBurst = 5000;
/** … in slices (ms), between which the server answers. */
const slice = 10;

/**
 * Tells what changes in a store, whoever writes it, from its creation to its end. On a connection that
 * never writes SQLite's data version moves with every commit; the scanner then finds out what it was.
 */
export class ChangeFeed implements Disposable {
  readonly #database: SqliteDatabase;
  readonly #tell: (event: StoreEvent) => void;
  readonly #scanner: ChangeScanner;
  readonly #timer: NodeJS.Timeout;
  readonly #log: WriteAheadLog;
  #scan: NodeJS.Immediate | undefined;
  #version: string;
  /** The store as it was at the beginning, while that is learned; undefined where it cannot be held. */
  #past: HeldSnapshot | undefined;
  /** The file was moved or removed, which has been told. */
  #isGone = false;
  readonly #firstVersion: string;
  #schemaVersion: string;
  /** Time (ms) that may be spent, and since when it grows. */
  #saved = shortestBurst;
  #savedSince = performance.now();
  #burst = shortestBurst;
  /** That has been spent on the look at all rows that is under way. */
  #spent = 0;

  constructor(database: SqliteDatabase, tell: (event: StoreEvent) => void) {
    this.#database = database;
    this.#tell = tell;
    this.#scanner = new ChangeScanner(database.schema);
    this.#log = new WriteAheadLog(database.path);
    this.#version = database.version;
    this.#firstVersion = this.#version;
    this.#schemaVersion = database.schemaVersion;
    // What is in it by now is known.
    while (this.#log.touchedRows().length > 0);
    this.#past = HeldSnapshot.take(database.path);
    // Whoever opens a large store does not wait for all of its rows: they are learned soon.
    if (this.#past === undefined) database.read((read) => this.#scanner.begin(read));
    else this.#scanner.begin(this.#past.sql, this.#past.sql);
    this.#timer = setInterval(() => this.#look(), lookInterval);
  }

  dispose(): void {
    clearInterval(this.#timer);
    if (this.#scan !== undefined) clearImmediate(this.#scan);
    this.#past?.dispose();
  }

  #look(): void {
    this.#attempt(() => this.#tellAppended());
    this.#scanSoon();
    this.#attempt(() => this.#learn());
  }

  /** A slice at each look: a tenth of a second of it takes half a second. */
  #learn(): void {
    if (this.#scanner.isLearned) return this.#letGo();
    if (this.#past !== undefined) return this.#scanner.learn(this.#past.sql, slice);
    this.#database.read((read) => this.#scanner.learn(read, slice));
    // What was learned may not be what there was at the beginning.
    if (this.#database.version !== this.#firstVersion) this.#tellAll(this.#database.read((read) => this.#scanner.startAnew(read)));
  }

  #letGo(): void {
    this.#past?.dispose();
    this.#past = undefined;
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      // The file is locked or gone for a moment: the next look tries again, until its reader finds it useless too.
      this.#version = '';
      if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') this.#tellGone();
    }
  }

  /** Whoever listens looks at the store again, and finds out. */
  #tellGone(): void {
    if (!this.#isGone) this.#tell({ type: 'reset' });
    this.#isGone = true;
  }

  /** At once: whoever waits for a metric does not wait for the rest. */
  #tellAppended(): void {
    const version = this.#database.version;
    this.#isGone = false;
    if (version === this.#version) return;
    this.#tellAll(this.#findAppended());
    this.#version = version;
    this.#scanner.expectUpdates(this.#log.touchedRows());
  }

  #scanSoon(): void {
    if (this.#scanner.isDone) return;
    this.#scan ??= setImmediate(() => {
      this.#scan = undefined;
      this.#attempt(() => this.#tellAll(this.#findUpdated()));
      if (this.#saved >= slice && this.#version !== '') this.#scanSoon();
    });
  }

  #tellAll(events: readonly StoreEvent[]): void {
    for (const event of mergeEvents(events)) this.#tell(event);
  }

  #findAppended(): readonly StoreEvent[] {
    return this.#database.read((read) => {
      const schemaVersion = this.#database.schemaVersion;
      if (schemaVersion === this.#schemaVersion) return this.#scanner.scanAppended(read);
      this.#schemaVersion = schemaVersion;
      this.#scanner.reset(read);
      return [{ type: 'reset' }];
    });
  }

  #findUpdated(): readonly StoreEvent[] {
    const start = performance.now();
    this.#saved = Math.min(this.#burst, this.#saved + (start - this.#savedSince) * scanShare);
    const events = this.#database.read((read) => this.#scanner.scanUpdated(read, Math.min(slice, this.#saved)));
    this.#savedSince = performance.now();
    this.#account(this.#savedSince - start);
    return events;
  }

  /** By the clock, which also runs while others have the processor: a look at all rows takes longer then. */
  #account(time: number): void {
    this.#saved = Math.max(0, this.#saved - time);
    this.#spent += time;
    if (!this.#scanner.isDone) return;
    this.#burst = Math.min(longestBurst, Math.max(shortestBurst, 1.5 * this.#spent));
    this.#spent = 0;
  }
}
