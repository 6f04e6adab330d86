import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import { silentLogger, type Logger } from '../shared/logger.ts';
import type { ReadReply, ReadRequest, StoreFile } from './reader-protocol.ts';
import { ReaderThread } from './reader-thread.ts';
import { joinReplies, splitRead } from './split-read.ts';

/**
 * Threads that read beside the writer: one, a second one while the first is busy, and one that watches for
 * changes, which a long read must not delay. What can be halved both read at once while they are free. More would not be faster on the disk of one machine. Folders have one
 * of their own, which knows what is in them, and writes too.
 */
export class Readers implements Disposable {
  readonly #first: ReaderThread;
  readonly #second: ReaderThread;
  readonly #watcher: ReaderThread;
  readonly #files: ReaderThread;
  #isDisposed = false;

  constructor(log: Logger = silentLogger) {
    [this.#first, this.#second, this.#watcher, this.#files] = [new ReaderThread(log), new ReaderThread(log), new ReaderThread(log), new ReaderThread(log)];
  }

  /** A store is open once it is watched, and is read then. */
  warmUp(): void {
    this.#watcher.warmUp();
    this.#first.warmUp();
  }

  async read(store: StoreFile, request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    try {
      return await this.#read(store, request, signal);
    } finally {
      // Who reads once reads more, but not before the first answer, whose time a start would take.
      if (store.kind !== 'files' && !this.#isDisposed) this.#second.warmUp();
    }
  }

  async #read(store: StoreFile, request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    const halves = this.#first.load + this.#second.load === 0 ? splitRead(request) : undefined;
    if (halves === undefined) return this.#threadFor(store, request).read(store, request, signal);
    return joinReplies(await Promise.all([this.#first.read(store, halves[0], signal), this.#second.read(store, halves[1], signal)]));
  }

  watch(store: StoreFile, onEvent: (event: StoreEvent) => void, onEnd: () => void): Promise<Disposable> {
    return (store.kind === 'files' ? this.#files : this.#watcher).watch(store, onEvent, onEnd);
  }

  close(path: string): void {
    for (const thread of this.#all) thread.close(path);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const thread of this.#all) thread.dispose();
  }

  /** Whole histories need nothing of what is known of a folder, and would hold up everybody else. */
  #threadFor(store: StoreFile, { target }: ReadRequest): ReaderThread {
    if (store.kind === 'files' && !/\/(?:get-history|histories)/.test(target)) return this.#files;
    return this.#second.load < this.#first.load ? this.#second : this.#first;
  }

  get #all(): readonly ReaderThread[] {
    return [this.#first, this.#second, this.#watcher, this.#files];
  }
}
