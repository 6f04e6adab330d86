import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { XAxis } from '../../../schemas/compare-charts.ts';
import { bucketsFor } from '../../../schemas/compare-detail.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Series } from '../../shared/histories.ts';
import { windowAround, type HistoryQuery, type HistoryWindow } from '../histories/plan.ts';
import type { Histories } from '../histories/entry.ts';
import type { ComparePage } from '../page.ts';
import type { Range } from '../plot/range.ts';
import { splice, type LineSource } from './line.ts';
import { Remembered } from './remembered.ts';
import { metricOfAxis } from './x-axis.ts';

interface Wanted {
  readonly metric: string;
  readonly axis: ReadonlySignal<XAxis>;
  readonly logX: ReadonlySignal<boolean>;
  readonly zoom: ReadonlySignal<Range | undefined>;
  /** CSS pixels. */
  readonly width: ReadonlySignal<number>;
  /** Detail of the histories; by the width when missing. */
  readonly buckets?: number;
}

export interface LineSources {
  /** Undefined until something of the run's history is there. */
  of(run: ComparedRun): LineSource | undefined;
  readonly loading: ReadonlySignal<boolean>;
  readonly failure: ReadonlySignal<string | undefined>;
  dispose(): void;
}

/** Where a window of x is no window of what is stored, or x is stretched, the whole line is read in this much more detail. */
const extraDetail = 4;

/** The histories that a chart of lines is made of: coarse for the whole line, finer in the zoomed window, and those of the metric along x. */
export const followSources = (page: ComparePage, { metric, axis, logX, zoom, width, buckets: wanted }: Wanted): LineSources => {
  const buckets = computed(() => wanted ?? bucketsFor(width.value, page.visibleRuns.value.length));
  const needsMore = computed(() => wanted === undefined && (logX.value || (zoom.value !== undefined && storedAxis(axis.value) === undefined)));
  const detail = computed(() => buckets.value * (needsMore.value ? extraDetail : 1));
  const window = computed(() => windowOf(axis.value, zoom.value));
  const coarse = follow(
    page,
    computed(() => ({ key: metric, buckets: detail.value })),
  );
  const fine = follow(
    page,
    computed(() => window.value && { key: metric, buckets: buckets.value * 2, window: window.value }),
  );
  const along = follow(
    page,
    computed(() => alongQuery(axis.value, detail.value)),
  );
  const followed = [coarse, fine, along];
  const merged = new Remembered<Series | undefined>();
  const of = (run: ComparedRun): LineSource | undefined => {
    const parts = [coarse.histories.value?.series.get(run.runId), fine.histories.value?.series.get(run.runId), storedAxis(axis.value) ?? 'step'] as const;
    const series = merged.of(run.runId, parts, () => mergedSeries(...parts));
    const style = page.styles.value.get(run.runId);
    if (series === undefined || style === undefined) return undefined;
    const other = along.histories.value?.series.get(run.runId);
    return { runId: run.runId, name: run.name, running: run.status === 'RUNNING', startTime: run.startTime, series, style, ...(other && { along: other }) };
  };
  return {
    of,
    loading: computed(() => followed.some(({ histories }) => histories.value?.loading === true)),
    failure: computed(() => followed.map(({ histories }) => histories.value?.failure).find((failure) => failure !== undefined)),
    dispose: () => {
      for (const { dispose } of followed) dispose();
    },
  };
};

/** What a store can cut a window of; times relative to a run's start and values of another metric are no such thing. */
const storedAxis = (axis: XAxis): HistoryWindow['axis'] | undefined => {
  if (axis === 'step') return 'step';
  return axis === 'wall' ? 'timestamp' : undefined;
};

const windowOf = (axis: XAxis, zoom: Range | undefined): HistoryWindow | undefined => {
  const stored = storedAxis(axis);
  return zoom === undefined || stored === undefined ? undefined : { axis: stored, ...windowAround(zoom) };
};

const alongQuery = (axis: XAxis, buckets: number): HistoryQuery | undefined => {
  const key = metricOfAxis(axis);
  return key === undefined ? undefined : { key, buckets };
};

const follow = (page: ComparePage, query: ReadonlySignal<HistoryQuery | undefined>) => {
  const id = computed(() => JSON.stringify(query.value));
  const current = signal<ReadonlySignal<Histories> | undefined>(undefined);
  const dispose = effect(() => {
    void id.value;
    const wanted = query.peek();
    const watch = wanted && page.histories.watch(wanted);
    current.value = watch?.histories;
    return () => watch?.dispose();
  });
  return { histories: computed(() => current.value?.value), dispose };
};

const mergedSeries = (whole: Series | undefined, detail: Series | undefined, axis: HistoryWindow['axis']): Series | undefined => {
  const series =
    whole !== undefined && detail !== undefined && detail.total > 0 ? splice(whole, detail, axis === 'step' ? 'steps' : 'timestamps') : (whole ?? detail);
  return series === undefined || series.values.length === 0 ? undefined : series;
};
