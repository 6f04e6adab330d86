import type { Hono } from 'hono';

import type { Disposable } from '../shared/disposables.ts';
import { silentLogger } from '../shared/logger.ts';
import { openReader, type SqliteDatabase } from './database.ts';
import type { ReadReply, ReadRequest, StoreFile } from './reader-protocol.ts';
import { createStoreApp } from './store-app.ts';
import { createStoreComponents } from './store-components.ts';
import { historiesRoute } from './workbench-routes.ts';

/** The reading half of a store, in a thread of its own: the same routes on a connection that only reads. */
export class ReaderStore implements Disposable {
  readonly database: SqliteDatabase;
  readonly #app: Hono;

  constructor(file: StoreFile) {
    this.database = openReader(file.path);
    const { endpoints } = createStoreComponents(this.database, file);
    this.#app = createStoreApp({ endpoints, binaryRoutes: [], routes: [historiesRoute(this.database)], log: silentLogger });
  }

  async answer({ method, target, contentType, body }: ReadRequest, signal: AbortSignal): Promise<ReadReply> {
    // As bytes: a body of text would give the request a type that was never sent.
    const bytes = new TextEncoder().encode(body);
    const headers = { 'content-length': String(bytes.length), ...(contentType !== undefined && { 'content-type': contentType }) };
    const request = new Request(`http://reader${target}`, { method, headers, signal, ...(method !== 'GET' && { body: bytes }) });
    const response = await this.#app.fetch(request);
    return { status: response.status, contentType: response.headers.get('content-type') ?? '', body: await response.arrayBuffer() };
  }

  dispose(): void {
    this.database.dispose();
  }
}
