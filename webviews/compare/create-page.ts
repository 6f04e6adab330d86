import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { BandKind, Grouping } from '../../schemas/compare-charts.ts';
import { directionIn } from '../../schemas/metric-direction.ts';
import { sortedNaturally } from '../../schemas/metric-sections.ts';
import type { CompareProtocol, ComparedRun, CompareSnapshot, KnownHistories, LayoutFromFile } from '../../schemas/webview-protocol.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { styleRuns } from '../shared/palette.ts';
import type { Theme } from '../shared/theme.ts';
import { automaticCards, changeCard, completedCards, removeCard, withScales } from './cards/layout.ts';
import { createHostActions } from './host-actions.ts';
import { HistorySource } from './histories/source.ts';
import { Inspection } from './inspection.ts';
import { startPage } from './start-page.ts';
import type { ComparePage } from './page.ts';
import { groupRuns } from './runs/grouping.ts';
import { withinBrush, type Brush } from './runs/selection.ts';
import type { SceneInput } from './scenes/scene-input.ts';
import { defaultView, layoutOf, readView, withLayout, type CompareView } from './view-state.ts';

interface Surroundings {
  readonly host: HostClient<CompareProtocol>;
  readonly theme: ReadonlySignal<Theme>;
  /** What the host has handed over. */
  readonly known: Promise<readonly KnownHistories[]>;
}

export const createComparePage = ({ host, theme, known }: Surroundings): ComparePage => {
  const view = signal(defaultView);
  const snapshot = signal<CompareSnapshot | undefined>(undefined);
  const failure = signal<string | undefined>(undefined);
  const announcer = createAnnouncer();
  const editing = createEditing(view, host);
  const selection = createSelection(view, snapshot, theme);
  const newHistories = (): HistorySource =>
    new HistorySource(
      (params, abort) => host.request('histories', params, abort),
      (key) => selection.shownRuns.peek().flatMap(({ runId, metrics }) => (Object.hasOwn(metrics, key) ? [runId] : [])),
    );
  const histories = newHistories();
  const report = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error);
  };

  host.on('restore', (saved) => (view.value = readView(saved)));
  const isSettled = startPage(host, {
    known,
    histories,
    show: (next) => batch(() => ((snapshot.value = next), (failure.value = undefined))),
  });
  const file = followFile(view, host, report);
  const cards = createCards({ view, snapshot, file: file.file, runs: selection.runs, change: editing.change });
  host.on('metricsChanged', (changes) => histories.invalidate(changes));
  host.on('failed', ({ message }) => (failure.value = message));
  const stopUpdating = effect(() => {
    void selection.shownRuns.value;
    histories.update();
  });

  const chosenDirections = computed(() => view.value.directions);
  const directions = computed(() => ({ ...snapshot.value?.directions, ...chosenDirections.value }));
  const directionOf: ComparePage['directionOf'] = (metric) => directionIn(directions.value, metric);
  return {
    ...editing,
    ...selection,
    ...cards,
    ...createHostActions({ host, view, announcer, report }),
    file: file.file,
    host,
    theme,
    view,
    snapshot,
    failure,
    isSettled,
    histories,
    newHistories,
    announcer,
    directionOf,
    reference: computed(() => selection.runs.value.find(({ runId }) => runId === view.value.referenceRunId)),
    environments: signal(undefined),
    report,
    cursor: signal(undefined),
    highlighted: signal(undefined),
    inspection: new Inspection(),
    sceneInput: (cardId) => sceneInputOf(cardId, { ...selection, theme, directionOf }),
    dispose: () => {
      file.dispose();
      stopUpdating();
      histories.dispose();
      host.dispose();
    },
  };
};

/** The layout file behind the page: the page takes what it says, and what is changed on the page is written into it. */
const followFile = (view: Signal<CompareView>, host: HostClient<CompareProtocol>, report: (error: unknown) => void) => {
  const file = signal<LayoutFromFile | undefined>(undefined);
  let known = '';
  host.on('layout', (next) =>
    batch(() => {
      view.value = withLayout(view.peek(), next.layout);
      known = JSON.stringify(layoutOf(view.peek()));
      file.value = next;
    }),
  );
  const dispose = effect(() => {
    if (file.value === undefined || file.value.problems.length > 0) return;
    const layout = layoutOf(view.value);
    const text = JSON.stringify(layout);
    if (text === known) return;
    known = text;
    void host.request('changeLayout', { layout }).catch(report);
  });
  return { file, dispose };
};

/** Changes of the view, each of them saved at once. */
const createEditing = (view: Signal<CompareView>, host: HostClient<CompareProtocol>) => {
  const replace = (next: CompareView): void => {
    view.value = next;
    host.saveState(next);
  };
  return {
    change: (changes: Partial<CompareView>) => replace({ ...view.peek(), ...changes }),
    setReference: (runId: string | undefined) => {
      const { referenceRunId: _, ...others } = view.peek();
      replace(runId === undefined ? others : { ...others, referenceRunId: runId });
    },
    group: (grouping: Grouping | undefined) => {
      const { grouping: _, ...others } = view.peek();
      replace(grouping === undefined ? others : { ...others, grouping });
    },
    toggleRun: (runId: string) => {
      const { hiddenRunIds } = view.peek();
      replace({ ...view.peek(), hiddenRunIds: hiddenRunIds.includes(runId) ? hiddenRunIds.filter((id) => id !== runId) : [...hiddenRunIds, runId] });
    },
    resetCards: () => {
      const { cards: _, ...others } = view.peek();
      replace({ ...others, removedMetrics: [] });
    },
  };
};

/** Which runs are seen, and how they are drawn. */
const createSelection = (view: ReadonlySignal<CompareView>, snapshot: ReadonlySignal<CompareSnapshot | undefined>, theme: ReadonlySignal<Theme>) => {
  const runs = computed(() => snapshot.value?.runs ?? []);
  const hidden = computed(() => view.value.hiddenRunIds);
  const shownRuns = computed(() => {
    const without = new Set(hidden.value);
    return runs.value.filter(({ runId }) => !without.has(runId));
  });
  const brush = signal<Brush | undefined>(undefined);
  const visibleRuns = computed(() => withinBrush(shownRuns.value, brush.value));
  const grouping = computed(() => view.value.grouping);
  const band = computed(() => grouping.value?.band ?? 'std');
  const groups = computed(() => (grouping.value === undefined ? [] : groupRuns(visibleRuns.value, grouping.value, theme.value.hues)));
  const styles = computed(() => styleRuns(runs.value, theme.value.hues));
  return { runs, shownRuns, visibleRuns, groups, band, styles, brush, setBrush: (next: Brush | undefined) => (brush.value = next) };
};

interface CardsParts {
  readonly file: ReadonlySignal<LayoutFromFile | undefined>;
  readonly view: ReadonlySignal<CompareView>;
  readonly snapshot: ReadonlySignal<CompareSnapshot | undefined>;
  readonly runs: ReadonlySignal<readonly ComparedRun[]>;
  change(changes: Partial<CompareView>): void;
}

const createCards = ({
  view,
  snapshot,
  file,
  runs,
  change,
}: CardsParts): Pick<ComparePage, 'cards' | 'editCards' | 'changeCard' | 'changeScales' | 'removeCard'> => {
  const saved = computed(() => view.value.cards);
  const removed = computed(() => view.value.removedMetrics);
  const metricKeys = computed(() => sortedNaturally(snapshot.value?.metricKeys ?? []));
  const cards = computed(() => {
    if (saved.value === undefined) return automaticCards(metricKeys.value, runs.value);
    // A file says which cards there are; a page's own layout takes in what comes later.
    return file.value === undefined ? completedCards(saved.value, removed.value, metricKeys.value) : saved.value;
  });
  return {
    cards,
    editCards: (edit) => change({ cards: edit(cards.peek()) }),
    changeCard: (spec) => change({ cards: changeCard(cards.peek(), spec) }),
    // A zoom is a window of one axis and means nothing on another.
    changeScales: (spec, scales) => {
      const { [spec.id]: _, ...zooms } = view.peek().zooms;
      change({ cards: changeCard(cards.peek(), withScales(spec, scales)), ...('xAxis' in scales && { zooms }) });
    },
    removeCard: (spec) =>
      change({ cards: removeCard(cards.peek(), spec.id), ...(spec.type === 'line' && { removedMetrics: [...removed.peek(), spec.metric] }) }),
  };
};

interface SceneParts extends Pick<ComparePage, 'shownRuns' | 'visibleRuns' | 'groups' | 'styles' | 'brush' | 'setBrush' | 'theme' | 'directionOf'> {
  readonly band: ReadonlySignal<BandKind>;
}

/** The card that holds the brush shows all runs, those outside pale; the others show what is within. */
const sceneInputOf = (cardId: string, { shownRuns, visibleRuns, groups, band, styles, brush, setBrush, theme, directionOf }: SceneParts): SceneInput => {
  const own = brush.value?.cardId === cardId ? brush.value : undefined;
  return {
    runs: own === undefined ? visibleRuns.value : shownRuns.value,
    styles: styles.value,
    groups: groups.value,
    band: band.value,
    theme: theme.value,
    ranges: own?.ranges ?? {},
    isSelected: (runId) => own?.runIds.has(runId) !== false,
    directionOf,
    select: (runIds, ranges = {}) => setBrush(runIds === undefined ? undefined : { cardId, runIds: new Set(runIds), ranges }),
  };
};
