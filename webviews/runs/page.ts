import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MetricDirection } from '../../schemas/metric-direction.ts';
import type { ColumnId } from '../../schemas/runs-columns.ts';
import type { AboutRuns, RunFacets, RunsProtocol, SavedView } from '../../schemas/runs-protocol.ts';
import type { RunsView, ViewColumn } from '../../schemas/runs-view.ts';
import type { Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Theme } from '../shared/theme.ts';
import type { ShownColumn } from './columns/columns.ts';
import type { HostActions } from './host-actions.ts';
import type { RunTable } from './rows/run-table.ts';
import type { Selection } from './selection.ts';
import type { TableState } from './table/table-state.ts';

/** Everything on the page, as signals. */
export interface RunsPage extends HostActions {
  readonly host: HostClient<RunsProtocol>;
  readonly theme: ReadonlySignal<Theme>;
  readonly announcer: Announcer;
  readonly view: ReadonlySignal<RunsView>;
  /** Undefined until the host has said what the page is about. */
  readonly about: ReadonlySignal<AboutRuns | undefined>;
  readonly facets: ReadonlySignal<RunFacets | undefined>;
  readonly savedViews: ReadonlySignal<readonly SavedView[]>;
  /** Ids of starred runs. */
  readonly stars: ReadonlySignal<ReadonlySet<string>>;
  /** Of the store as a whole. */
  readonly storeFailure: ReadonlySignal<string | undefined>;
  /** Of the last thing that was tried. */
  readonly failure: Signal<string | undefined>;
  readonly columns: ReadonlySignal<readonly ShownColumn[]>;
  /** Columns that are left out because their runs do not differ, in words; empty: none. */
  readonly hidden: ReadonlySignal<string>;
  readonly rows: RunTable;
  readonly selection: Selection;
  readonly table: TableState;
  /** What is written in the filter box, before it is applied. */
  readonly draft: Signal<string>;
  change(changes: Partial<RunsView>): void;
  changeColumns(edit: (columns: readonly ViewColumn[]) => readonly ViewColumn[]): void;
  applyView(view: RunsView): void;
  /** Writes the beginning of a condition into the filter box. */
  startFilter(column: ColumnId): void;
  directionOf(metric: string): MetricDirection;
  report(error: unknown): void;
  dispose(): void;
}

export const PageContext = createContext<RunsPage | undefined>(undefined);

export const usePage = (): RunsPage => {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A component of the runs page stands outside of it');
  return page;
};
