import type { PageProtocol } from './webview-protocol.ts';

export interface PageVersion {
  readonly version: number;
  readonly aliases: readonly string[];
  /** Empty where there are no stages. */
  readonly stage: string;
  readonly status: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly creator: string;
  /** Markdown. */
  readonly description: string;
  /** Empty when it was made by none, or when that is gone. */
  readonly runName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** What JSON has no number for is a text: NaN, Infinity, -Infinity. */
  readonly metrics: Readonly<Record<string, number | string>>;
}

/** Of one version: read from its files when its row is looked at. */
export interface PageSignature {
  readonly version: number;
  /** `alcohol: double → quality: long`; empty when it has none. */
  readonly text: string;
  /** Why it cannot be told; empty when it can. */
  readonly problem: string;
}

export interface PageChange {
  /** ms since the epoch. */
  readonly time: number;
  readonly text: string;
  readonly by: string;
  readonly kind: 'exact' | 'observed';
}

/** Everything that the page of a registered model shows. */
export interface ModelSnapshot {
  readonly name: string;
  readonly store: string;
  /** Markdown. */
  readonly description: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
  /** Newest first, those that the filter leaves. */
  readonly versions: readonly PageVersion[];
  /** There are more than were read. */
  readonly hasMore: boolean;
  /** In MLflow's search language. */
  readonly filter: string;
  /** Why the filter is none. */
  readonly filterProblem?: string;
  /** The newest changes, newest first. */
  readonly history: readonly PageChange[];
}

export const modelActions = ['editDescription', 'setTag', 'compareVersions', 'showHistory', 'exportHistory'] as const;
export type ModelAction = (typeof modelActions)[number];

export interface RegisteredModelProtocol extends PageProtocol {
  readonly requests: {
    readonly filter: { readonly params: { readonly text: string }; readonly result: null };
    readonly act: { readonly params: { readonly action: ModelAction }; readonly result: null };
    readonly signatures: { readonly params: { readonly versions: readonly number[] }; readonly result: readonly PageSignature[] };
    /** Shows its row in the tree. */
    readonly showVersion: { readonly params: { readonly version: number }; readonly result: null };
    /** Opens the run that made it. */
    readonly openRun: { readonly params: { readonly version: number }; readonly result: null };
  };
  readonly events: {
    readonly snapshot: ModelSnapshot;
    readonly failed: { readonly message: string };
  };
}
