import type { HistoriesRequest } from '../../schemas/workbench-api.ts';

interface Entry {
  readonly store: string;
  readonly runIds: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly answer: Promise<ArrayBuffer>;
  /** Gives up the reading. */
  readonly reading: AbortController;
  /** How many wait for the answer. */
  askers: number;
  /** Undefined while it is read. */
  buffer: ArrayBuffer | undefined;
}

interface Reading {
  readonly load: (signal: AbortSignal) => Promise<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** What is kept for a page that was hidden, or zoomed back, in bytes. */
const capacity = 64 * 2 ** 20;

const idOf = (store: string, { runIds, keys, buckets, window }: HistoriesRequest): string => JSON.stringify([store, keys, buckets, window, runIds]);

/** Histories as a store has given them, or is about to, until it says that one of them has grown. */
export class HistoryCache {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** Read once for all who ask the same, and given up when none of them waits any more. */
  async read(store: string, request: HistoriesRequest, { load, signal }: Reading): Promise<ArrayBuffer> {
    const id = idOf(store, request);
    const entry = this.#entries.get(id) ?? this.#load(id, { store, runIds: new Set(request.runIds), keys: new Set(request.keys) }, load);
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    entry.askers += 1;
    const leave = (): void => {
      entry.askers -= 1;
      if (entry.askers === 0 && entry.buffer === undefined) this.#giveUp(id, entry);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await entry.answer;
    } finally {
      signal.removeEventListener('abort', leave);
      if (!signal.aborted) entry.askers -= 1;
    }
  }

  /** Only what is there. */
  known(store: string, request: HistoriesRequest): ArrayBuffer | undefined {
    return this.#entries.get(idOf(store, request))?.buffer;
  }

  /** Forgets what holds a history that has grown. Whatever is read while a store changes is as old as the change. */
  forget(store: string, grown: readonly { readonly runId: string; readonly keys: readonly string[] }[]): void {
    for (const [id, entry] of this.#entries) {
      if (entry.store === store && grown.some(({ runId, keys }) => entry.runIds.has(runId) && keys.some((key) => entry.keys.has(key)))) this.#drop(id, entry);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #load(id: string, what: Pick<Entry, 'store' | 'runIds' | 'keys'>, load: Reading['load']): Entry {
    const reading = new AbortController();
    const entry: Entry = { ...what, answer: load(reading.signal), reading, askers: 0, buffer: undefined };
    this.#entries.set(id, entry);
    entry.answer.then(
      (buffer) => this.#keep(id, entry, buffer),
      () => this.#drop(id, entry),
    );
    return entry;
  }

  #giveUp(id: string, entry: Entry): void {
    this.#drop(id, entry);
    entry.reading.abort();
  }

  #keep(id: string, entry: Entry, buffer: ArrayBuffer): void {
    if (this.#entries.get(id) !== entry) return;
    entry.buffer = buffer;
    this.#bytes += buffer.byteLength;
    for (const [otherId, other] of this.#entries) {
      if (this.#bytes <= capacity) return;
      if (other.buffer !== undefined) this.#drop(otherId, other);
    }
  }

  #drop(id: string, entry: Entry): void {
    if (this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    this.#bytes -= entry.buffer?.byteLength ?? 0;
  }
}
