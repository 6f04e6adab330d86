import type { Hono } from 'hono';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import { silentLogger } from '../shared/logger.ts';
import { readRunCounts } from '../tracking/sqlite-run-counts.ts';
import { SqliteRunSearch } from '../tracking/sqlite-run-search.ts';
import { ChangeFeed } from './change-feed.ts';
import { findDirectAnswer, type DirectReply } from './direct-answers.ts';
import { openReader, type SqliteDatabase } from './database.ts';
import type { ReadReply, ReadRequest, StoreFile } from './reader-protocol.ts';
import { createStoreApp, directAnswers, type StoreParts } from './store-app.ts';
import { createStoreComponents, sqliteStores } from './store-components.ts';
import { sqliteHistories } from './history-reader.ts';
import { runSearchRoutes } from './run-search-routes.ts';
import { historiesRoute, runCountsRoute } from './workbench-routes.ts';

/** A store as another thread has it. */
export interface ReaderStore extends Disposable {
  readonly answer: (request: ReadRequest, signal: AbortSignal) => Promise<ReadReply>;
  /** Every change from now on. */
  watch(tell: (event: StoreEvent) => void): Disposable;
}

/** The reading half of a SQLite store: the same routes on a connection that only reads. */
export class SqliteReaderStore implements ReaderStore {
  readonly #database: SqliteDatabase;
  readonly answer: ReaderStore['answer'];

  constructor(file: StoreFile) {
    this.#database = openReader(file.path);
    const { endpoints } = createStoreComponents(sqliteStores(this.#database, file), file);
    this.answer = answersOf({
      endpoints,
      binaryRoutes: [],
      routes: [
        historiesRoute(sqliteHistories(this.#database)),
        runCountsRoute(() => this.#database.read(readRunCounts)),
        ...runSearchRoutes(new SqliteRunSearch(this.#database, { versionOf: () => this.#database.version })),
      ],
      log: silentLogger,
    });
  }

  watch(tell: (event: StoreEvent) => void): Disposable {
    return new ChangeFeed(this.#database, tell);
  }

  dispose(): void {
    this.#database.dispose();
  }
}

/** As the main thread would: directly, or by an app where a request needs one. */
export const answersOf = (parts: StoreParts): ReaderStore['answer'] => {
  const app = createStoreApp(parts);
  const direct = directAnswers(parts);
  return (request, signal) => {
    const answer = findDirectAnswer(direct, request.method, request.target);
    return answer === undefined ? answerWith(app, request, signal) : answer.reply(request, signal).then(inBytes);
  };
};

const inBytes = ({ body, ...reply }: DirectReply): ReadReply => ({ ...reply, body: typeof body === 'string' ? encode(body) : body });

/** With memory of its own, so that another thread can have it. */
const encode = (text: string): ArrayBuffer => {
  const bytes = encoder.encode(text);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
};

const encoder = new TextEncoder();

const answerWith = async (app: Hono, { method, target, contentType, body }: ReadRequest, signal: AbortSignal): Promise<ReadReply> => {
  // As bytes: a body of text would give the request a type that was never sent.
  const bytes = encoder.encode(body);
  const headers = { 'content-length': String(bytes.length), ...(contentType !== undefined && { 'content-type': contentType }) };
  const request = new Request(`http://reader${target}`, { method, headers, signal, ...(method !== 'GET' && { body: bytes }) });
  const response = await app.fetch(request);
  return { status: response.status, contentType: response.headers.get('content-type') ?? '', body: await response.arrayBuffer() };
};
