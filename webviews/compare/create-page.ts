import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { guessMetricDirection } from '../../schemas/metric-direction.ts';
import type { CompareProtocol, ComparedRun, CompareSnapshot } from '../../schemas/webview-protocol.ts';
import { createAnnouncer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { styleRuns } from '../shared/palette.ts';
import type { Theme } from '../shared/theme.ts';
import { automaticCards, changeCard, completedCards, removeCard } from './cards/layout.ts';
import { HistorySource } from './histories/source.ts';
import { Inspection } from './inspection.ts';
import type { ComparePage } from './page.ts';
import { groupRuns, type Grouping } from './runs/grouping.ts';
import { withinBrush, type Brush } from './runs/selection.ts';
import type { SceneInput } from './scenes/scene-input.ts';
import { sortedNaturally } from './sections.ts';
import { defaultView, readView, type CompareView } from './view-state.ts';

interface Surroundings {
  readonly host: HostClient<CompareProtocol>;
  readonly theme: ReadonlySignal<Theme>;
}

export const createComparePage = ({ host, theme }: Surroundings): ComparePage => {
  const view = signal(defaultView);
  const snapshot = signal<CompareSnapshot | undefined>(undefined);
  const failure = signal<string | undefined>(undefined);
  const announcer = createAnnouncer();
  const editing = createEditing(view, host);
  const selection = createSelection(view, snapshot, theme);
  const histories = new HistorySource(
    (params, abort) => host.request('histories', params, abort),
    (key) => selection.shownRuns.peek().flatMap(({ runId, metrics }) => (Object.hasOwn(metrics, key) ? [runId] : [])),
  );
  const cards = createCards({ view, snapshot, runs: selection.runs, change: editing.change });
  const report = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error);
  };

  host.on('restore', (saved) => (view.value = readView(saved)));
  host.on('snapshot', (next) => batch(() => ((snapshot.value = next), (failure.value = undefined))));
  host.on('metricsChanged', (changes) => histories.invalidate(changes));
  host.on('failed', ({ message }) => (failure.value = message));
  const stopUpdating = effect(() => {
    void selection.shownRuns.value;
    histories.update();
  });

  const directionOf: ComparePage['directionOf'] = (metric) => view.value.directions[metric] ?? guessMetricDirection(metric);
  return {
    ...editing,
    ...selection,
    ...cards,
    host,
    theme,
    view,
    snapshot,
    failure,
    histories,
    announcer,
    directionOf,
    reference: computed(() => selection.runs.value.find(({ runId }) => runId === view.value.referenceRunId)),
    cursor: signal(undefined),
    highlighted: signal(undefined),
    inspection: new Inspection(),
    sceneInput: (cardId) => sceneInputOf(cardId, { ...selection, view, theme, directionOf }),
    removeRun: (runId) => void host.request('removeRun', { runId }).catch(report),
    copy: (text, what) => void host.request('copy', { text }).then(() => announcer.say(`Copied ${what}`), report),
    dispose: () => {
      stopUpdating();
      histories.dispose();
      host.dispose();
    },
  };
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
  const groups = computed(() => (grouping.value === undefined ? [] : groupRuns(visibleRuns.value, grouping.value, theme.value.hues)));
  const styles = computed(() => styleRuns(runs.value, theme.value.hues));
  return { runs, shownRuns, visibleRuns, groups, styles, brush, setBrush: (next: Brush | undefined) => (brush.value = next) };
};

interface CardsParts {
  readonly view: ReadonlySignal<CompareView>;
  readonly snapshot: ReadonlySignal<CompareSnapshot | undefined>;
  readonly runs: ReadonlySignal<readonly ComparedRun[]>;
  change(changes: Partial<CompareView>): void;
}

const createCards = ({ view, snapshot, runs, change }: CardsParts): Pick<ComparePage, 'cards' | 'editCards' | 'changeCard' | 'removeCard'> => {
  const saved = computed(() => view.value.cards);
  const removed = computed(() => view.value.removedMetrics);
  const metricKeys = computed(() => sortedNaturally(snapshot.value?.metricKeys ?? []));
  const cards = computed(() =>
    saved.value === undefined ? automaticCards(metricKeys.value, runs.value) : completedCards(saved.value, removed.value, metricKeys.value),
  );
  return {
    cards,
    editCards: (edit) => change({ cards: edit(cards.peek()) }),
    changeCard: (spec) => change({ cards: changeCard(cards.peek(), spec) }),
    removeCard: (spec) =>
      change({ cards: removeCard(cards.peek(), spec.id), ...(spec.type === 'line' && { removedMetrics: [...removed.peek(), spec.metric] }) }),
  };
};

interface SceneParts extends Pick<ComparePage, 'shownRuns' | 'visibleRuns' | 'groups' | 'styles' | 'brush' | 'setBrush' | 'view' | 'theme' | 'directionOf'> {}

/** The card that holds the brush shows all runs, those outside pale; the others show what is within. */
const sceneInputOf = (cardId: string, { shownRuns, visibleRuns, groups, styles, brush, setBrush, view, theme, directionOf }: SceneParts): SceneInput => {
  const own = brush.value?.cardId === cardId ? brush.value : undefined;
  return {
    runs: own === undefined ? visibleRuns.value : shownRuns.value,
    styles: styles.value,
    groups: groups.value,
    band: view.value.grouping?.band ?? 'std',
    theme: theme.value,
    ranges: own?.ranges ?? {},
    isSelected: (runId) => own?.runIds.has(runId) !== false,
    directionOf,
    select: (runIds, ranges = {}) => setBrush(runIds === undefined ? undefined : { cardId, runIds: new Set(runIds), ranges }),
  };
};
