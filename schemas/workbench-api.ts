/**
 * Our own endpoints, below `/workbench/v1` of a store's root. A client asks `capabilities` first; a
 * server without it is a plain MLflow server, and the client does with MLflow's own endpoints.
 */

export const workbenchPrefix = '/workbench/v1';
export const workbenchProtocol = 2;

export interface Capabilities {
  readonly protocol: number;
  readonly events: boolean;
  readonly histories: boolean;
  /** The endpoints `run-search`, `run-groups` and `facets`. */
  readonly runSearch: boolean;
}

/**
 * What changed in a store, whoever wrote it: one server-sent event of `GET /workbench/v1/events`.
 * Events name what changed; a listener reads it again.
 */
export type StoreEvent =
  | { readonly type: 'experiments' }
  | { readonly type: 'runs'; readonly runs: readonly { readonly runId: string; readonly experimentId: string }[] }
  | { readonly type: 'metrics'; readonly runs: readonly { readonly runId: string; readonly experimentId: string; readonly keys: readonly string[] }[] }
  | { readonly type: 'registry' }
  /** Too much changed to name it (a schema upgrade, deleted rows): read everything shown again. */
  | { readonly type: 'reset' };

/** One change of a model or a version; `from` is missing where there was nothing, `to` where there is nothing any more. */
export interface RegistryChange {
  /** ms since the epoch. */
  readonly time: number;
  /** `exact`: noted down by us when it happened. `observed`: its result was seen later. */
  readonly kind: 'exact' | 'observed';
  readonly by?: string;
  /** Its name at that time. */
  readonly model: string;
  readonly version?: number;
  readonly what: 'model' | 'version' | 'alias' | 'stage' | 'tag' | 'description';
  /** Name of the alias or tag. */
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `GET /workbench/v1/registry-history?model=<name>`, in the order in which it became known. */
export interface RegistryHistoryReply {
  readonly changes: readonly RegistryChange[];
  /** What could not be read or written, in a sentence. */
  readonly problem?: string;
}

/** `GET /workbench/v1/run-counts`: active runs of each experiment that has any; MLflow's API has no totals. */
export interface RunCountsReply {
  readonly experiments: readonly { readonly experimentId: string; readonly runs: number; readonly running: number }[];
}

/** `POST /workbench/v1/histories`: histories of many runs and keys, down-sampled, as one binary reply. */
export interface HistoriesRequest {
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  /** Per bucket the smallest and the largest value and a NaN are kept, and of each series the first and the last point. */
  readonly buckets: number;
  /** Only points from `from` to `to`, both included; `axis` is also what the points are ordered and divided by (else steps). */
  readonly window?: { readonly axis: 'step' | 'timestamp'; readonly from: number; readonly to: number };
}

/**
 * Binary layout, little-endian: uint32 length of a JSON header, the header (UTF-8, padded with spaces so
 * that what follows is 8-byte aligned), then for each series of the header `count` float64 steps,
 * `count` float64 timestamps (ms), `count` float64 values.
 */
export interface HistoriesHeader {
  readonly series: readonly {
    readonly runId: string;
    readonly key: string;
    readonly count: number;
    /** Number of points in the store (within the window), before down-sampling. */
    readonly total: number;
  }[];
}

/**
 * `POST /workbench/v1/permanent-deletion`: what `mlflow gc` does. Only what is deleted already can go; with no
 * ids at all everything that is deleted, otherwise these, and with an experiment its runs and logged models.
 */
export interface PermanentDeletionRequest {
  readonly runIds?: readonly string[];
  readonly experimentIds?: readonly string[];
  readonly modelIds?: readonly string[];
  /** Only say what would go. */
  readonly dryRun?: boolean;
}

export interface PermanentDeletionReply {
  readonly runIds: readonly string[];
  readonly experimentIds: readonly string[];
  readonly modelIds: readonly string[];
  /** Files of artifacts and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Artifacts that stay where they are, for the reason said. */
  readonly kept: readonly { readonly artifactUri: string; readonly reason: string }[];
}

/**
 * `GET /workbench/v1/artifact-folders`: folders outside that of the store in which its rows say that artifacts are, and to which nobody
 * has agreed. They are agreed to where the server is started: by `artifactFolders` of a window, by an option of the command line.
 */
export interface ArtifactFoldersReply {
  readonly folders: readonly string[];
}

/**
 * `GET /workbench/v1/indexes`: the indexes of our own that make searches of a large store faster. `POST` with `{"present": true}` makes
 * those that are missing, with `false` it removes them all; either answers as `GET` does.
 */
export interface IndexesReply {
  readonly present: readonly string[];
  /** Those that the store could have and has not. */
  readonly missing: readonly string[];
}

/**
 * A window's server holds several stores, each below `/stores/<id>`. `POST` opens one; the id is the same
 * for the same file, also after a restart. `DELETE <storesPath>/<id>` closes it.
 */
export const storesPath = '/workbench/v1/stores';

export interface OpenStoreRequest {
  /** Absolute path of a SQLite file, or of a folder as MLflow's `mlruns/`. */
  readonly path: string;
  /** Make the file (with MLflow's tables) or the folder if it is not there. */
  readonly create?: boolean;
  /** Folders outside that of the store whose artifacts a person has agreed to read; for a store that is open they are added. */
  readonly artifactFolders?: readonly string[];
}

export interface OpenStoreReply {
  /** The `<id>` in `/stores/<id>`. */
  readonly storeId: string;
  readonly path: string;
  readonly kind: 'sqlite' | 'files';
  /** Alembic revision of the file; null when there is none. */
  readonly revision: string | null;
  /** Why the store can only be read, in one sentence; absent when it is writable. */
  readonly readOnlyReason?: string;
  /** An upgrade by mlflow would make it writable. */
  readonly canUpgrade?: boolean;
  /** What to mind where it can be written, in one sentence. */
  readonly notice?: string;
}

/**
 * `POST` copies a folder as MLflow's `mlruns/` into a new SQLite file. The reply is a stream of server-sent events: progress
 * until the last one, which says how it ended; a client that goes away ends the conversion.
 */
export const conversionsPath = '/workbench/v1/conversions';

export interface ConversionRequest {
  /** Absolute path of the folder; it is only read. */
  readonly from: string;
  /** Absolute path of the file; nothing may be there. */
  readonly to: string;
}

export interface ConversionReport {
  /** Rows of each table, counted in the folder and again in the file. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was left out or changed, and why; a sentence each. */
  readonly remarks: readonly string[];
}

export type ConversionEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | ({ readonly type: 'done' } & ConversionReport)
  /** With MLflow's code; nothing was made. */
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/**
 * `POST /workbench/v1/run-search`: runs as rows of a table, with a total and any offset.
 *
 * A column is an expression: `attributes.start_time` (all of MLflow's run attributes, and `attributes.duration`), `params.x`, `tags.x`,
 * `metrics.x` (latest), `best(metrics.x)`, `min(metrics.x)`, `max(metrics.x)`, `mean(metrics.x)`, `at(metrics.x, 100)`, `datasets`, `models`.
 * Keys that are no plain names are in backticks or double quotes, as in MLflow's search language.
 */
export interface RunSearchRequest {
  readonly experimentIds: readonly string[];
  /** MLflow's search language with OR, NOT, parentheses, `=~` and `!~` (regular expressions of RE2), and the functions of columns. */
  readonly filter?: string;
  readonly viewType?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
  /** `all` (default), `top`: only runs whose parent is not there, or the children of one run. */
  readonly nesting?: 'all' | 'top' | { readonly childrenOf: string };
  /** Column expressions with ASC or DESC; what a run lacks comes last; ties: newest first, then by run id. */
  readonly orderBy?: readonly string[];
  readonly columns: readonly string[];
  readonly offset: number;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** Numbers that JSON has not are 'NaN', 'Infinity', '-Infinity' with `type: number` columns; null: the run has none. */
export type RunCell = string | number | null;

export interface RunSearchReply {
  /** Of all runs that match. */
  readonly total: number;
  readonly rows: readonly {
    readonly runId: string;
    readonly experimentId: string;
    readonly name: string;
    readonly status: string;
    readonly lifecycleStage: 'active' | 'deleted';
    /** ms since the epoch. */
    readonly startTime: number | null;
    readonly endTime: number | null;
    readonly parentRunId?: string;
    /** Of the same view. */
    readonly children: number;
    /** Tag mlflow.runColor. */
    readonly color?: string;
    /** One per column of the request, in its order. */
    readonly cells: readonly RunCell[];
  }[];
}

/** `POST /workbench/v1/run-groups`: the same runs, grouped by the values of params, tags or attributes. */
export interface RunGroupsRequest {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  readonly viewType?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
  readonly by: readonly string[];
  /** Metric columns to aggregate. */
  readonly columns: readonly string[];
  readonly orderBy?: readonly string[];
  readonly offset: number;
  readonly limit: number;
}
export interface RunGroupsReply {
  readonly total: number;
  readonly groups: readonly {
    /** One per `by`; null: runs that have none. */
    readonly values: readonly (string | null)[];
    readonly runs: number;
    /** One per column; `std` is the sample's, null with less than two. */
    readonly cells: readonly { readonly count: number; readonly mean: RunCell; readonly std: RunCell; readonly min: RunCell; readonly max: RunCell }[];
  }[];
}

/** `POST /workbench/v1/facets`: what runs have, without reading them one by one. */
export interface FacetsRequest {
  readonly experimentIds: readonly string[];
  readonly viewType?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
}
export interface FacetsReply {
  readonly runs: number;
  readonly metrics: readonly { readonly key: string; readonly runs: number; readonly min: RunCell; readonly max: RunCell }[];
  /** `values`: the most frequent, at most 20; `distinct` up to 1,000, then 1,000. */
  readonly params: readonly {
    readonly key: string;
    readonly runs: number;
    readonly distinct: number;
    readonly values: readonly { readonly value: string; readonly runs: number }[];
  }[];
  readonly tags: readonly {
    readonly key: string;
    readonly runs: number;
    readonly distinct: number;
    readonly values: readonly { readonly value: string; readonly runs: number }[];
  }[];
  readonly statuses: readonly { readonly status: string; readonly runs: number }[];
  readonly datasets: readonly { readonly name: string; readonly digest: string; readonly runs: number }[];
}
