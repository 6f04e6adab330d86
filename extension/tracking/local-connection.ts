import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { ExperimentId } from '../../schemas/ids.ts';
import { asStoreId, type StoreId } from '../../schemas/ids.ts';
import type {
  FacetsRequest,
  HistoriesRequest,
  IndexesReply,
  OpenStoreReply,
  PermanentDeletionReply,
  PermanentDeletionRequest,
  RunGroupsReply,
  RunGroupsRequest,
  RunSearchRequest,
  StoreEvent,
} from '../../schemas/workbench-api.ts';
import type { ArtifactRepository } from '../artifacts/artifact-repository.ts';
import { createRestArtifactRepository } from '../artifacts/rest-artifact-repository.ts';
import type { Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { HttpClient, HttpRequest } from '../shared/http.ts';
import type { Logger } from '../shared/logger.ts';
import type { OpenedStore, ServerProcess } from '../shared/server-process.ts';
import { createRestTrackingStore } from './rest-tracking-store.ts';
import {
  deletePermanently,
  groupRows,
  openEvents,
  readArtifactFolders,
  readFacets,
  readHistories,
  readIndexes,
  readRunCounts,
  searchRows,
  setIndexes,
} from './rest-workbench.ts';
import {
  addressText,
  type Facets,
  type RunCount,
  type RunRows,
  type LocalAddress,
  type StoreConnection,
  type StoreFile,
  type StoreState,
} from './store-connection.ts';
import type { TrackingStore } from './tracking-store.ts';

/** ms between attempts to open a store that was busy or away. */
const retryDelays = [1_000, 5_000, 15_000, 60_000] as const;

export interface LocalConnectionOptions {
  /** A SQLite file unless said otherwise. */
  readonly kind?: LocalAddress['kind'];
  readonly path: string;
  readonly label: string;
  readonly folder?: string;
  readonly log: Logger;
  readonly server: Pick<ServerProcess, 'openStore' | 'closeStore'>;
  /** What a person has agreed to, for this store; nothing is kept when absent. */
  readonly agreed?: AgreedFolders;
}

/** Folders outside that of a store whose artifacts a person has agreed to read, remembered. */
export interface AgreedFolders {
  of(path: string): readonly string[];
  add(path: string, folder: string): Promise<void>;
}

/** A SQLite file or a folder held by the window's server: opened, followed, and opened again after a failure. */
export class LocalConnection implements StoreConnection, StoreFile, Disposable {
  readonly id: StoreId;
  readonly address: LocalAddress;
  readonly label: string;
  readonly folder?: string;
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
  readonly artifacts: ArtifactRepository;
  readonly path: string;
  readonly file = this;
  readonly #options: LocalConnectionOptions;
  readonly #stateChanged = new Emitter<StoreState>();
  readonly #changed = new Emitter<StoreEvent>();
  readonly #disposal = new AbortController();
  #opened: OpenedStore | undefined;
  #attempt = new AbortController();
  #state: StoreState = { kind: 'opening' };

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChange = this.#changed.event;

  constructor(options: LocalConnectionOptions) {
    this.#options = options;
    this.path = options.path;
    this.address = { kind: options.kind ?? 'sqlite', path: options.path };
    this.id = asStoreId(addressText(this.address));
    this.label = options.label;
    if (options.folder !== undefined) this.folder = options.folder;
    this.http = lateClient(() => this.#opened?.http);
    this.tracking = createRestTrackingStore(this.http);
    this.artifacts = createRestArtifactRepository(this.http);
    this.open();
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Opens the store, or gives up waiting and tries again at once. */
  open(): void {
    this.#attempt.abort();
    this.#attempt = new AbortController();
    void this.#keepOpen(AbortSignal.any([this.#attempt.signal, this.#disposal.signal]));
  }

  histories(request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer> {
    return readHistories(this.http, request, signal);
  }

  searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows> {
    return searchRows(this.http, request, signal);
  }

  groupRows(request: RunGroupsRequest, signal?: AbortSignal): Promise<RunGroupsReply> {
    return groupRows(this.http, request, signal);
  }

  facets(request: FacetsRequest, signal?: AbortSignal): Promise<Facets> {
    return readFacets(this.http, request, signal);
  }

  runCounts(signal?: AbortSignal): Promise<ReadonlyMap<ExperimentId, RunCount>> {
    return readRunCounts(this.http, signal);
  }

  artifactFolders(signal?: AbortSignal): Promise<readonly string[]> {
    return readArtifactFolders(this.http, signal);
  }

  async allowArtifactFolder(folder: string): Promise<void> {
    await this.#options.agreed?.add(this.path, folder);
    await this.#options.server.openStore({ path: this.path, artifactFolders: [folder] });
  }

  indexes(signal?: AbortSignal): Promise<IndexesReply> {
    return readIndexes(this.http, signal);
  }

  setIndexes(present: boolean, signal?: AbortSignal): Promise<IndexesReply> {
    return setIndexes(this.http, present, signal);
  }

  async lookAgain(): Promise<void> {
    if (this.#state.kind !== 'ready') return this.open();
    this.#setState(readyState((await this.#options.server.openStore({ path: this.path })).reply));
  }

  deletePermanently(request: PermanentDeletionRequest, signal?: AbortSignal): Promise<PermanentDeletionReply> {
    return deletePermanently(this.http, request, signal);
  }

  dispose(): void {
    this.#disposal.abort();
    if (this.#opened !== undefined)
      this.#options.server.closeStore(this.#opened.reply.storeId).catch((error: unknown) => this.#options.log.debug(errorMessage(error)));
    this.#stateChanged.dispose();
    this.#changed.dispose();
  }

  async #keepOpen(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#follow(signal, () => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(error);
        if (!isPassing(error)) return;
        await delay(retryDelays[failures++] ?? retryDelays[3], undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Returns when the connection ends: the server has crashed or was replaced. */
  async #follow(signal: AbortSignal, onOpened: () => void): Promise<void> {
    const opened = await this.#options.server.openStore({ path: this.path, artifactFolders: this.#options.agreed?.of(this.path) ?? [] });
    const events = await openEvents(opened.http, signal);
    const isFirst = this.#opened === undefined;
    this.#opened = opened;
    onOpened();
    const { kind, readOnlyReason, revision, notice } = opened.reply;
    this.#options.log.info(
      `Opened ${this.id}, ${kind === 'files' ? 'a folder' : `schema revision ${revision ?? 'none'}`}${readOnlyReason === undefined ? '' : `, read-only: ${readOnlyReason}`}`,
    );
    if (notice !== undefined) this.#options.log.warn(notice);
    this.#setState(readyState(opened.reply));
    // What happened between the subscriptions was not told.
    if (!isFirst) this.#changed.fire({ type: 'reset' });
    await this.#forward(events, signal);
  }

  async #forward(events: AsyncIterable<StoreEvent>, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of events) {
        // Python may have upgraded the tables: what could only be read may be writable now.
        if (event.type === 'reset') await this.lookAgain();
        this.#changed.fire(event);
      }
    } catch (error) {
      if (!signal.aborted) this.#options.log.debug(`Events of ${this.id} broke off: ${errorMessage(error)}`);
    }
  }

  #fail(error: unknown): void {
    const message = errorMessage(error);
    if (this.#state.kind !== 'failed' || this.#state.message !== message) this.#options.log.warn(`Cannot open ${this.id}: ${message}`);
    this.#setState({ kind: 'failed', message, ...(isPassing(error) && { willRetry: true }) });
  }

  #setState(state: StoreState): void {
    if (isDeepStrictEqual(state, this.#state)) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

const readyState = ({ readOnlyReason, canUpgrade, notice }: OpenStoreReply): StoreState => ({
  kind: 'ready',
  ...(readOnlyReason !== undefined && { readOnlyReason, canUpgrade: canUpgrade === true }),
  ...(notice !== undefined && { notice }),
});

/** One that is locked, or not there, may be the next time: a drive comes back. A file that is no store stays so until it is changed or the user asks again. */
const isPassing = (error: unknown): boolean =>
  error instanceof MlflowError && (error.code === 'TEMPORARILY_UNAVAILABLE' || error.code === 'RESOURCE_DOES_NOT_EXIST');

/** Requests before the first opening fail in words instead of waiting: the views show the state. */
const lateClient = (current: () => HttpClient | undefined): HttpClient => {
  const client = (): HttpClient => {
    const http = current();
    if (http === undefined) throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'The store is not open');
    return http;
  };
  return {
    json: async (request: HttpRequest) => client().json(request),
    bytes: async (request: HttpRequest) => client().bytes(request),
    stream: async (request: HttpRequest) => client().stream(request),
  };
};
