import { useComputed, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Grouping, XAxis } from '../../schemas/compare-charts.ts';
import type { CardOf, CardSpec } from '../../schemas/compare-layout.ts';
import type { MetricDirection } from '../../schemas/metric-direction.ts';
import type { CompareProtocol, ComparedRun, CompareSnapshot, LayoutFromFile, RunDetails } from '../../schemas/webview-protocol.ts';
import type { Announcer } from '../shared/announcer.tsx';
import type { HostClient } from '../shared/host.ts';
import type { RunStyle } from '../shared/palette.ts';
import type { Theme } from '../shared/theme.ts';
import type { OwnScales } from './cards/layout.ts';
import type { HostActions } from './host-actions.ts';
import type { HistorySource } from './histories/source.ts';
import type { Inspection } from './inspection.ts';
import type { RunGroup } from './runs/grouping.ts';
import type { Brush } from './runs/selection.ts';
import type { SceneInput } from './scenes/scene-input.ts';
import type { CompareView } from './view-state.ts';

/** What the pointer or the keyboard is at, shared by all cards. */
export interface Cursor {
  readonly axis: XAxis;
  /** In units of the axis. */
  readonly x: number;
  readonly cardId: string;
}

/** Everything on the page, as signals. */
export interface ComparePage extends HostActions {
  readonly host: HostClient<CompareProtocol>;
  readonly theme: ReadonlySignal<Theme>;
  readonly view: ReadonlySignal<CompareView>;
  /** Undefined until the host has sent the first one. */
  readonly snapshot: ReadonlySignal<CompareSnapshot | undefined>;
  readonly failure: ReadonlySignal<string | undefined>;
  /** False until the page has had a few frames for its first lines: everything else is built after them. */
  readonly isSettled: ReadonlySignal<boolean>;
  /** Undefined for a page that is no editor of a layout file. */
  readonly file: ReadonlySignal<LayoutFromFile | undefined>;
  readonly runs: ReadonlySignal<readonly ComparedRun[]>;
  /** Those not hidden by the user. */
  readonly shownRuns: ReadonlySignal<readonly ComparedRun[]>;
  /** Of those, the ones within the brush: what cards show. */
  readonly visibleRuns: ReadonlySignal<readonly ComparedRun[]>;
  /** Of the visible runs; empty when they are not grouped. */
  readonly groups: ReadonlySignal<readonly RunGroup[]>;
  readonly styles: ReadonlySignal<ReadonlyMap<string, RunStyle>>;
  readonly reference: ReadonlySignal<ComparedRun | undefined>;
  readonly cards: ReadonlySignal<readonly CardSpec[]>;
  readonly brush: ReadonlySignal<Brush | undefined>;
  readonly histories: HistorySource;
  /** For what is read once: whoever takes it gives it up. */
  newHistories(): HistorySource;
  /** What is read of runs' environments while they are shown, by run. */
  readonly environments: Signal<ReadonlyMap<string, RunDetails> | undefined>;
  /** Tells a failure on the page. */
  report(error: unknown): void;
  readonly cursor: Signal<Cursor | undefined>;
  /** The run or group that stands out in every card. */
  readonly highlighted: Signal<string | undefined>;
  readonly announcer: Announcer;
  readonly inspection: Inspection;
  change(changes: Partial<CompareView>): void;
  /** From the first change on, the page has a layout of its own. */
  editCards(edit: (cards: readonly CardSpec[]) => readonly CardSpec[]): void;
  changeCard(spec: CardSpec): void;
  /** Undefined: the card follows the page again. */
  changeScales(spec: CardOf<'line'>, scales: OwnScales): void;
  removeCard(spec: CardSpec): void;
  /** Back to a card per metric. */
  resetCards(): void;
  setBrush(brush: Brush | undefined): void;
  /** What a card of runs is made from; reading it subscribes to all of it. */
  sceneInput(cardId: string): SceneInput;
  toggleRun(runId: string): void;
  setReference(runId: string | undefined): void;
  group(grouping: Grouping | undefined): void;

  directionOf(metric: string): MetricDirection;
  dispose(): void;
}

export const PageContext = createContext<ComparePage | undefined>(undefined);

export const usePage = (): ComparePage => {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('A component of the compare page stands outside of it');
  return page;
};

/** One part of the view: what asks for it is not rendered again when another changes, as with every frame of a pan. */
export const useView = <Key extends keyof CompareView>(key: Key): CompareView[Key] => {
  const { view } = usePage();
  return useComputed(() => view.value[key]).value;
};
