import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatNumber, isDrawable } from '../../schemas/format.ts';
import type { PageVersion } from '../../schemas/registered-model-page.ts';
import { Select } from '../shared/controls.tsx';

/** CSS pixels of the drawing, which is scaled to the page's width. */
const size = { width: 640, height: 176, margin: 12, axis: 56, versions: 20 };

/** Where the lowest value is; the numbers of versions are below it. */
const bottom = size.height - size.margin - size.versions;

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
  const { width, margin, axis } = size;
  const step = (width - axis - margin) / Math.max(1, points.length - 1);
  const share = (value: number): number => (high === low ? 0.5 : (value - low) / (high - low));
  return points.map((point, index) => ({
    ...point,
    x: axis + (points.length === 1 ? (width - axis) / 2 : index * step),
    y: bottom - share(point.value) * (bottom - margin),
  }));
};

interface DrawingProps {
  readonly metric: string;
  readonly points: readonly Point[];
}

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_at, last) => last,
};

/** Arrows go from point to point. */
const Drawing = ({ metric, points }: DrawingProps): JSX.Element => {
  const at = useSignal<number | undefined>(undefined);
  const placed = place(points);
  const [first, last] = [placed[0], placed.at(-1)];
  if (first === undefined || last === undefined) return <p class="muted">No version has a number to draw.</p>;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    at.value = Math.min(points.length - 1, Math.max(0, step(at.value ?? -1, points.length - 1)));
  };
  const current = at.value === undefined ? undefined : placed[at.value];
  const label = `${metric}: ${formatNumber(first.value)} in version ${first.version}, ${formatNumber(last.value)} in version ${last.version}`;
  return (
    <>
      <svg class="chart" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label} tabindex={0} onKeyDown={onKeyDown}>
        <Ticks placed={placed} />
        <polyline points={placed.map(({ x, y }) => `${x},${y}`).join(' ')} />
        {placed.map((point) => (
          <circle key={point.version} cx={point.x} cy={point.y} r={point === current ? 6 : placed.length > 100 ? 1.5 : 3.5}>
            <title>{textOf(point)}</title>
          </circle>
        ))}
      </svg>
      <p class="muted" role="status">
        {current && textOf(current)}
      </p>
    </>
  );
};

const textOf = ({ version, value }: Point): string => `version ${version}: ${formatNumber(value)}`;

/** The highest and the lowest value, the oldest and the newest version. */
const Ticks = ({ placed }: { readonly placed: readonly Placed[] }): JSX.Element => {
  const byHeight = placed.toSorted((a, b) => a.y - b.y);
  // Of equal values one is enough.
  const marks = new Map([byHeight[0], byHeight.at(-1)].flatMap((mark) => (mark === undefined ? [] : [[mark.y, mark.value] as const])));
  const ends = placed.length === 1 ? placed : [placed[0], placed.at(-1)].flatMap((end) => end ?? []);
  return (
    <>
      {[...marks].map(([y, value]) => (
        <text key={y} x={size.axis - 8} y={y + 4} class="tick">
          {formatNumber(value)}
        </text>
      ))}
      {ends.map(({ version, x }) => (
        <text key={version} x={x} y={size.height - 6} class="tick tick-version">
          {`v${version}`}
        </text>
      ))}
    </>
  );
};
