/** Messages between the extension host and the runs page. */

import type { MetricDirection, SaidDirections } from './metric-direction.ts';
import type { FacetsReply, RunGroupsReply, RunSearchReply } from './workbench-api.ts';
import type { ColumnId } from './runs-columns.ts';
import type { RunsView } from './runs-view.ts';
import type { PageProtocol } from './webview-protocol.ts';

export type RunRow = RunSearchReply['rows'][number];
export type RunGroup = RunGroupsReply['groups'][number];

/** Which runs, in which order, with which values. */
export interface RunsQuery {
  readonly filter: string;
  readonly deleted: boolean;
  readonly nesting: 'all' | 'top' | { readonly childrenOf: string };
  /** Column expressions with ASC or DESC. */
  readonly orderBy: readonly string[];
  readonly columns: readonly ColumnId[];
  /** Of one group of runs only. */
  readonly within?: readonly { readonly column: ColumnId; readonly value: string | null }[];
}

export interface RowsReply {
  readonly total: number;
  /** False where a server gives no totals: `total` is what has been loaded so far. */
  readonly totalIsKnown: boolean;
  readonly rows: readonly RunRow[];
  /** What else is to be known, in sentences. */
  readonly notes: readonly string[];
}

export interface GroupsReply extends RunGroupsReply {
  readonly notes: readonly string[];
}

/** What the runs have, and what else is to be known of that, in sentences. */
export type RunFacets = FacetsReply & { readonly notes: readonly string[] };

export interface FilterProblem {
  /** UTF-16 units of the filter. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export type ExportFormat = 'csv' | 'json' | 'md';

/** What the page is about: restored after a restart. */
export interface RunsPageState {
  /** The store's address, which outlives a window. */
  readonly store: string;
  readonly experimentIds: readonly string[];
  /** The page's own view and scroll: opaque to the host. */
  readonly page?: unknown;
}

export interface AboutRuns {
  readonly experiments: readonly { readonly id: string; readonly name: string }[];
  /** What the store is called. */
  readonly store: string;
  /** Whether its server knows more than MLflow's search language. */
  readonly isRich: boolean;
  readonly readOnlyReason?: string;
  /** Directions that people have said; the others are guessed. */
  readonly directions: SaidDirections;
}

export interface SavedView {
  readonly name: string;
  /** Of the workspace: its path there. Absent for private ones. */
  readonly file?: string;
  readonly view: RunsView;
  /** Lines count from 1. A view with any is not applied. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** What a person has just said of a run. */
export interface RowEdit {
  readonly runId: string;
  readonly name?: string;
  readonly status?: string;
  readonly lifecycleStage?: RunRow['lifecycleStage'];
  /** null: removed. */
  readonly tags?: readonly { readonly key: string; readonly value: string | null }[];
}

type Act<Params> = { readonly params: Params; readonly result: null };
interface RunIds {
  readonly runIds: readonly string[];
}

export interface RunsProtocol extends PageProtocol {
  readonly requests: {
    /** `except` are runs that came later than what is shown. */
    readonly rows: {
      readonly params: { readonly query: RunsQuery; readonly offset: number; readonly limit: number; readonly except?: readonly string[] };
      readonly result: RowsReply;
    };
    /** Those of the runs that belong to the query, nested ones too; `total` is of the query as it is. */
    readonly someRows: {
      readonly params: { readonly query: RunsQuery; readonly runIds: readonly string[] };
      readonly result: { readonly rows: readonly RunRow[]; readonly total: number; readonly totalIsKnown: boolean };
    };
    readonly groups: {
      readonly params: { readonly query: RunsQuery; readonly by: readonly ColumnId[]; readonly offset: number; readonly limit: number };
      readonly result: GroupsReply;
    };
    readonly facets: { readonly params: { readonly deleted: boolean }; readonly result: RunFacets };
    readonly checkFilter: { readonly params: { readonly filter: string }; readonly result: readonly FilterProblem[] };
    readonly compare: Act<RunIds>;
    readonly deleteRuns: Act<RunIds>;
    readonly restoreRuns: Act<RunIds>;
    readonly setTag: Act<RunIds>;
    /** `#rrggbb`; null: the one that follows from the run's id. */
    readonly setColor: Act<RunIds & { readonly color: string | null }>;
    /** Among the favourites of the tree, or no longer. */
    readonly star: Act<RunIds & { readonly starred: boolean }>;
    /** For the experiments of the page. */
    readonly sayDirection: Act<{ readonly key: string; readonly direction: MetricDirection }>;
    /** Asks for a step of a metric; null when it was given up. */
    readonly askStep: { readonly params: { readonly key: string }; readonly result: number | null };
    /** Opens the run's own page. */
    readonly openRun: Act<{ readonly runId: string }>;
    readonly copyIds: Act<RunIds>;
    /** As tab-separated values with a header. */
    readonly copyRows: Act<RunIds & { readonly query: RunsQuery }>;
    /** Of all runs of the query when there are no ids. Asks where; null when it was given up. */
    readonly exportRows: {
      readonly params: { readonly query: RunsQuery; readonly format: ExportFormat; readonly runIds?: readonly string[] };
      readonly result: { readonly file: string; readonly runs: number } | null;
    };
    /** Asks for a name; into a file of the workspace, or for this person alone. */
    readonly saveView: Act<{ readonly view: RunsView; readonly place: 'file' | 'private' }>;
    readonly removePrivateView: Act<{ readonly name: string }>;
    readonly openViewAsText: Act<{ readonly file: string; readonly line: number }>;
  };
  readonly events: {
    /** What the page kept before the restart, once, before everything else. */
    readonly restore: unknown;
    readonly about: AboutRuns;
    readonly views: readonly SavedView[];
    /** Ids of the runs that are starred. */
    readonly stars: readonly string[];
    /** All edits that the store has not answered yet, and those that it has taken since the last time. */
    readonly edits: { readonly pending: readonly RowEdit[]; readonly written: readonly RowEdit[] };
    /** Runs of these experiments changed, or came, or went; without ids it is not known which. */
    readonly changed: { readonly runIds?: readonly string[] };
    /** The store cannot be read; null: it can be again. */
    readonly failed: { readonly message: string } | null;
  };
}
