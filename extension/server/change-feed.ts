import { performance } from 'node:perf_hooks';
import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import { Emitter, type Listener } from '../shared/emitter.ts';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { ChangeScanner, mergeEvents } from './changes.ts';
import type { SqliteDatabase } from './database.ts';

/** ms between two looks at the file; a look that finds nothing new costs microseconds. */
const lookInterval = 50;
/** Scans of whole tables take at most this share of the time. */
const scanShare = 0.1;
/** ms within which a change is told, however long the scan takes. */
const latestScan = 200;

/**
 * Tells what changes in a store while somebody listens. SQLite's data version moves with commits of others,
 * our own are announced by the database; both only say that something changed, the scanner finds out what.
 */
export class ChangeFeed implements Disposable {
  readonly #database: SqliteDatabase;
  readonly #log: Logger;
  readonly #events = new Emitter<StoreEvent>();
  readonly #ended = new Emitter<void>();
  readonly #scanner: ChangeScanner;
  #watch: Disposables | undefined;
  #dataVersion = 0;
  #schemaVersion = 0;
  #committed = false;
  /** When whole tables may be read again, and whether they have to be. */
  #nextScan = 0;
  #scanIsDue = false;

  constructor(database: SqliteDatabase, log: Logger) {
    this.#database = database;
    this.#log = log;
    this.#scanner = new ChangeScanner(database.schema);
  }

  /** Everything committed after this call is told, until the feed ends (then `onEnd` is called). */
  listen(listener: Listener<StoreEvent>, onEnd: () => void): Disposable {
    if (this.#watch === undefined) this.#start();
    const subscriptions = [this.#events.event(listener), this.#ended.event(onEnd)];
    return {
      dispose: () => {
        for (const subscription of subscriptions) subscription.dispose();
        if (!this.#events.hasListeners) this.#stop();
      },
    };
  }

  dispose(): void {
    this.#stop();
    this.#ended.fire();
    this.#ended.dispose();
    this.#events.dispose();
  }

  #start(): void {
    this.#database.read((read) => this.#scanner.reset(read));
    this.#dataVersion = this.#database.dataVersion;
    this.#schemaVersion = this.#database.schemaVersion;
    this.#watch = new Disposables();
    this.#watch.own(this.#database.onDidCommit(() => (this.#committed = true)));
    const timer = setInterval(() => this.#look(), lookInterval);
    this.#watch.own({ dispose: () => clearInterval(timer) });
  }

  #stop(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  #look(): void {
    try {
      const dataVersion = this.#database.dataVersion;
      if (dataVersion !== this.#dataVersion || this.#committed) {
        this.#dataVersion = dataVersion;
        this.#committed = false;
        this.#scanIsDue = true;
        this.#tell(this.#findAppended());
      }
      if (this.#scanIsDue && performance.now() >= this.#nextScan) this.#tell(this.#findUpdated());
    } catch (error) {
      // The file is locked or gone for a moment: look again at the next tick.
      this.#committed = true;
      this.#log.debug(`Cannot look for changes: ${errorMessage(error)}`);
    }
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
    this.#scanIsDue = false;
    const start = performance.now();
    const events = this.#database.read((read) => this.#scanner.scanUpdated(read));
    const end = performance.now();
    this.#nextScan = end + Math.min((end - start) / scanShare, latestScan);
    return events;
  }

  #tell(events: readonly StoreEvent[]): void {
    for (const event of mergeEvents(events)) this.#events.fire(event);
  }
}
