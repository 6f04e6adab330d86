import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import { isErrorCode, MlflowError } from '../shared/errors.ts';
import type { FromReader, ReadReply, ReadRequest, StoreFile, ToReader } from './reader-protocol.ts';

/** Beside this file, as source or as bundle. */
const script = join(import.meta.dirname, `reader${extname(import.meta.filename)}`);

interface Conversation {
  resolve(reply: ReadReply | undefined): void;
  reject(error: MlflowError): void;
  onEvent?: (event: StoreEvent) => void;
  /** The thread has ended; a conversation that goes on ends with it. */
  onEnd?: () => void;
}

/** A worker thread and what is under way in it; started with the first message. */
export class ReaderThread implements Disposable {
  readonly #conversations = new Map<number, Conversation>();
  #worker: Worker | undefined;
  #lastId = 0;

  /** Number of requests and watches that have not ended. */
  get load(): number {
    return this.#conversations.size;
  }

  /** Saves the first request the time of the start. */
  warmUp(): void {
    this.#start();
  }

  async read(store: StoreFile, request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    const { id, answer } = this.#converse((id) => ({ kind: 'read', id, store, request }));
    const cancel = (): void => this.#post({ kind: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const reply = await answer;
      if (reply === undefined) throw new MlflowError('INTERNAL_ERROR', 'A reader thread answered nothing');
      return reply;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#conversations.delete(id);
    }
  }

  /** Resolves once every later change is told. */
  async watch(store: StoreFile, onEvent: (event: StoreEvent) => void, onEnd: () => void): Promise<Disposable> {
    const { id, answer } = this.#converse((id) => ({ kind: 'watch', id, store }), { onEvent, onEnd });
    const stop = (): void => {
      if (this.#conversations.delete(id)) this.#post({ kind: 'unwatch', id });
    };
    try {
      await answer;
    } catch (error) {
      stop();
      throw error;
    }
    return { dispose: stop };
  }

  /** Lets go of the file. */
  close(path: string): void {
    this.#post({ kind: 'close', path });
  }

  dispose(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#end(worker, 'The store is being closed');
    void worker.terminate();
  }

  #converse(toMessage: (id: number) => ToReader, more: Pick<Conversation, 'onEvent' | 'onEnd'> = {}): { id: number; answer: Promise<ReadReply | undefined> } {
    const { promise, resolve, reject } = Promise.withResolvers<ReadReply | undefined>();
    this.#lastId += 1;
    this.#conversations.set(this.#lastId, { resolve, reject, ...more });
    this.#start().postMessage(toMessage(this.#lastId));
    return { id: this.#lastId, answer: promise };
  }

  #post(message: ToReader): void {
    this.#worker?.postMessage(message);
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(script);
    worker.on('message', (message: FromReader) => this.#receive(message));
    worker.on('error', (error) => this.#end(worker, `A reader thread failed: ${error.message}`));
    worker.on('exit', () => this.#end(worker, 'A reader thread has ended'));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromReader): void {
    const conversation = this.#conversations.get(message.id);
    if (message.kind === 'reply') conversation?.resolve(message);
    else if (message.kind === 'watching') conversation?.resolve(undefined);
    else if (message.kind === 'event') conversation?.onEvent?.(message.event);
    else conversation?.reject(new MlflowError(isErrorCode(message.code) ? message.code : 'INTERNAL_ERROR', message.message));
  }

  /** The exit of a thread that has been replaced concerns nobody any more. */
  #end(worker: Worker, message: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const conversations = [...this.#conversations.values()];
    this.#conversations.clear();
    for (const { reject, onEnd } of conversations) {
      reject(new MlflowError('TEMPORARILY_UNAVAILABLE', message));
      onEnd?.();
    }
  }
}
