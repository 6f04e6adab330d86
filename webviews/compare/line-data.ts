import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ComparedRun } from '../../schemas/webview-protocol.ts';
import type { Series } from '../shared/histories.ts';
import { bucketsFor, type HistoryQuery, type HistoryWindow } from './histories/plan.ts';
import type { Histories } from './histories/source.ts';
import { countNotPositive, padded, widened, xExtent, yExtent } from './lines/extent.ts';
import { splice, toLine, type Line, type Range } from './lines/line.ts';
import type { Axes } from './lines/chart-options.ts';
import type { ComparePage } from './page.ts';

export interface LineData extends Axes {
  readonly lines: readonly Line[];
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
  const buckets = computed(() => bucketsFor(width.value, page.shownRuns.value.length));
  const coarse = follow(
    page,
    computed(() => ({ key: metric, buckets: buckets.value * (zoom.value !== undefined && axis.value === 'relative' ? 4 : 1) })),
  );
  const fine = follow(
    page,
    computed(() => {
      const window = storedWindow(axis.value, zoom.value);
      return window && { key: metric, buckets: buckets.value, window };
    }),
  );

  const lines = computed((): readonly Line[] => {
    const options = { axis: axis.value, smoothing: page.view.value.smoothing };
    return page.shownRuns.value.flatMap((run) => {
      const series = mergedSeries(run.runId, coarse.histories.value, fine.histories.value, axis.value === 'step' ? 'steps' : 'timestamps');
      const style = page.styles.value.get(run.runId);
      return series === undefined || style === undefined ? [] : [toLine(sourceOf(run, series, style), options)];
    });
  });
  const data = computed((): LineData => {
    const log = page.view.value.logY;
    const range = zoom.value ?? widened(xExtent(lines.value) ?? { from: 0, to: 1 });
    const y = yExtent(lines.value, { window: range, log, ignoreOutliers: page.view.value.ignoreOutliers }) ?? (log ? { from: 1, to: 10 } : { from: 0, to: 1 });
    const failure = fine.histories.value?.failure ?? coarse.histories.value?.failure;
    return {
      lines: lines.value,
      x: { axis: axis.value, range },
      y: { range: log ? y : padded(y), log },
      loading: coarse.histories.value?.loading === true || fine.histories.value?.loading === true,
      ...(failure !== undefined && { failure }),
      notes: notesOn(lines.value, log),
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

/** `relative` has another window of time for each run, which one request cannot say: there the whole line is read in more detail. */
const storedWindow = (axis: Axes['x']['axis'], zoom: Range | undefined): HistoryWindow | undefined => {
  if (zoom === undefined || axis === 'relative') return undefined;
  return { axis: axis === 'step' ? 'step' : 'timestamp', ...zoom };
};

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

const notesOn = (lines: readonly Line[], log: boolean): readonly string[] => {
  const notPositive = log ? countNotPositive(lines) : 0;
  const notNumbers = lines.reduce((count, { raw }) => count + raw.reduce((some, value) => some + (Number.isNaN(value) ? 1 : 0), 0), 0);
  return [
    ...(notPositive > 0 ? [`${count(notPositive, 'value')} of 0 or below cannot be shown on a logarithmic axis.`] : []),
    ...(notNumbers > 0 ? [`${count(notNumbers, 'value')} not a number (✕ at the bottom).`] : []),
  ];
};

const count = (number: number, noun: string): string => `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
