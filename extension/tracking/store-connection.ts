import { pathToFileURL } from 'node:url';

import type {
  FacetsReply,
  FacetsRequest,
  HistoriesRequest,
  IndexesReply,
  PermanentDeletionReply,
  PermanentDeletionRequest,
  RegistryChange,
  RunGroupsReply,
  RunGroupsRequest,
  RunSearchReply,
  RunSearchRequest,
  StoreEvent,
} from '../../schemas/workbench-api.ts';
import type { ExperimentId, StoreId } from '../../schemas/ids.ts';
import type { ArtifactRepository } from '../artifacts/artifact-repository.ts';
import type { Event } from '../shared/emitter.ts';
import type { HttpClient } from '../shared/http.ts';
import type { TrackingStore } from './tracking-store.ts';

/** A SQLite file, or a folder as MLflow's `mlruns/`; the path is absolute. */
export type LocalAddress = { readonly kind: 'sqlite' | 'files'; readonly path: string };
/** `workspace`: the one of MLflow's workspaces on that server; the default one when absent. */
export type ServerAddress = { readonly kind: 'server'; readonly url: string; readonly workspace?: string };
export type StoreAddress = LocalAddress | ServerAddress;

/** The text by which a store is known beyond a window, as MLflow takes it: `sqlite:///<absolute path>`, the folder's `file:` URI, or the server's URL with `?workspace=`. */
export const addressText = (address: StoreAddress): string => {
  switch (address.kind) {
    case 'sqlite':
      return `sqlite:///${address.path}`;
    case 'files':
      return pathToFileURL(address.path).href;
    case 'server':
      return address.workspace === undefined ? address.url : `${address.url}?workspace=${address.workspace}`;
    default:
      return address satisfies never;
  }
};

/** `MLFLOW_TRACKING_URI` of programs; a workspace is a variable of its own. */
export const trackingUri = (address: StoreAddress): string => (address.kind === 'server' ? address.url : addressText(address));

/** What programs need in their environment to log to a store; since 3.13 mlflow opens folders only when it is told to. */
export const storeVariables = (address: StoreAddress): Readonly<Record<string, string>> => ({
  MLFLOW_TRACKING_URI: trackingUri(address),
  ...(address.kind === 'server' && address.workspace !== undefined && { MLFLOW_WORKSPACE: address.workspace }),
  ...(address.kind === 'files' && { MLFLOW_ALLOW_FILE_STORE: 'true' }),
});

export type StoreState =
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'ready';
      readonly readOnlyReason?: string;
      /** An upgrade by mlflow would make the store writable. */
      readonly canUpgrade?: boolean;
      /** What to mind where it can be written, in one sentence. */
      readonly notice?: string;
    }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** It is tried again without being asked: the file is locked, or its server is just starting. */
      readonly willRetry?: boolean;
      /** Nothing has been asked of it: a file of the workspace names it, and nobody has agreed to it yet. */
      readonly needsAgreement?: boolean;
    };

/** Whether nothing may be asked of it yet: a file of the workspace names it, and no person has agreed. */
export const awaitsAgreement = ({ state }: { readonly state: StoreState }): boolean => state.kind === 'failed' && state.needsAgreement === true;

/** Active runs of an experiment. */
export interface RunCount {
  readonly running: number;
  /** Unknown where the server speaks nothing but MLflow's API. */
  readonly runs?: number;
}

export type RunRows = RunSearchReply & {
  /** What the server could not do, in sentences. */
  readonly notes: readonly string[];
  /** False: `total` counts what has been loaded so far. */
  readonly totalIsKnown: boolean;
};

export type Facets = FacetsReply & { readonly notes: readonly string[] };

/** What concerns the file of a store, and not what is in it. */
export interface StoreFile {
  readonly path: string;
  /** Folders outside that of the store, in which its rows say that artifacts are and which nobody has agreed to read. */
  artifactFolders(signal?: AbortSignal): Promise<readonly string[]>;
  /** From now on, and the next time, artifacts in this folder are read. */
  allowArtifactFolder(folder: string): Promise<void>;
  indexes(signal?: AbortSignal): Promise<IndexesReply>;
  setIndexes(present: boolean, signal?: AbortSignal): Promise<IndexesReply>;
  /** Reads anew whether the store can be written. */
  lookAgain(): Promise<void>;
}

/** Where this editor notes down what it changes in the registry of a server that keeps no history itself. */
export interface RegistryNotes {
  append(changes: readonly RegistryChange[]): Promise<void>;
  read(): Promise<{ readonly changes: readonly RegistryChange[]; readonly problem?: string }>;
}

/** A store in this window: what the views talk to, local or remote, through REST. */
export interface StoreConnection {
  readonly id: StoreId;
  readonly address: StoreAddress;
  /** Short, for people: `mlflow.db`, `mlflow.example.org`. */
  readonly label: string;
  /** fsPath of the workspace folder that it was found in. */
  readonly folder?: string;
  readonly state: StoreState;
  readonly onDidChangeState: Event<StoreState>;
  readonly onDidChange: Event<StoreEvent>;
  /** What other components speak with the store over. */
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
  readonly artifacts: ArtifactRepository;
  /** Absent for servers. */
  readonly file?: StoreFile;
  /** Of servers only: our own, which has the other stores, notes down what is changed through it. */
  readonly registryNotes?: RegistryNotes;
  /** Binary, in the layout of `HistoriesHeader`, from our endpoint or made from MLflow's. */
  histories(request: HistoriesRequest, signal?: AbortSignal): Promise<ArrayBuffer>;
  /** Runs as rows of a table. */
  searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows>;
  /** Absent where the server speaks nothing but MLflow's API: what has been loaded can be grouped. */
  readonly groupRows?: ((request: RunGroupsRequest, signal?: AbortSignal) => Promise<RunGroupsReply>) | undefined;
  facets(request: FacetsRequest, signal?: AbortSignal): Promise<Facets>;
  /** Of the experiments that have any. */
  runCounts(signal?: AbortSignal): Promise<ReadonlyMap<ExperimentId, RunCount>>;
  /** What `mlflow gc` does; absent where the server speaks nothing but MLflow's API. */
  deletePermanently?(request: PermanentDeletionRequest, signal?: AbortSignal): Promise<PermanentDeletionReply>;
}

/** The stores of a window. */
export interface StoreConnections {
  readonly all: readonly StoreConnection[];
  readonly onDidChange: Event<void>;
  /** Settled once the first search for stores is over. */
  readonly found: Promise<void>;
  byId(id: StoreId): StoreConnection | undefined;
  byAddress(address: string): StoreConnection | undefined;
  /** Where programs started in this folder log to; undefined when the folder has no store yet. */
  activeFor(folder: string): StoreConnection | undefined;
  /** The first server of the folder; programs log there when the user says so. */
  serverFor(folder: string): StoreConnection | undefined;
  /**
   * The folder's active store; when it has none, a new `mlflow.db` in it, made by the workspace's own
   * mlflow where there is one (so that the file has that release's revision), by us otherwise.
   */
  ensureFor(folder: string, signal?: AbortSignal): Promise<StoreConnection>;
}
