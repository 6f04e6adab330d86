import type { ChartOptions } from 'chart.js';
import { formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import { faded } from './color-ramp.ts';
import type { Range } from './range.ts';
import { formatStepTick, formatTimeTick, logTicks, timeTicks } from './ticks.ts';

/** What an axis counts. Positions on a `category` axis are the indices of its labels. */
export type Axis = { readonly title?: string; /** The scene draws its own. */ readonly hidden?: boolean } & (
  | { readonly kind: 'number' | 'step' | 'duration'; readonly range: Range; readonly log?: boolean }
  | { readonly kind: 'time'; readonly range: Range }
  | { readonly kind: 'category'; readonly labels: readonly string[] }
);

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

export const isSameAxis = (left: Axis, right: Axis): boolean => left === right || JSON.stringify(left) === JSON.stringify(right);

const fontSize = 11;
const pixelsPerTick = 90;
const pixelsPerRow = 30;
const pixelsPerLabel = 14;
const pixelsPerCharacter = 6.5;
const narrowestLabel = 44;
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

export const isLog = (axis: Axis): boolean => 'log' in axis && (axis.log ?? false);

/** What the axis shows; on a category axis half a place beyond the first and the last label. */
const rangeOf = (axis: Axis): Range => {
  if (axis.kind === 'category') return { from: -0.5, to: axis.labels.length - 0.5 };
  return axis.range.to > axis.range.from ? axis.range : { from: axis.range.from, to: axis.range.from + 1 };
};

const scaleOf = (axis: Axis, theme: Theme) => {
  const { from, to } = rangeOf(axis);
  return {
    display: axis.hidden !== true,
    type: isLog(axis) ? ('logarithmic' as const) : ('linear' as const),
    min: from,
    max: to,
    border: { color: theme.grid },
    grid: { color: axis.kind === 'category' ? 'transparent' : faded(theme.grid, 0.35), tickLength: 4 },
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
    ...(hasOwnTicks(axis) ? { afterBuildTicks: placeTicks(axis) } : {}),
  };
};

/** chart.js's own ticks are round numbers, which is right for counts alone. */
const hasOwnTicks = (axis: Axis): boolean => isLog(axis) || (axis.kind !== 'step' && axis.kind !== 'number');

/** chart.js calls it with the scale as `this`. */
const labelOf = (axis: Axis) =>
  function (this: BuiltScale, value: string | number): string {
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
        return shortened(axis.labels[number] ?? '', this.axis === 'x' ? Math.floor(this.width / this.ticks.length / pixelsPerCharacter) : longestLabel);
      default:
        return axis satisfies never;
    }
  };

const shortened = (label: string, longest: number): string => (label.length > longest ? `${label.slice(0, Math.max(longest - 1, 1))}…` : label);

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
    scale.ticks = ticksOf(axis, scale).map((value) => ({ value }));
  };

const ticksOf = (axis: Axis, scale: BuiltScale): readonly number[] => {
  const range = { from: scale.min, to: scale.max };
  if (isLog(axis)) return logTicks(range, scale.axis === 'x' ? scale.width / pixelsPerTick : scale.height / pixelsPerRow);
  switch (axis.kind) {
    case 'category':
      return categoryTicks(scale, axis.labels.length);
    case 'time':
      return timeTicks(range, scale.width / pixelsPerTick, zoneOffset(scale.min));
    default:
      return timeTicks(range, scale.width / pixelsPerTick);
  }
};

const zoneOffset = (time: number): number => (Math.abs(time) < 8.64e15 ? -new Date(time).getTimezoneOffset() * 60_000 : 0);

/** Every label when there is room, otherwise every n-th. */
const categoryTicks = ({ axis, width, height }: BuiltScale, count: number): readonly number[] => {
  const room = axis === 'x' ? width / narrowestLabel : height / pixelsPerLabel;
  const every = Math.max(1, Math.ceil(count / Math.max(room, 1)));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
};
