import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Series } from '../../shared/histories.ts';
import { bucketsFor, type HistoryQuery, type HistoryWindow } from '../histories/plan.ts';
import type { Histories } from '../histories/source.ts';
import type { ComparePage } from '../page.ts';
import type { Axes, Axis } from '../plot/axes.ts';
import { padded, widened, type Range } from '../plot/range.ts';
import { countNotPositive, xExtent, yExtent } from './extent.ts';
import { splice, toGroupLine, toLine, type Line, type XAxis } from './line.ts';

export interface LineData extends Axes {
  readonly axis: XAxis;
  readonly window: Range;
  /** Of runs, or of groups of them. */
  readonly lines: readonly Line[];
  /** The lines of a group's runs, where they are to be seen. */
  readonly members: readonly Line[];
  readonly loading: boolean;
  readonly failure?: string;
  /** What the chart could not show, in sentences. */
  readonly notes: readonly string[];
}

export interface LiveLineData {
  readonly data: ReadonlySignal<LineData>;
  dispose(): void;
}

interface CardOfMetric {
  readonly cardId: string;
  readonly metric: string;
  /** CSS pixels. */
  readonly width: ReadonlySignal<number>;
}

/** The lines of one metric as its card shows them: read while somebody looks, coarse at first, finer in the zoomed window. */
export const createLineData = (page: ComparePage, { cardId, metric, width }: CardOfMetric): LiveLineData => {
  const axis = computed(() => page.view.value.xAxis);
  const zoom = computed(() => page.view.value.zooms[cardId]);
  const smoothing = computed(() => page.view.value.smoothing);
  const buckets = computed(() => bucketsFor(width.value, page.visibleRuns.value.length));
  const coarse = follow(
    page,
    computed(() => ({ key: metric, buckets: buckets.value * (zoom.value !== undefined && axis.value === 'relative' ? relativeDetail : 1) })),
  );
  const fine = follow(
    page,
    computed(() => {
      const window = storedWindow(axis.value, zoom.value);
      return window && { key: metric, buckets: buckets.value, window };
    }),
  );

  const runLines = computed((): readonly Line[] => {
    const options = { axis: axis.value, smoothing: smoothing.value };
    return page.visibleRuns.value.flatMap((run) => {
      const series = mergedSeries(run.runId, coarse.histories.value, fine.histories.value, axis.value === 'step' ? 'steps' : 'timestamps');
      const style = page.styles.value.get(run.runId);
      return series === undefined || style === undefined ? [] : [toLine(sourceOf(run, series, style), options)];
    });
  });
  const shown = computed(() => grouped(page, runLines.value));
  const data = computed((): LineData => {
    const { lines, members } = shown.value;
    const { logY: log, ignoreOutliers } = page.view.value;
    const window = zoom.value ?? widened(xExtent(lines) ?? { from: 0, to: 1 });
    const extent = yExtent([...lines, ...members], { window, log, ignoreOutliers }) ?? (log ? { from: 1, to: 10 } : { from: 0, to: 1 });
    const failure = fine.histories.value?.failure ?? coarse.histories.value?.failure;
    return {
      axis: axis.value,
      window,
      lines,
      members,
      x: xAxisOf(axis.value, window),
      y: { kind: 'number', range: padded(extent, log), log },
      loading: coarse.histories.value?.loading === true || fine.histories.value?.loading === true,
      ...(failure !== undefined && { failure }),
      notes: notesOn(runLines.value, log),
    };
  });
  return {
    data,
    dispose: () => {
      coarse.dispose();
      fine.dispose();
    },
  };
};

/** How much finer a whole line is read when a window of it cannot be asked for. */
const relativeDetail = 4;

/** `relative` has another window of time for each run, which one request cannot say: there the whole line is read in more detail. */
const storedWindow = (axis: XAxis, zoom: Range | undefined): HistoryWindow | undefined => {
  if (zoom === undefined || axis === 'relative') return undefined;
  return { axis: axis === 'step' ? 'step' : 'timestamp', ...zoom };
};

const axisKinds = { step: 'step', relative: 'duration', wall: 'time' } as const;
const xAxisOf = (axis: XAxis, range: Range): Axis => ({ kind: axisKinds[axis], range });

const follow = (page: ComparePage, query: ReadonlySignal<HistoryQuery | undefined>) => {
  const current = signal<ReadonlySignal<Histories> | undefined>(undefined);
  const dispose = effect(() => {
    const watch = query.value && page.histories.watch(query.value);
    current.value = watch?.histories;
    return () => watch?.dispose();
  });
  return { histories: computed(() => current.value?.value), dispose };
};

const mergedSeries = (runId: string, coarse: Histories | undefined, fine: Histories | undefined, column: 'steps' | 'timestamps'): Series | undefined => {
  const whole = coarse?.series.get(runId);
  const detail = fine?.series.get(runId);
  const series = whole !== undefined && detail !== undefined && detail.total > 0 ? splice(whole, detail, column) : (whole ?? detail);
  return series === undefined || series.values.length === 0 ? undefined : series;
};

const sourceOf = (run: ComparedRun, series: Series, style: Parameters<typeof toLine>[0]['style']) => ({
  runId: run.runId,
  name: run.name,
  running: run.status === 'RUNNING',
  startTime: run.startTime,
  series,
  style,
});

const grouped = (page: ComparePage, runLines: readonly Line[]): { readonly lines: readonly Line[]; readonly members: readonly Line[] } => {
  const { grouping } = page.view.value;
  if (grouping === undefined) return { lines: runLines, members: [] };
  const byRun = new Map(runLines.map((line) => [line.id, line]));
  const lines = page.groups.value.flatMap((group) => {
    const members = group.runs.flatMap(({ runId }) => byRun.get(runId) ?? []);
    return members.length === 0 ? [] : [toGroupLine(group, members, grouping.band)];
  });
  const styleOf = new Map(page.groups.value.flatMap(({ runs, style }) => runs.map(({ runId }) => [runId, style])));
  return { lines, members: grouping.members ? runLines.map((line) => ({ ...line, style: styleOf.get(line.id) ?? line.style })) : [] };
};

const notesOn = (lines: readonly Line[], log: boolean): readonly string[] => {
  const notPositive = log ? countNotPositive(lines) : 0;
  const notNumbers = lines.reduce((count, { raw }) => count + raw.reduce((some, value) => some + (Number.isNaN(value) ? 1 : 0), 0), 0);
  return [
    ...(notPositive > 0 ? [`${count(notPositive, 'value')} of 0 or below cannot be shown on a logarithmic axis.`] : []),
    ...(notNumbers > 0 ? [`${count(notNumbers, 'value')} not a number (✕ at the bottom).`] : []),
  ];
};

const count = (number: number, noun: string): string => `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
