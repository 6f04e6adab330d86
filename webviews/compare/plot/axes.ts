import type { ChartOptions } from 'chart.js';
import { formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import type { Range } from './range.ts';
import { formatStepTick, formatTimeTick, timeTicks } from './ticks.ts';

/** What an axis counts. Positions on a `category` axis are the indices of its labels. */
export type Axis = { readonly title?: string } & (
  | { readonly kind: 'number'; readonly range: Range; readonly log?: boolean }
  | { readonly kind: 'step' | 'duration' | 'time'; readonly range: Range }
  | { readonly kind: 'category'; readonly labels: readonly string[] }
);

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

const fontSize = 11;
const pixelsPerTick = 90;
const pixelsPerLabel = 14;
const longestLabel = 18;

/** chart.js does the axes: round ticks, their labels, the grid, the layout and the resizing. */
export const chartOptions = ({ x, y }: Axes, theme: Theme): ChartOptions<'scatter'> => ({
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  events: [],
  layout: { padding: { top: 6, right: 8, bottom: 0, left: 0 } },
  plugins: { legend: { display: false }, tooltip: { enabled: false } },
  scales: { x: scaleOf(x, theme), y: scaleOf(y, theme) },
});

export const isLog = (axis: Axis): boolean => axis.kind === 'number' && axis.log === true;

/** What the axis shows; on a category axis half a place beyond the first and the last label. */
const rangeOf = (axis: Axis): Range => {
  if (axis.kind === 'category') return { from: -0.5, to: axis.labels.length - 0.5 };
  return axis.range.to > axis.range.from ? axis.range : { from: axis.range.from, to: axis.range.from + 1 };
};

const scaleOf = (axis: Axis, theme: Theme) => {
  const { from, to } = rangeOf(axis);
  return {
    type: isLog(axis) ? ('logarithmic' as const) : ('linear' as const),
    min: from,
    max: to,
    border: { color: theme.grid },
    grid: { color: axis.kind === 'category' ? 'transparent' : `color-mix(in srgb, ${theme.grid} 35%, transparent)`, tickLength: 4 },
    title: { display: axis.title !== undefined, text: axis.title ?? '', color: theme.muted, font: { family: theme.fontFamily, size: fontSize }, padding: 2 },
    ticks: {
      color: theme.muted,
      font: { family: theme.fontFamily, size: fontSize },
      maxRotation: 0,
      padding: 4,
      autoSkipPadding: 16,
      maxTicksLimit: axis.kind === 'category' ? Number.MAX_SAFE_INTEGER : 8,
      includeBounds: false,
      callback: labelOf(axis),
    },
    ...(axis.kind === 'time' || axis.kind === 'duration' || axis.kind === 'category' ? { afterBuildTicks: placeTicks(axis) } : {}),
  };
};

const labelOf =
  (axis: Axis) =>
  (value: string | number): string => {
    const number = Number(value);
    switch (axis.kind) {
      case 'number':
        return formatNumber(number);
      case 'step':
        return formatStepTick(number);
      case 'duration':
        return formatDuration(number);
      case 'time':
        return formatTimeTick(number, axis.range);
      case 'category':
        return shortened(axis.labels[number] ?? '');
      default:
        return axis satisfies never;
    }
  };

const shortened = (label: string): string => (label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label);

interface BuiltScale {
  readonly min: number;
  readonly max: number;
  readonly width: number;
  readonly height: number;
  readonly axis: string;
  ticks: { value: number }[];
}

const placeTicks =
  (axis: Axis) =>
  (scale: BuiltScale): void => {
    scale.ticks = (axis.kind === 'category' ? categoryTicks(scale, axis.labels.length) : timeTicksOf(scale, axis.kind)).map((value) => ({ value }));
  };

/** Every label when there is room, otherwise every n-th. */
const categoryTicks = ({ axis, width, height }: BuiltScale, count: number): readonly number[] => {
  const room = axis === 'x' ? width / pixelsPerTick : height / pixelsPerLabel;
  const every = Math.max(1, Math.ceil(count / Math.max(room, 1)));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
};

const timeTicksOf = (scale: BuiltScale, kind: Axis['kind']): readonly number[] => {
  const offset = kind === 'time' && Math.abs(scale.min) < 8.64e15 ? -new Date(scale.min).getTimezoneOffset() * 60_000 : 0;
  return timeTicks({ from: scale.min, to: scale.max }, scale.width / pixelsPerTick, offset);
};
