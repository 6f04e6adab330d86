import { computed, type ReadonlySignal } from '@preact/signals';
import { defaultCharts, type Grouping, type LineScales, type XAxis } from '../../../schemas/compare-charts.ts';
import type { CardOf } from '../../../schemas/compare-layout.ts';
import type { ComparePage } from '../page.ts';
import type { Axes } from '../plot/axes.ts';
import { padded, widened, type Range } from '../plot/range.ts';
import { countNotPositive, xExtent, yExtent } from './extent.ts';
import { followSources, type LineSources } from './line-sources.ts';
import { toGroupLine, toLine, type Line } from './line.ts';
import { Remembered } from './remembered.ts';
import { axisOf, axisTitle, canBeLog } from './x-axis.ts';

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

interface CardParts {
  readonly spec: ReadonlySignal<CardOf<'line'>>;
  /** CSS pixels. */
  readonly width: ReadonlySignal<number>;
  /** Detail of the histories; by the width when missing. */
  readonly buckets?: number;
}

/** The lines of one metric as its card shows them, read while somebody looks. */
export const createLineData = (page: ComparePage, { spec, ...detail }: CardParts): LiveLineData => {
  const { id: cardId, metric } = spec.peek();
  const scales = followScales(page, spec);
  const zoom = computed(() => page.view.value.zooms[cardId]);
  const sources = followSources(page, { metric, ...scales, zoom, ...detail });
  const runLines = createRunLines(page, sources, scales);
  const grouping = computed(() => page.view.value.grouping);
  const shown = computed(() => grouped(page, runLines.value, grouping.value));
  const data = computed((): LineData => {
    const [axis, logX, log, clip] = [scales.axis.value, scales.logX.value, scales.logY.value, scales.clip.value];
    const { lines, members } = shown.value;
    const window = zoom.value ?? wholeWindow(lines, logX);
    const extent = yExtent(members.length === 0 ? lines : [...lines, ...members], { window, log, clip }) ?? (log ? { from: 1, to: 10 } : { from: 0, to: 1 });
    const failure = sources.failure.value;
    return {
      axis,
      window,
      lines,
      members,
      x: axisOf(axis, window, logX),
      y: { kind: 'number', range: padded(extent, log), log },
      loading: sources.loading.value,
      ...(failure !== undefined && { failure }),
      notes: notesOn(runLines.value, { axis, logX, log }),
    };
  });
  return { data, dispose: sources.dispose };
};

/** Of a thousand runs most stay as they are with every message: their lines do too. */
const createRunLines = (page: ComparePage, sources: LineSources, { axis, logX }: CardScales): ReadonlySignal<readonly Line[]> => {
  const smoothing = computed(() => page.view.value.smoothing);
  const made = new Remembered<Line>();
  return computed(() => {
    const options = { axis: axis.value, smoothing: smoothing.value, logX: logX.value };
    return page.visibleRuns.value.flatMap((run) => {
      const source = sources.of(run);
      if (source === undefined) return [];
      const { runId, name, running, startTime, series, along, style } = source;
      const parts = [series, along, name, running, startTime, style.color, style.dash, options.axis, options.smoothing, options.logX];
      const line = made.of(runId, parts, () => toLine(source, options));
      return line.x.length === 0 ? [] : [line];
    });
  });
};

type CardScales = ReturnType<typeof followScales>;

/** The card's own scales, or the page's; each on its own, so that a change of one computes nothing that hangs on another. */
const followScales = (page: ComparePage, spec: ReadonlySignal<CardOf<'line'>>) => {
  const scale = <Value extends XAxis | boolean | number>(read: (scales: Partial<LineScales>) => Value | undefined, otherwise: Value): ReadonlySignal<Value> =>
    computed(() => read(spec.value) ?? read(page.view.value) ?? otherwise);
  const axis = scale(({ xAxis }) => xAxis, defaultCharts.xAxis);
  const wantsLogX = scale(({ logX }) => logX, defaultCharts.logX);
  return {
    axis,
    logX: computed(() => wantsLogX.value && canBeLog(axis.value)),
    logY: scale(({ logY }) => logY, defaultCharts.logY),
    clip: scale(({ clip }) => clip, defaultCharts.clip),
  };
};

const wholeWindow = (lines: readonly Line[], logX: boolean): Range => {
  const extent = xExtent(lines);
  if (logX) return extent !== undefined && extent.from < extent.to ? extent : padded(extent ?? { from: 1, to: 10 }, true);
  return widened(extent ?? { from: 0, to: 1 });
};

interface ShownLines {
  readonly lines: readonly Line[];
  readonly members: readonly Line[];
}

const grouped = (page: ComparePage, runLines: readonly Line[], grouping: Grouping | undefined): ShownLines => {
  if (grouping === undefined) return { lines: runLines, members: [] };
  const byRun = new Map(runLines.map((line) => [line.id, line]));
  const lines = page.groups.value.flatMap((group) => {
    const members = group.runs.flatMap(({ runId }) => byRun.get(runId) ?? []);
    return members.length === 0 ? [] : [toGroupLine(group, members, grouping.band)];
  });
  const styleOf = new Map(page.groups.value.flatMap(({ runs, style }) => runs.map(({ runId }) => [runId, style])));
  return { lines, members: grouping.members ? runLines.map((line) => ({ ...line, style: styleOf.get(line.id) ?? line.style })) : [] };
};

interface Scales {
  readonly axis: XAxis;
  readonly logX: boolean;
  readonly log: boolean;
}

const notesOn = (lines: readonly Line[], { axis, logX, log }: Scales): readonly string[] => {
  const notPositive = log ? countNotPositive(lines) : 0;
  const notNumbers = lines.reduce((count, { summary }) => count + summary.notNumbers, 0);
  const hidden = logX ? lines.reduce((count, { leftOut }) => count + leftOut, 0) : 0;
  return [
    ...(notPositive > 0 ? [`${count(notPositive, 'value')} of 0 or below cannot be shown on a logarithmic axis.`] : []),
    ...(notNumbers > 0 ? [`${count(notNumbers, 'value')} not a number (✕ at the bottom).`] : []),
    ...(hidden > 0 ? [`${count(hidden, 'point')} at a ${axisTitle(axis).toLowerCase()} of 0 or below cannot be shown on a logarithmic axis.`] : []),
  ];
};

const count = (number: number, noun: string): string => `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;

/** A metric that each run has logged once has no line: its values are bars. */
export const hasOnlyPoints = ({ lines, members, loading }: LineData): boolean =>
  !loading && lines.length > 0 && [lines, members].every((some) => some.every(({ x }) => x.length === 1));
