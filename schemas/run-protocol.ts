/** Messages between the extension host and the page of one run. */

import type { SaidDirections } from './metric-direction.ts';
import type { RunArtifactsProtocol } from './run-artifacts-protocol.ts';
import type { RunCodeProtocol } from './run-code-protocol.ts';
import type { RunLogProtocol } from './run-log-protocol.ts';
import type { RunMetricsProtocol } from './run-metrics-protocol.ts';
import type { RunOverviewProtocol } from './run-overview-protocol.ts';
import type { PageProtocol } from './webview-protocol.ts';

/** What the page is about: restored after a restart. */
export interface RunPageState {
  /** The store's address, which outlives a window. */
  readonly store: string;
  readonly runId: string;
  /** The page's own view: opaque to the host. */
  readonly view?: unknown;
}

export interface NamedText {
  readonly key: string;
  readonly value: string;
}

export interface RunSource {
  /** As the run's tag has it: a script, a folder or a git address. */
  readonly name: string;
  /** `LOCAL`, `PROJECT`, `NOTEBOOK`, `JOB`, or whatever a program has written. */
  readonly type?: string;
  readonly entryPoint?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly repository?: string;
}

export interface RunDataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  /** `training`, `evaluation`, … */
  readonly context?: string;
}

/** The run itself. Times are ms since the epoch. */
export interface ShownRun {
  readonly runId: string;
  readonly name: string;
  readonly status: string;
  /** It still counts as running, and has given no sign of life for long. */
  readonly isProbablyDead: boolean;
  readonly isDeleted: boolean;
  readonly experimentId: string;
  readonly user: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly artifactUri: string;
  /** `#rrggbb` when the user chose one. */
  readonly color?: string;
  readonly source?: RunSource;
  /** Markdown. */
  readonly note: string;
  readonly params: readonly NamedText[];
  /** Those of MLflow itself are among them. */
  readonly tags: readonly NamedText[];
  /** The last value of each. */
  readonly metrics: readonly { readonly key: string; readonly value: number; readonly step: number; readonly timestamp: number }[];
  readonly datasets: readonly RunDataset[];
}

export interface RelatedRun {
  readonly runId: string;
  readonly name: string;
  readonly status: string;
}

export interface RunModel {
  /** What people call it. */
  readonly name: string;
  /** `models:/m-…` or `runs:/…/path`. */
  readonly modelUri: string;
  readonly role: 'input' | 'output';
  readonly step?: number;
}

/** What else the store knows of the run; read after it. */
export interface RunSurroundings {
  readonly experiment: string;
  readonly parent?: RelatedRun;
  /** Oldest first. */
  readonly children: readonly RelatedRun[];
  readonly hasMoreChildren: boolean;
  readonly models: readonly RunModel[];
  readonly directions: SaidDirections;
}

/** Where the run is, and what can be done there. */
export interface RunPlace {
  /** What the store is called. */
  readonly store: string;
  readonly readOnlyReason?: string;
  readonly isTrusted: boolean;
}

interface Act<Params> {
  readonly params: Params;
  readonly result: null;
}

interface RunHeaderProtocol extends PageProtocol {
  readonly requests: {
    readonly rename: Act<{ readonly name: string }>;
    readonly copy: Act<{ readonly text: string }>;
    readonly openRun: Act<{ readonly runId: string }>;
    readonly openModel: Act<{ readonly modelUri: string }>;
    readonly openSource: Act<null>;
    /** Shows the run where its parts are: in the tree. */
    readonly reveal: Act<null>;
    readonly compare: Act<null>;
    readonly restoreRun: Act<null>;
    readonly readAgain: Act<null>;
  };
  readonly events: {
    /** The view that was kept before the restart, once, before everything else. */
    readonly restore: unknown;
    readonly place: RunPlace;
    readonly run: ShownRun;
    readonly surroundings: RunSurroundings;
    /** The run cannot be read; what is shown stays. `isGone`: it is no longer there. Null: it can be read again. */
    readonly failed: { readonly message: string; readonly isGone: boolean } | null;
  };
}

/** The header, and each of the tabs. */
export interface RunProtocol extends PageProtocol {
  readonly requests: RunHeaderProtocol['requests'] &
    RunOverviewProtocol['requests'] &
    RunMetricsProtocol['requests'] &
    RunArtifactsProtocol['requests'] &
    RunCodeProtocol['requests'] &
    RunLogProtocol['requests'];
  readonly events: RunHeaderProtocol['events'] & RunMetricsProtocol['events'] & RunLogProtocol['events'];
}
