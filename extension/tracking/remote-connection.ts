import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { asStoreId, type ExperimentId, type StoreId } from '../../schemas/ids.ts';
import type {
  Capabilities,
  FacetsRequest,
  HistoriesRequest,
  RunGroupsReply,
  RunGroupsRequest,
  RunSearchRequest,
  StoreEvent,
} from '../../schemas/workbench-api.ts';
import type { ArtifactRepository } from '../artifacts/artifact-repository.ts';
import { createRestArtifactRepository } from '../artifacts/rest-artifact-repository.ts';
import type { Disposable } from '../shared/disposables.ts';
import type { HttpClient } from '../shared/http.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { loggedClient } from '../shared/logged-client.ts';
import { persistentClient } from '../shared/persistent-client.ts';
import { fetchClient } from '../shared/rest-client.ts';
import type { Headers } from './credentials.ts';
import { RemoteChanges } from './remote-changes.ts';
import { readCapabilities } from './rest-capabilities.ts';
import { readHistoriesFrom } from './rest-histories.ts';
import { RestRunRows } from './rest-run-rows.ts';
import { checkWorkspaces } from './rest-workspaces.ts';
import { groupRows, readFacets, readHistories, searchRows } from './rest-workbench.ts';
import { createRestTrackingStore } from './rest-tracking-store.ts';
import {
  addressText,
  type Facets,
  type RegistryNotes,
  type RunCount,
  type RunRows,
  type ServerAddress,
  type StoreConnection,
  type StoreState,
} from './store-connection.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Whether somebody looks: a server is asked for changes only then. */
export interface Attention {
  readonly isThere: () => boolean;
  readonly onDidReturn: Event<void>;
}

export interface RemoteConnectionOptions {
  readonly address: ServerAddress;
  readonly label: string;
  readonly folder?: string;
  readonly attention: Attention;
  /** Asked for with each request; none when absent. */
  readonly headers?: () => Promise<Headers>;
  readonly registryNotes?: RegistryNotes;
  readonly log: Logger;
  /** Who named the server, where somebody has to agree before it is asked anything: `.env`. */
  readonly namedBy?: string;
  /** ms between two looks while there are changes; it doubles without any, and after failures, up to a minute. */
  readonly interval?: number;
  /** ms, of the first pause before a request that only reads is sent again. */
  readonly firstPause?: number;
}

const longestInterval = 60_000;
/** ms that a server is left alone at most when it asks for it. */
const longestRest = 300_000;
const mostRunning = 1000;

/** A server that speaks MLflow's REST API. */
export class RemoteConnection implements StoreConnection, Disposable {
  readonly id: StoreId;
  readonly address: ServerAddress;
  readonly label: string;
  readonly folder?: string;
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
  readonly artifacts: ArtifactRepository;
  readonly registryNotes?: RegistryNotes;
  readonly #options: RemoteConnectionOptions;
  readonly #stateChanged = new Emitter<StoreState>();
  readonly #changed = new Emitter<StoreEvent>();
  readonly #disposal = new AbortController();
  readonly #changes: RemoteChanges;
  readonly #rows: RestRunRows;
  /** What the server said the last time; it may have been replaced by another one since it was away. */
  #capabilities: Capabilities | undefined;
  readonly #attention: Disposable;
  #attempt = new AbortController();
  #state: StoreState = { kind: 'opening' };
  /** ms that the server has asked for at the last look. */
  #rest = 0;
  #hasCredentials = false;
  #isAgreed: boolean;
  #hasWorkspaces = false;

  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChange = this.#changed.event;

  constructor(options: RemoteConnectionOptions) {
    this.#options = options;
    this.#isAgreed = options.namedBy === undefined;
    this.address = options.address;
    this.id = asStoreId(addressText(this.address));
    this.label = options.label;
    if (options.folder !== undefined) this.folder = options.folder;
    if (options.registryNotes !== undefined) this.registryNotes = options.registryNotes;
    this.http = this.#createClient();
    this.tracking = createRestTrackingStore(this.http);
    this.artifacts = createRestArtifactRepository(this.http);
    this.#changes = new RemoteChanges(this.tracking);
    this.#rows = new RestRunRows(this.tracking);
    this.#attention = options.attention.onDidReturn(() => this.open());
    this.open();
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Looks at once, and goes on looking. */
  open(): void {
    this.#attempt.abort();
    if (!this.#isAgreed)
      return this.#setState({ kind: 'failed', message: `${this.#options.namedBy} names this server. Nothing has been asked of it yet`, needsAgreement: true });
    this.#attempt = new AbortController();
    void this.#keepLooking(AbortSignal.any([this.#attempt.signal, this.#disposal.signal]));
  }

  /** Somebody wants this server to be asked. */
  agree(): void {
    if (this.#isAgreed) return;
    this.#isAgreed = true;
    this.#setState({ kind: 'opening' });
    this.open();
  }

  async histories(request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer> {
    return (await this.#ask(signal)).histories ? readHistories(this.http, request, signal) : readHistoriesFrom(this.tracking, request, signal);
  }

  async searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows> {
    return (await this.#ask(signal)).runSearch ? searchRows(this.http, request, signal) : this.#rows.searchRows(request, signal);
  }

  /** Known once something has been searched for. */
  get groupRows(): ((request: RunGroupsRequest, signal?: AbortSignal) => Promise<RunGroupsReply>) | undefined {
    return this.#capabilities?.runSearch === true ? (request, signal) => groupRows(this.http, request, signal) : undefined;
  }

  async facets(request: FacetsRequest, signal?: AbortSignal): Promise<Facets> {
    return (await this.#ask(signal)).runSearch ? readFacets(this.http, request, signal) : this.#rows.facets(request, signal);
  }

  /** A plain MLflow server has no totals: only the runs that go on are counted. */
  async runCounts(signal?: AbortSignal): Promise<ReadonlyMap<ExperimentId, RunCount>> {
    const { items: experiments } = await this.tracking.searchExperiments({ maxResults: mostRunning }, signal);
    if (experiments.length === 0) return new Map();
    const experimentIds = experiments.map(({ experimentId }) => experimentId);
    const { items } = await this.tracking.searchRuns({ experimentIds, filter: "attributes.status = 'RUNNING'", maxResults: mostRunning }, signal);
    return new Map([...Map.groupBy(items, ({ info }) => info.experimentId)].map(([experimentId, runs]) => [experimentId, { running: runs.length }]));
  }

  dispose(): void {
    this.#disposal.abort();
    this.#attention.dispose();
    this.#stateChanged.dispose();
    this.#changed.dispose();
  }

  #createClient(): HttpClient {
    const { address, label, log, firstPause } = this.#options;
    const plain = loggedClient(
      fetchClient(address.url, () => this.#headers()),
      label,
      log,
    );
    return persistentClient(plain, { log, mayRepeat: () => this.#state.kind !== 'failed', ...(firstPause !== undefined && { firstPause }) });
  }

  /** Each request asks for them: none leaves before somebody has agreed. */
  async #headers(): Promise<Headers> {
    if (!this.#isAgreed) throw new MlflowError('INVALID_STATE', `Not connected to ${this.label}: connect to it first`);
    const { address, headers } = this.#options;
    const credentials = await headers?.();
    this.#hasCredentials = credentials?.['authorization'] !== undefined;
    return { ...credentials, ...(address.workspace !== undefined && { 'x-mlflow-workspace': address.workspace }) };
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    const { interval = 5_000, attention } = this.#options;
    for (let pause = interval; !signal.aborted;) {
      const isNews = this.#state.kind === 'opening' || attention.isThere() ? await this.#look(signal) : false;
      pause = isNews ? interval : Math.min(2 * pause, longestInterval);
      await delay(Math.max(pause, this.#rest), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Whether there was anything new. */
  async #look(signal: AbortSignal): Promise<boolean> {
    try {
      if (this.address.workspace !== undefined && !this.#hasWorkspaces) await checkWorkspaces(this.http, signal);
      this.#hasWorkspaces = true;
      const events = await this.#changes.look(signal);
      this.#rest = 0;
      this.#rows.forget();
      const wasAway = this.#state.kind !== 'ready';
      this.#setState({ kind: 'ready' });
      for (const event of wasAway ? [{ type: 'reset' } as const] : events) this.#changed.fire(event);
      return wasAway || events.length > 0;
    } catch (error) {
      if (signal.aborted) return false;
      const wasThere = this.#state.kind === 'ready';
      this.#fail(error);
      return wasThere;
    }
  }

  async #ask(signal?: AbortSignal): Promise<Capabilities> {
    this.#capabilities ??= await readCapabilities(this.http, signal);
    return this.#capabilities;
  }

  #fail(error: unknown): void {
    this.#capabilities = undefined;
    this.#hasWorkspaces = false;
    this.#rest = error instanceof MlflowError ? Math.min(error.retryAfter ?? 0, longestRest) : 0;
    const asksToWait = this.#rest > 0 ? `, and asks to be left alone for ${Math.ceil(this.#rest / 1000)} s` : '';
    this.#setState({
      kind: 'failed',
      message: isUnauthenticated(error) ? this.#whoAsks : `${errorMessage(error)}${asksToWait}`,
    });
  }

  get #whoAsks(): string {
    return this.#hasCredentials
      ? 'It does not accept the user and password, or the token, that it was given: sign in again'
      : 'It asks who you are: sign in, with a user and a password or a token';
  }

  #setState(state: StoreState): void {
    if (isDeepStrictEqual(state, this.#state)) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

const isUnauthenticated = (error: unknown): boolean => error instanceof MlflowError && error.code === 'UNAUTHENTICATED';
