import { extname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

import type { ConversionReport, ConversionRequest, StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import { isErrorCode, MlflowError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { FromReader, ReadReply, ReadRequest, StoreFile, ToReader } from './reader-protocol.ts';

/** Beside this file, as source or as bundle. */
const script = join(import.meta.dirname, `reader${extname(import.meta.filename)}`);

/** Large enough for what is made of the rows of one reply: else it is copied again and again before it is let go. */
const maxYoungGenerationSizeMb = 96;

/**
 * MB of each half of the young generation that a thread starts with; it would begin with one, and copy the rows of a reply several times before it has
 * grown. V8 reads it when a thread starts, and leaves those that run as they are.
 */
const firstSemiSpaceSizeMb = 16;

type Answer = ReadReply | ConversionReport | undefined;

interface Conversation {
  resolve(reply: Answer): void;
  onProgress?: (done: number, total: number) => void;
  reject(error: MlflowError): void;
  onEvent?: (event: StoreEvent) => void;
  /** The thread has ended; a conversation that goes on ends with it. */
  onEnd?: () => void;
}

/** A worker thread and what is under way in it; started with the first message. */
export class ReaderThread implements Disposable {
  readonly #conversations = new Map<number, Conversation>();
  readonly #log: Logger;
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Number of requests and watches that have not ended. */
  get load(): number {
    return this.#conversations.size;
  }

  /** Saves the first request the time of the start. */
  warmUp(): void {
    this.#start();
  }

  async read(store: StoreFile, request: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    const reply = await this.#ask((id) => ({ kind: 'read', id, store, request }), signal);
    if (reply === undefined || !('body' in reply)) throw new MlflowError('INTERNAL_ERROR', 'A reader thread answered nothing');
    return reply;
  }

  async convert(request: ConversionRequest, onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<ConversionReport> {
    const report = await this.#ask((id) => ({ kind: 'convert', id, request }), signal, { onProgress });
    if (report === undefined || !('counts' in report)) throw new MlflowError('INTERNAL_ERROR', 'A conversion ended without a report');
    return report;
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

  async #ask(toMessage: (id: number) => ToReader, signal: AbortSignal, more: Omit<Conversation, 'resolve' | 'reject'> = {}): Promise<Answer> {
    const { id, answer } = this.#converse(toMessage, more);
    const cancel = (): void => this.#post({ kind: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await answer;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#conversations.delete(id);
    }
  }

  #converse(toMessage: (id: number) => ToReader, more: Omit<Conversation, 'resolve' | 'reject'> = {}): { id: number; answer: Promise<Answer> } {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
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
    setFlagsFromString(`--min-semi-space-size=${firstSemiSpaceSizeMb}`);
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb } });
    worker.on('message', (message: FromReader) => this.#receive(message));
    worker.on('error', (error) => this.#end(worker, `A reader thread failed: ${error.message}`));
    worker.on('exit', () => this.#end(worker, 'A reader thread has ended'));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromReader): void {
    if (message.kind === 'warning') return this.#log.warn(message.text);
    const conversation = this.#conversations.get(message.id);
    if (message.kind === 'reply') conversation?.resolve(message);
    else if (message.kind === 'watching') conversation?.resolve(undefined);
    else if (message.kind === 'event') conversation?.onEvent?.(message.event);
    else if (message.kind === 'progress') conversation?.onProgress?.(message.done, message.total);
    else if (message.kind === 'converted') conversation?.resolve(message.report);
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
