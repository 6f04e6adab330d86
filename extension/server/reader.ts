/** Thread for what may take more than a few milliseconds: reads on connections of their own beside the writer, and all that is done in folders. */
import { isMainThread, parentPort } from 'node:worker_threads';

import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { ConversionRequest } from '../../schemas/workbench-api.ts';
import { convertToSqlite } from './conversion.ts';
import { FileReaderStore } from './file-reader-store.ts';
import { SqliteReaderStore, type ReaderStore } from './reader-store.ts';
import type { FromReader, ReadRequest, StoreFile, ToReader } from './reader-protocol.ts';

if (isMainThread || parentPort === null) throw new Error('This is a worker thread of the tracking server');
const port = parentPort;

const stores = new Map<string, ReaderStore>();
const watches = new Map<number, Disposable>();
const reads = new Map<number, AbortController>();

const send = (message: FromReader, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const storeOf = (file: StoreFile): ReaderStore => {
  const store = stores.get(file.path) ?? openStore(file);
  stores.set(file.path, store);
  return store;
};

const openStore = (file: StoreFile): ReaderStore =>
  file.kind === 'sqlite' ? new SqliteReaderStore(file) : new FileReaderStore(file, (text) => send({ kind: 'warning', text }));

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
  watches.set(
    id,
    storeOf(file).watch((event) => send({ kind: 'event', id, event })),
  );
  send({ kind: 'watching', id });
};

const unwatch = (id: number): void => {
  watches.get(id)?.dispose();
  watches.delete(id);
};

const convert = async (id: number, request: ConversionRequest): Promise<void> => {
  const abort = new AbortController();
  reads.set(id, abort);
  try {
    const report = await convertToSqlite(request, (done, total) => send({ kind: 'progress', id, done, total }), abort.signal);
    send({ kind: 'converted', id, report });
  } finally {
    reads.delete(id);
  }
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
    case 'convert':
      return convert(message.id, message.request);
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
