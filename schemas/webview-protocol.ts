/**
 * Messages between the extension host and a page. A page sends requests and gets results; the host
 * sends events, which are whole snapshots. Everything is structured-cloneable, ArrayBuffers included.
 */

export interface PageProtocol {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

export type ToHost =
  | { readonly kind: 'ready' }
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
}

/** What the compare page is about: restored after a restart. */
export interface ComparePageState {
  /** Stores are named by their address (path or URL), which outlives a window. */
  readonly runs: readonly { readonly store: string; readonly runId: string }[];
  /** The page's own view: opaque to the host. */
  readonly view?: unknown;
}

export interface CompareSnapshot {
  readonly runs: readonly ComparedRun[];
  /** Runs that could not be read, with the reason in words. */
  readonly missing: readonly { readonly runId: string; readonly reason: string }[];
  /** Metric keys that at least one run has, sorted. */
  readonly metricKeys: readonly string[];
}

export interface CompareProtocol extends PageProtocol {
  readonly requests: {
    /** Result: one buffer per store, each in the layout of `HistoriesHeader`. */
    readonly histories: {
      readonly params: {
        readonly runIds: readonly string[];
        readonly keys: readonly string[];
        readonly buckets: number;
        readonly window?: { readonly axis: 'step' | 'timestamp'; readonly from: number; readonly to: number };
      };
      readonly result: readonly ArrayBuffer[];
    };
    readonly removeRun: { readonly params: { readonly runId: string }; readonly result: null };
    readonly copy: { readonly params: { readonly text: string }; readonly result: null };
  };
  readonly events: {
    /** The view saved before the restart, once, before the first snapshot. */
    readonly restore: unknown;
    readonly snapshot: CompareSnapshot;
    /** Histories of these runs and keys grew. */
    readonly metricsChanged: readonly { readonly runId: string; readonly keys: readonly string[] }[];
    readonly failed: { readonly message: string };
  };
}
