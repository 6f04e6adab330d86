import type { HistoriesRequest } from '../../schemas/workbench-api.ts';

interface Entry {
  readonly store: string;
  readonly runIds: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly buffer: ArrayBuffer;
}

/** What is kept for a page that was hidden, or zoomed back, in bytes. */
const capacity = 64 * 2 ** 20;

/** Histories as a store has given them, until it says that one of them has grown. */
export class HistoryCache {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  /** Whatever is read while a store changes is as old as the change. */
  #changes = 0;

  async read(store: string, request: HistoriesRequest, load: () => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
    const id = JSON.stringify([store, request]);
    const known = this.#entries.get(id);
    if (known !== undefined) {
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known.buffer;
    }
    const before = this.#changes;
    const buffer = await load();
    if (before === this.#changes && buffer.byteLength <= capacity)
      this.#keep(id, { store, runIds: new Set(request.runIds), keys: new Set(request.keys), buffer });
    return buffer;
  }

  /** Forgets what holds a history that has grown. */
  forget(store: string, grown: readonly { readonly runId: string; readonly keys: readonly string[] }[]): void {
    this.#changes++;
    for (const [id, entry] of this.#entries) {
      if (entry.store === store && grown.some(({ runId, keys }) => entry.runIds.has(runId) && keys.some((key) => entry.keys.has(key)))) this.#drop(id);
    }
  }

  clear(): void {
    this.#changes++;
    this.#entries.clear();
    this.#bytes = 0;
  }

  #keep(id: string, entry: Entry): void {
    this.#drop(id);
    this.#entries.set(id, entry);
    this.#bytes += entry.buffer.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= capacity) return;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#entries.get(id)?.buffer.byteLength ?? 0;
    this.#entries.delete(id);
  }
}
