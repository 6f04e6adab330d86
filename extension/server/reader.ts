/** Thread for reads that may take more than a few milliseconds: with connections of its own, beside the writer. */
import { isMainThread, parentPort } from 'node:worker_threads';

import { errorMessage, MlflowError } from '../shared/errors.ts';
import { ChangeFeed } from './change-feed.ts';
import { ReaderStore } from './reader-store.ts';
import type { FromReader, ReadRequest, StoreFile, ToReader } from './reader-protocol.ts';

if (isMainThread || parentPort === null) throw new Error('This is a worker thread of the tracking server');
const port = parentPort;

const stores = new Map<string, ReaderStore>();
const watches = new Map<number, ChangeFeed>();
const reads = new Map<number, AbortController>();

const send = (message: FromReader, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const storeOf = (file: StoreFile): ReaderStore => {
  const store = stores.get(file.path) ?? new ReaderStore(file);
  stores.set(file.path, store);
  return store;
};

const read = async (id: number, file: StoreFile, request: ReadRequest): Promise<void> => {
  const abort = new AbortController();
  reads.set(id, abort);
  try {
    const reply = await storeOf(file).answer(request, abort.signal);
    send({ kind: 'reply', id, ...reply }, [reply.body]);
  } finally {
    reads.delete(id);
  }
};

const watch = (id: number, file: StoreFile): void => {
  const feed = new ChangeFeed(storeOf(file).database, (event) => send({ kind: 'event', id, event }));
  watches.set(id, feed);
  send({ kind: 'watching', id });
};

const unwatch = (id: number): void => {
  watches.get(id)?.dispose();
  watches.delete(id);
};

const close = (path: string): void => {
  stores.get(path)?.dispose();
  stores.delete(path);
};

const handle = async (message: ToReader): Promise<void> => {
  switch (message.kind) {
    case 'read':
      return read(message.id, message.store, message.request);
    case 'cancel':
      return reads.get(message.id)?.abort();
    case 'watch':
      return watch(message.id, message.store);
    case 'unwatch':
      return unwatch(message.id);
    case 'close':
      return close(message.path);
    default:
      return message satisfies never;
  }
};

port.on('message', (message: ToReader) => {
  handle(message).catch((error: unknown) => {
    const code = error instanceof MlflowError ? error.code : 'INTERNAL_ERROR';
    if ('id' in message) send({ kind: 'failure', id: message.id, code, message: errorMessage(error) });
  });
});
