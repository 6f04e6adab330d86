import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatNumber, isDrawable } from '../../schemas/format.ts';
import type { PageVersion } from '../../schemas/registered-model-page.ts';
import { Select } from '../shared/controls.tsx';

/** CSS pixels of the drawing, which is scaled to the page's width. */
const size = { width: 640, height: 160, margin: 12, axis: 56 };

interface Point {
  readonly version: number;
  readonly value: number;
}

interface Placed extends Point {
  readonly x: number;
  readonly y: number;
}

/** One metric over the versions, oldest first. The table below it has the same numbers. */
export const MetricChart = ({ versions }: { readonly versions: readonly PageVersion[] }): JSX.Element | null => {
  const chosen = useSignal('');
  const keys = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].toSorted();
  const key = keys.includes(chosen.value) ? chosen.value : keys.find((one) => !one.startsWith('system/'));
  if (key === undefined) return null;
  const points = pointsOf(versions, key);
  return (
    <section aria-label="Metric over versions">
      <h2>Metric over versions</h2>
      <Select label="Metric" value={key} choices={keys.map((value) => ({ value, label: value }))} onChange={(value) => (chosen.value = value)} />
      <Drawing metric={key} points={points} />
    </section>
  );
};

const pointsOf = (versions: readonly PageVersion[], key: string): readonly Point[] =>
  versions
    .flatMap(({ version, metrics }) => {
      const value = metrics[key];
      return typeof value === 'number' && isDrawable(value) ? [{ version, value }] : [];
    })
    .toSorted((a, b) => a.version - b.version);

const place = (points: readonly Point[]): readonly Placed[] => {
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const { width, height, margin, axis } = size;
  const step = (width - axis - margin) / Math.max(1, points.length - 1);
  const share = (value: number): number => (high === low ? 0.5 : (value - low) / (high - low));
  return points.map((point, index) => ({
    ...point,
    x: axis + (points.length === 1 ? (width - axis) / 2 : index * step),
    y: height - margin - share(point.value) * (height - 2 * margin),
  }));
};

const Drawing = ({ metric, points }: { readonly metric: string; readonly points: readonly Point[] }): JSX.Element => {
  const placed = place(points);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return <p class="muted">No version has a number to draw.</p>;
  const values = points.map(({ value }) => value);
  const label = `${metric}: ${formatNumber(first.value)} in version ${first.version}, ${formatNumber(last.value)} in version ${last.version}`;
  return (
    <svg class="chart" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      <text x={size.axis - 8} y={size.margin + 4} class="tick">
        {formatNumber(Math.max(...values))}
      </text>
      <text x={size.axis - 8} y={size.height - size.margin + 4} class="tick">
        {formatNumber(Math.min(...values))}
      </text>
      <polyline points={placed.map(({ x, y }) => `${x},${y}`).join(' ')} />
      {placed.map(({ version, value, x, y }) => (
        <circle key={version} cx={x} cy={y} r={placed.length > 100 ? 1.5 : 3.5}>
          <title>{`version ${version}: ${formatNumber(value)}`}</title>
        </circle>
      ))}
    </svg>
  );
};
