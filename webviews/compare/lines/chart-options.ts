import type { ChartOptions } from 'chart.js';
import { formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import type { Range, XAxis } from './line.ts';
import { formatStepTick, formatTimeTick, timeTicks } from './ticks.ts';

export interface Axes {
  readonly x: { readonly axis: XAxis; readonly range: Range };
  readonly y: { readonly range: Range; readonly log: boolean };
}

const fontSize = 11;
const pixelsPerTick = 90;

/** chart.js does the axes: round ticks, their labels, the grid, the layout and the resizing. */
export const chartOptions = (axes: Axes, theme: Theme): ChartOptions<'scatter'> => ({
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  events: [],
  layout: { padding: { top: 6, right: 8, bottom: 0, left: 0 } },
  plugins: { legend: { display: false }, tooltip: { enabled: false } },
  scales: { x: xScale(axes.x, theme), y: yScale(axes.y, theme) },
});

const look = (theme: Theme) => ({
  border: { color: theme.grid, dash: [] },
  grid: { color: `color-mix(in srgb, ${theme.grid} 35%, transparent)`, tickLength: 4 },
});

const tickLook = (theme: Theme) => ({ color: theme.muted, font: { family: theme.fontFamily, size: fontSize }, maxRotation: 0, padding: 4 });

const xScale = ({ axis, range }: Axes['x'], theme: Theme) => ({
  type: 'linear' as const,
  ...look(theme),
  min: range.from,
  max: range.to > range.from ? range.to : range.from + 1,
  ticks: { ...tickLook(theme), autoSkipPadding: 16, includeBounds: false, callback: xTickLabel(axis, range) },
  ...(axis === 'step' ? {} : { afterBuildTicks: placeTimeTicks(axis) }),
});

const xTickLabel =
  (axis: XAxis, range: Range) =>
  (value: string | number): string => {
    if (axis === 'step') return formatStepTick(Number(value));
    return axis === 'wall' ? formatTimeTick(Number(value), range) : formatDuration(Number(value));
  };

interface TimedScale {
  readonly min: number;
  readonly max: number;
  readonly width: number;
  ticks: { value: number }[];
}

const placeTimeTicks =
  (axis: XAxis) =>
  (scale: TimedScale): void => {
    const offset = axis === 'wall' && Math.abs(scale.min) < 8.64e15 ? -new Date(scale.min).getTimezoneOffset() * 60_000 : 0;
    scale.ticks = timeTicks({ from: scale.min, to: scale.max }, scale.width / pixelsPerTick, offset).map((value) => ({ value }));
  };

const yScale = ({ range, log }: Axes['y'], theme: Theme) => {
  const shared = {
    ...look(theme),
    ticks: { ...tickLook(theme), maxTicksLimit: 7, includeBounds: false, callback: (value: string | number) => formatNumber(Number(value)) },
  };
  if (log) return { ...shared, type: 'logarithmic' as const, min: range.from * 0.9, max: range.to * 1.1 };
  return { ...shared, type: 'linear' as const, min: range.from, max: range.to };
};
