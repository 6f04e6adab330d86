import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { guessMetricDirection, type MetricDirection } from '../../schemas/metric-direction.ts';
import type { CompareProtocol, ComparedRun, CompareSnapshot } from '../../schemas/webview-protocol.ts';
import { createAnnouncer, type Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import { styleRuns, type RunStyle } from '../shared/palette.ts';
import type { Theme } from '../shared/theme.ts';
import { HistorySource } from './histories/source.ts';
import { Inspection } from './inspection.ts';
import type { XAxis } from './lines/line.ts';
import { groupRuns, type Grouping, type RunGroup } from './runs/grouping.ts';
import { defaultView, readView, type CompareView } from './view-state.ts';

/** What the pointer or the keyboard is at, shared by all cards. */
export interface Cursor {
  readonly axis: XAxis;
  /** In units of the axis. */
  readonly x: number;
  readonly cardId: string;
}

/** Everything on the page, as signals. */
export interface ComparePage {
  readonly host: HostClient<CompareProtocol>;
  readonly theme: ReadonlySignal<Theme>;
  readonly view: ReadonlySignal<CompareView>;
  /** Undefined until the host has sent the first one. */
  readonly snapshot: ReadonlySignal<CompareSnapshot | undefined>;
  readonly failure: ReadonlySignal<string | undefined>;
  readonly runs: ReadonlySignal<readonly ComparedRun[]>;
  /** Those not hidden by the user. */
  readonly shownRuns: ReadonlySignal<readonly ComparedRun[]>;
  /** Of those, the ones within the brush: what cards show. */
  readonly visibleRuns: ReadonlySignal<readonly ComparedRun[]>;
  /** Of the visible runs; empty when they are not grouped. */
  readonly groups: ReadonlySignal<readonly RunGroup[]>;
  readonly styles: ReadonlySignal<ReadonlyMap<string, RunStyle>>;
  readonly reference: ReadonlySignal<ComparedRun | undefined>;
  readonly histories: HistorySource;
  readonly cursor: Signal<Cursor | undefined>;
  /** The run or group that stands out in every card. */
  readonly highlighted: Signal<string | undefined>;
  readonly announcer: Announcer;
  readonly inspection: Inspection;
  change(changes: Partial<CompareView>): void;
  toggleRun(runId: string): void;
  setReference(runId: string | undefined): void;
  group(grouping: Grouping | undefined): void;
  removeRun(runId: string): void;
  directionOf(metric: string): MetricDirection;
  copy(text: string, what: string): void;
  dispose(): void;
}

interface Surroundings {
  readonly host: HostClient<CompareProtocol>;
  readonly theme: ReadonlySignal<Theme>;
}

export const createComparePage = ({ host, theme }: Surroundings): ComparePage => {
  const view = signal(defaultView);
  const snapshot = signal<CompareSnapshot | undefined>(undefined);
  const failure = signal<string | undefined>(undefined);
  const runs = computed(() => snapshot.value?.runs ?? []);
  const hidden = computed(() => new Set(view.value.hiddenRunIds));
  const shownRuns = computed(() => runs.value.filter(({ runId }) => !hidden.value.has(runId)));
  const brushed = signal<ReadonlySet<string> | undefined>(undefined);
  const visibleRuns = computed(() => shownRuns.value.filter(({ runId }) => brushed.value?.has(runId) !== false));
  const grouping = computed(() => view.value.grouping);
  const groups = computed(() => (grouping.value === undefined ? [] : groupRuns(visibleRuns.value, grouping.value, theme.value.hues)));
  const styles = computed(() => styleRuns(runs.value, theme.value.hues));
  const reference = computed(() => runs.value.find(({ runId }) => runId === view.value.referenceRunId));
  const announcer = createAnnouncer();

  const runsWith = (key: string): readonly string[] => shownRuns.peek().flatMap(({ runId, metrics }) => (Object.hasOwn(metrics, key) ? [runId] : []));
  const histories = new HistorySource((params, abort) => host.request('histories', params, abort), runsWith);

  const report = (error: unknown): void => {
    failure.value = error instanceof Error ? error.message : String(error);
  };
  const replaceView = (next: CompareView): void => {
    view.value = next;
    host.saveState(next);
  };
  const change = (changes: Partial<CompareView>): void => replaceView({ ...view.peek(), ...changes });
  const setReference = (runId: string | undefined): void => {
    const { referenceRunId: _, ...others } = view.peek();
    replaceView(runId === undefined ? others : { ...others, referenceRunId: runId });
  };
  const group = (next: Grouping | undefined): void => {
    const { grouping: _, ...others } = view.peek();
    replaceView(next === undefined ? others : { ...others, grouping: next });
  };

  host.on('restore', (saved) => (view.value = readView(saved)));
  host.on('snapshot', (next) => batch(() => ((snapshot.value = next), (failure.value = undefined))));
  host.on('metricsChanged', (changes) => histories.invalidate(changes));
  host.on('failed', ({ message }) => (failure.value = message));
  const stopUpdating = effect(() => {
    void shownRuns.value;
    histories.update();
  });

  return {
    host,
    theme,
    view,
    snapshot,
    failure,
    runs,
    shownRuns,
    visibleRuns,
    groups,
    styles,
    reference,
    histories,
    announcer,
    change,
    setReference,
    group,
    cursor: signal(undefined),
    highlighted: signal(undefined),
    inspection: new Inspection(),
    toggleRun: (runId) => change({ hiddenRunIds: hidden.peek().has(runId) ? [...hidden.peek()].filter((id) => id !== runId) : [...hidden.peek(), runId] }),
    removeRun: (runId) => void host.request('removeRun', { runId }).catch(report),
    directionOf: (metric) => view.value.directions[metric] ?? guessMetricDirection(metric),
    copy: (text, what) => void host.request('copy', { text }).then(() => announcer.say(`Copied ${what}`), report),
    dispose: () => {
      stopUpdating();
      histories.dispose();
      host.dispose();
    },
  };
};

export const PageContext = createContext<ComparePage | undefined>(undefined);

export const usePage = (): ComparePage => {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A component of the compare page stands outside of it');
  return page;
};
