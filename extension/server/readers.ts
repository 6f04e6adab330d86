import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { ReadReply, ReadRequest, StoreFile } from './reader-protocol.ts';
import { ReaderThread } from './reader-thread.ts';

/**
 * Threads that read beside the writer: one, a second one while the first is busy, and one that watches for
 * changes, which a long read must not delay. More would not be faster on the disk of one machine.
 */
export class Readers implements Disposable {
  readonly #first = new ReaderThread();
  readonly #second = new ReaderThread();
  readonly #watcher = new ReaderThread();

  warmUp(): void {
    this.#first.warmUp();
  }

  read(store: StoreFile, request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    const thread = this.#second.load < this.#first.load ? this.#second : this.#first;
    return thread.read(store, request, signal);
  }

  watch(store: StoreFile, onEvent: (event: StoreEvent) => void, onEnd: () => void): Promise<Disposable> {
    return this.#watcher.watch(store, onEvent, onEnd);
  }

  close(path: string): void {
    for (const thread of this.#all) thread.close(path);
  }

  dispose(): void {
    for (const thread of this.#all) thread.dispose();
  }

  get #all(): readonly ReaderThread[] {
    return [this.#first, this.#second, this.#watcher];
  }
}
