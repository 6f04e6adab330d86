import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { Hono } from 'hono';
import { storesPath, type OpenStoreReply } from '../../schemas/workbench-api.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import { readBody } from './body.ts';
import { conversionRoute } from './conversion-route.ts';
import { errorReply, failureReply, jsonReply } from './errors.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { Readers } from './readers.ts';

const openFields = {
  path: { type: 'string', required: true },
  create: { type: 'bool' },
  artifactFolders: { type: 'string', repeated: true },
} as const;

const artifactAdvice = "Run 'MLflow: Allow Artifact Folders…' to have them read.";

/** The stores of one window behind one socket, each below `/stores/<id>`. */
export class WindowApp implements Disposable {
  readonly #log: Logger;
  readonly #stores = new Map<string, OpenStore>();
  readonly #readers: Readers;
  readonly #app = new Hono();

  constructor(log: Logger) {
    this.#log = log;
    this.#readers = new Readers(log);
    // Beside the start of this program: the first store is asked for as soon as it listens.
    this.#readers.warmUp();
    this.#app.get('/health', (context) => context.text('OK'));
    this.#app.post(storesPath, async (context) => jsonReply(this.#open(await readBody(context.req.raw))));
    this.#app.delete(`${storesPath}/:id`, (context) => jsonReply(this.#close(context.req.param('id'))));
    const conversion = conversionRoute(log);
    this.#app.on(conversion.method, conversion.path, (context) => conversion.handle(context.req.raw));
    this.#app.all('/stores/:id/*', (context) => this.#storeOf(context.req.param('id')).app.fetch(context.req.raw, context.env));
    this.#app.notFound(() => errorReply(404, 'ENDPOINT_NOT_FOUND', 'No endpoint of this server has this path'));
    this.#app.onError((error) => failureReply(error, log));
  }

  readonly fetch = (request: Request, environment?: object): Response | Promise<Response> => this.#app.fetch(request, environment);

  dispose(): void {
    for (const store of this.#stores.values()) store.dispose();
    this.#stores.clear();
    this.#readers.dispose();
  }

  #open(body: string): OpenStoreReply {
    const { path, create = false, artifactFolders } = parseFields(openFields, readJsonObject(body)) as Parsed<typeof openFields>;
    if (!isAbsolute(path)) throw new MlflowError('INVALID_PARAMETER_VALUE', `The path of a store must be absolute, not ${path}`);
    const storeId = idOf(path);
    // One that was moved or removed while it was open is told like one that never was.
    if (this.#stores.has(storeId) && !existsSync(path)) this.#close(storeId);
    const store =
      this.#stores.get(storeId) ??
      openStore({ path, create }, { root: `/stores/${storeId}`, readers: this.#readers, artifactAdvice, log: this.#log, ...userOfWindow() });
    this.#stores.set(storeId, store);
    for (const folder of artifactFolders) store.roots.trust(folder);
    const { kind, revision, readOnlyReason, canUpgrade, notice } = store;
    return { storeId, path, kind, revision, ...(readOnlyReason !== undefined && { readOnlyReason, canUpgrade }), ...(notice !== undefined && { notice }) };
  }

  #close(storeId: string): object {
    this.#storeOf(storeId).dispose();
    this.#stores.delete(storeId);
    return {};
  }

  #storeOf(storeId: string): OpenStore {
    const store = this.#stores.get(storeId);
    if (store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No store with the id ${storeId} is open`);
    return store;
  }
}

/** Windows belong to whoever has logged in; a container may have no name for that. */
const userOfWindow = (): { readonly user?: string } => {
  try {
    return { user: userInfo().username };
  } catch {
    return {};
  }
};

/** The same for the same path, so that an address outlives a restart of the server. */
const idOf = (path: string): string => createHash('sha256').update(path).digest('base64url').slice(0, 16);
