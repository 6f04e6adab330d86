import { batch, computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import { asRecord } from '../../schemas/compare-charts.ts';
import { directionIn } from '../../schemas/metric-direction.ts';
import type { AboutRuns, RunFacets, RunsProtocol, SavedView } from '../../schemas/runs-protocol.ts';
import { defaultRunsView, readKeptView, type RunsView, type ViewColumn } from '../../schemas/runs-view.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { Theme } from '../shared/theme.ts';
import { defaultColumns, hiddenText, shownColumns } from './columns/columns.ts';
import { createHostActions } from './host-actions.ts';
import type { RunsPage } from './page.ts';
import { sourceOf } from './rows/query.ts';
import type { RowSource } from './rows/row-window.ts';
import { RunTable } from './rows/run-table.ts';
import { uniformColumns } from './rows/uniform-columns.ts';
import { Selection } from './selection.ts';
import { createTableState, linesToRead, type TableState } from './table/table-state.ts';

interface Surroundings {
  readonly host: HostClient<RunsProtocol>;
  readonly theme: ReadonlySignal<Theme>;
}

/** ms between two readings of what the runs have, while they change all the time. */
const facetsInterval = 5000;
/** Runs that a plain server hands out in one answer. */
const runsOfOneAnswer = 1000;
/** ms between two looks at the clock. */
const ageInterval = 60_000;

export const createRunsPage = ({ host, theme }: Surroundings): RunsPage => {
  const state = createState();
  const { view, about, facets, failure, table, announcer } = state;
  const report = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error);
  };
  const rows = new RunTable(host, report);
  const selection = new Selection(rows);
  const { columns, hidden, source } = derive(state, rows);
  const keep = createKeeping(host, view, table);
  const readFacets = createFacetsReading(host, view, (next) => (facets.value = next), report);
  followHost({ ...state, host, rows, readFacets, report });
  const stops = keepUpToDate({ ...state, rows, source, readFacets, keep });
  return {
    ...state,
    ...createEditing(state, keep),
    ...createHostActions({ host, selection, announcer, query: () => source.peek().query, report }),
    host,
    theme,
    columns,
    hidden,
    rows,
    selection,
    report,
    directionOf: (metric) => directionIn(about.value?.directions, metric),
    dispose: () => {
      for (const stop of stops) stop();
      for (const owned of [readFacets, keep, rows, host]) owned.dispose();
    },
  };
};

/** What the page looks at, and what it has been told. */
const createState = () => ({
  view: signal<RunsView>(defaultRunsView),
  about: signal<AboutRuns | undefined>(undefined),
  facets: signal<RunFacets | undefined>(undefined),
  savedViews: signal<readonly SavedView[]>([]),
  stars: signal<ReadonlySet<string>>(new Set()),
  storeFailure: signal<string | undefined>(undefined),
  failure: signal<string | undefined>(undefined),
  draft: signal(''),
  announcer: createAnnouncer(),
  table: createTableState(),
});

type State = ReturnType<typeof createState>;

const chosenColumns = (view: RunsView, { facets, about }: State): readonly ViewColumn[] => view.columns ?? defaultColumns(facets.value, about.value);

const derive = (state: State, rows: RunTable) => {
  const { view, facets, about } = state;
  const uniform = computed(() => (view.value.onlyDiffering ? uniformColumns(rows.root) : undefined));
  const surroundings = computed(() => ({ facets: facets.value, about: about.value, uniform: uniform.value }));
  return {
    columns: computed(() => shownColumns(view.value, surroundings.value)),
    hidden: computed(() => hiddenText(view.value, surroundings.value)),
    source: computed(() =>
      sourceOf(
        view.value,
        chosenColumns(view.value, state).map(({ id }) => id),
      ),
    ),
  };
};

type Editing = Pick<RunsPage, 'change' | 'changeColumns' | 'applyView' | 'startFilter'>;

/** What a person changes of the view; each change is kept. */
const createEditing = (state: State, keep: () => void): Editing => {
  const { view, draft } = state;
  const replace = (next: RunsView): void => {
    view.value = next;
    keep();
  };
  return {
    change: (changes) => replace({ ...view.peek(), ...changes }),
    changeColumns: (edit) => replace({ ...view.peek(), columns: edit(untracked(() => chosenColumns(view.peek(), state))) }),
    applyView: (next) =>
      batch(() => {
        replace(next);
        draft.value = next.filter;
      }),
    startFilter: (column) => {
      const before = draft.peek().trim();
      draft.value = before === '' ? `${column} ` : `${before} AND ${column} `;
    },
  };
};

type FacetsReading = ReturnType<typeof createFacetsReading>;

interface Told {
  readonly host: HostClient<RunsProtocol>;
  readonly view: Signal<RunsView>;
  readonly about: Signal<AboutRuns | undefined>;
  readonly facets: ReadonlySignal<RunFacets | undefined>;
  readonly savedViews: Signal<readonly SavedView[]>;
  readonly stars: Signal<ReadonlySet<string>>;
  readonly storeFailure: Signal<string | undefined>;
  readonly draft: Signal<string>;
  readonly table: TableState;
  readonly rows: RunTable;
  readonly readFacets: FacetsReading;
  report(error: unknown): void;
}

/** What the host tells by itself. */
const followHost = ({ host, view, about, facets, savedViews, stars, storeFailure, draft, table, rows, readFacets, report }: Told): void => {
  // A plain server counts nothing itself: thousands of runs would be read again and again.
  const isCheap = (): boolean => about.peek()?.isRich === true || (facets.peek()?.runs ?? runsOfOneAnswer) < runsOfOneAnswer;
  const countAgain = (): unknown => isCheap() && readFacets.soon();
  host.on('restore', (kept) => {
    const { view: saved, top, left } = asRecord(kept);
    batch(() => {
      view.value = readKeptView(saved);
      draft.value = view.value.filter;
      if (typeof top === 'number' && typeof left === 'number') table.scrollTo.value = { top, left };
    });
  });
  host.on('about', (next) => {
    const before = about.peek();
    about.value = next;
    if (before === undefined) return readFacets.now();
    countAgain();
    // The best value of a metric is another one now.
    if (JSON.stringify(before.directions) !== JSON.stringify(next.directions)) void rows.reload().catch(report);
  });
  host.on('views', (next) => (savedViews.value = next));
  host.on('stars', (next) => (stars.value = new Set(next)));
  host.on('failed', (next) => {
    const wasFailed = storeFailure.peek() !== undefined;
    storeFailure.value = next?.message;
    if (next === null && wasFailed) rows.retry();
  });
  host.on('edits', (edits) => rows.edit(edits));
  host.on('changed', ({ runIds }) => {
    countAgain();
    void (runIds === undefined ? rows.reload() : rows.merge(runIds)).catch(report);
  });
};

interface Followed {
  readonly view: ReadonlySignal<RunsView>;
  readonly about: ReadonlySignal<AboutRuns | undefined>;
  readonly failure: Signal<string | undefined>;
  readonly table: TableState;
  readonly rows: RunTable;
  readonly source: ReadonlySignal<RowSource>;
  readonly readFacets: FacetsReading;
  keep(): void;
}

/** What follows from what is looked at; returns what ends it. */
const keepUpToDate = ({ view, about, failure, table, rows, source, readFacets, keep }: Followed): readonly (() => void)[] => {
  const clock = setInterval(() => (table.now.value = Date.now()), ageInterval);
  const deleted = computed(() => view.value.deleted);
  return [
    () => clearInterval(clock),
    effect(() => {
      if (about.value !== undefined) rows.show(source.value);
    }),
    effect(() => rows.look(linesToRead(table.viewport.value))),
    effect(() => {
      void table.viewport.value;
      keep();
    }),
    effect(() => {
      // A reading that came well has nothing to complain of.
      if (rows.place.value !== undefined) failure.value = undefined;
    }),
    effect(() => {
      void deleted.value;
      if (about.peek() !== undefined) readFacets.now();
    }),
  ];
};

const keepInterval = 250;

/** What the page looks at, for the next restart: at most some times a second while it scrolls. */
const createKeeping = (host: HostClient<RunsProtocol>, view: ReadonlySignal<RunsView>, table: TableState) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    timer = undefined;
    const { top, left } = table.scrollTo.peek() ?? table.viewport.peek();
    host.saveState({ view: view.peek(), top, left });
  };
  return Object.assign(() => void (timer ??= setTimeout(save, keepInterval)), { dispose: () => clearTimeout(timer) });
};

/** Reads the keys and values of the runs, at their leisure while runs change. */
const createFacetsReading = (
  host: HostClient<RunsProtocol>,
  view: ReadonlySignal<RunsView>,
  take: (facets: RunFacets) => void,
  report: (error: unknown) => void,
) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current = new AbortController();
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    current.abort();
    current = new AbortController();
    const { signal: abort } = current;
    void host.request('facets', { deleted: view.peek().deleted }, abort).then(take, (error: unknown) => !abort.aborted && report(error));
  };
  return { now, soon: () => (timer ??= setTimeout(now, facetsInterval)), dispose: () => (clearTimeout(timer), current.abort()) };
};
