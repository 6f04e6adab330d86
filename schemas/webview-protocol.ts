import type { MetricDirection, SaidDirections } from './metric-direction.ts';
import type { PageLayout, RunsOfExperiments } from './compare-layout.ts';
import type { HistoriesRequest } from './workbench-api.ts';

/**
 * Messages between the extension host and a page. A page sends requests and gets results; the host
 * sends events, which are whole snapshots. Everything is structured-cloneable, ArrayBuffers included.
 */

export interface PageProtocol {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

export type ToHost =
  /** `kept` is what VS Code kept for the page (see `keep`), where it is not handed to a serializer. */
  | { readonly kind: 'ready'; readonly kept?: unknown }
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  /** What the page looks at (not its data); the host answers with `keep`. */
  | { readonly kind: 'state'; readonly state: unknown }
  | { readonly kind: 'ping' };

export type ToPage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown }
  /** What VS Code shall hand to the panel's serializer after a restart (`ComparePageState`): only the page itself can store it. */
  | { readonly kind: 'keep'; readonly state: unknown }
  | { readonly kind: 'pong' };

/** One run as the compare page shows it. */
export interface ComparedRun {
  /** The store's address: what `ComparePageState` names it by. */
  readonly storeId: string;
  readonly runId: string;
  readonly experimentId: string;
  readonly experimentName: string;
  readonly name: string;
  readonly status: string;
  /** ms since the epoch. */
  readonly startTime?: number;
  readonly endTime?: number;
  /** `#rrggbb` when the user chose one (tag `mlflow.runColor`); otherwise the page derives it from the id. */
  readonly color?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly { readonly name: string; readonly digest: string }[];
}

/** What the compare page is about: restored after a restart. */
export interface ComparePageState {
  /** Stores are named by their address (path or URL), which outlives a window. */
  readonly runs: readonly { readonly store: string; readonly runId: string }[];
  /** Where the runs were taken from, when they were not chosen one by one. */
  readonly source?: RunsOfExperiments;
  /** The page's own view: opaque to the host. */
  readonly view?: unknown;
}

export interface CompareSnapshot {
  readonly runs: readonly ComparedRun[];
  /** Runs that could not be read, with the reason in words. */
  readonly missing: readonly { readonly runId: string; readonly reason: string }[];
  /** Metric keys that at least one run has, sorted. */
  readonly metricKeys: readonly string[];
  /** Directions of metrics that people have said, in the experiments of the runs. */
  readonly directions: SaidDirections;
  /** What else is to be known of the runs, in sentences. */
  readonly notes: readonly string[];
}

/** A request and its result. */
export interface KnownHistories {
  readonly request: HistoriesRequest;
  readonly buffers: readonly ArrayBuffer[];
}

/** What is read of a run only when somebody asks why two differ. */
export interface RunDetails {
  readonly runId: string;
  readonly files: readonly { readonly path: string; readonly size?: number }[];
  /** Whether those are all of its artifacts. */
  readonly isWhole: boolean;
  /** Of the `requirements.txt`, or else the `conda.yaml`, nearest to the root of the artifacts; `version` as written there. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly python?: string;
}

/** The layout file behind a page. */
export interface LayoutFromFile {
  /** Its name, without folders. */
  readonly file: string;
  readonly layout: PageLayout;
  /** Lines count from 1. While there are any, changes on the page are not written. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface CompareProtocol extends PageProtocol {
  readonly requests: {
    /** Result: one buffer per store, each in the layout of `HistoriesHeader`. */
    readonly histories: { readonly params: HistoriesRequest; readonly result: readonly ArrayBuffer[] };
    /** What need not be read for the lines at the top: a page that is shown again waits for it with its first picture. */
    readonly knownHistories: { readonly params: null; readonly result: readonly KnownHistories[] };
    /** Lets the user choose more runs. */
    readonly addRuns: { readonly params: null; readonly result: null };
    /** Opens the run's own page. */
    readonly openRun: { readonly params: { readonly runId: string }; readonly result: null };
    readonly removeRun: { readonly params: { readonly runId: string }; readonly result: null };
    /** Of at most 20 runs. */
    readonly details: { readonly params: { readonly runIds: readonly string[] }; readonly result: readonly RunDetails[] };
    /** Opens what changed between two commits in an editor. */
    readonly openCommitDiff: { readonly params: { readonly from: string; readonly to: string }; readonly result: null };
    /** Ticks these runs in the tree, and no others. */
    readonly checkRuns: { readonly params: { readonly runIds: readonly string[] }; readonly result: null };
    /** Asks for a tag and sets it. */
    readonly tagRuns: { readonly params: { readonly runIds: readonly string[] }; readonly result: null };
    /** Writes into the page's layout file. */
    readonly changeLayout: { readonly params: { readonly layout: PageLayout }; readonly result: null };
    /** Asks for a name, and writes a new file. */
    readonly saveLayout: { readonly params: { readonly layout: PageLayout }; readonly result: null };
    readonly openLayoutAsText: { readonly params: { readonly line: number }; readonly result: null };
    /** Asks where; the result is the file's name, null when it was given up. */
    readonly saveFile: { readonly params: { readonly name: string; readonly data: string | ArrayBuffer }; readonly result: string | null };
    /** Asks where a report goes, before it is made: its text names its pictures. Null when it was given up. */
    readonly chooseReport: { readonly params: null; readonly result: { readonly file: string; readonly folder: string } | null };
    /** `file` is what `chooseReport` gave. */
    readonly writeReport: {
      readonly params: { readonly file: string; readonly markdown: string; readonly images: readonly { readonly name: string; readonly data: ArrayBuffer }[] };
      readonly result: null;
    };
    /** For the experiments of these runs. */
    readonly sayDirection: { readonly params: { readonly key: string; readonly direction: MetricDirection }; readonly result: null };
    readonly copy: { readonly params: { readonly text: string }; readonly result: null };
  };
  readonly events: {
    /** The view saved before the restart, once, before the first snapshot. */
    readonly restore: unknown;
    /** Of the page's file, now and whenever somebody else has changed it. */
    readonly layout: LayoutFromFile;
    readonly snapshot: CompareSnapshot;
    /** Histories of these runs and keys grew. */
    readonly metricsChanged: readonly { readonly runId: string; readonly keys: readonly string[] }[];
    readonly failed: { readonly message: string };
  };
}
