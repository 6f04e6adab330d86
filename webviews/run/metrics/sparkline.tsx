import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isDrawable } from '../../../schemas/format.ts';
import type { Series } from '../../shared/histories.ts';

const width = 88;
const height = 18;
/** The line's own width has room at the edges. */
const inset = 1.5;

/** The shape of a history; the numbers stand beside it. */
export const Sparkline = ({ series, color }: { readonly series: Series; readonly color: string }): JSX.Element => {
  const path = useMemo(() => pathOf(series), [series]);
  return (
    <svg class="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={path} stroke={color} />
    </svg>
  );
};

/** SVG path data of a line through the points in the order of their steps; a gap where a value is no finite number. */
export const pathOf = ({ steps, values }: Pick<Series, 'steps' | 'values'>): string => {
  const points = Array.from(values, (value, index) => ({ x: steps[index] ?? 0, y: value }));
  const drawable = points.filter(({ y }) => isDrawable(y));
  const x = scale(
    drawable.map((point) => point.x),
    width,
  );
  const y = scale(
    drawable.map((point) => point.y),
    height,
  );
  // A single point is a dash, so that it can be seen.
  if (drawable.length === 1) return `M${inset} ${height / 2}h${width - 2 * inset}`;
  let isDown = false;
  return points
    .map((point) => {
      if (!isDrawable(point.y)) return ((isDown = false), '');
      const command = isDown ? 'L' : 'M';
      isDown = true;
      return `${command}${x(point.x)} ${round(height - y(point.y))}`;
    })
    .join('');
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** From the values' range to that of the picture; what is all the same lies in the middle. */
const scale = (values: readonly number[], size: number): ((value: number) => number) => {
  const [from, to] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
  // Halves first: the distance of the largest numbers is none.
  const span = to / 2 - from / 2;
  if (!(span > 0)) return () => size / 2;
  return (value) => round(inset + ((value / 2 - from / 2) / span) * (size - 2 * inset));
};
