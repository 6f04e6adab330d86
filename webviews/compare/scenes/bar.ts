import type { CardOf } from '../../../schemas/compare-layout.ts';
import { formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import { spreadOf, type Spread } from '../math/statistics.ts';
import type { Projection } from '../plot/projection.ts';
import { bounded } from '../plot/range.ts';
import type { Mark, Scene } from '../plot/scene.ts';
import { clipped, segment } from '../plot/shapes.ts';
import { readNumber } from '../runs/fields.ts';
import { colorOf, type SceneInput } from './scene-input.ts';

interface Bar extends Spread {
  readonly id: string;
  readonly runIds: readonly string[];
  readonly name: string;
  readonly color: string;
  readonly count: number;
}

/** More would be thinner than can be told apart. */
const mostBars = 60;
const thickness = 0.7;

/** The newest value of a metric, a bar per run, or per group with its spread; the best on top. */
export const barScene = ({ metric }: CardOf<'bar'>, input: SceneInput): Scene => {
  const lower = input.directionOf(metric) === 'lower';
  const all = barsOf(metric, input).sort((left, right) => (left.centre - right.centre) * (lower ? 1 : -1));
  const bars = all.slice(0, mostBars);
  const grouped = input.groups.length > 0;
  const marks = bars.map((bar, index) => markOf(bar, { metric, grouped, y: bars.length - 1 - index }));
  const byId = new Map(bars.map((bar) => [bar.id, bar]));
  return {
    x: { kind: 'number', range: rangeOf(bars) },
    y: { kind: 'category', labels: bars.map(({ name }) => name).toReversed() },
    marks,
    paint: (context, projection, theme) =>
      clipped(context, projection, () => {
        for (const mark of marks) paintBar(context, { bar: byId.get(mark.id), y: mark.y }, projection, theme);
      }),
    paintOver: (context, mark, projection, theme) => outline(context, mark, projection, theme),
    find: ({ y }, projection) => marks.find((mark) => Math.abs(projection.toY(mark.y) - y) <= Math.abs(projection.toY(0.5) - projection.toY(0))),
    table: {
      columns: grouped ? ['Group', metric, 'Low', 'High', 'Runs'] : ['Run', metric],
      rows: all.map(({ name, centre, low, high, count }) => (grouped ? [name, centre, low, high, count] : [name, centre])),
    },
    notes: all.length > mostBars ? [`The best ${mostBars} of ${all.length} are shown; the table has all.`] : [],
    ...(bars.length === 0 && { nothing: `No shown run has a value of ${metric} that can be drawn.` }),
  };
};

const barsOf = (metric: string, input: SceneInput): Bar[] => {
  const field = `metrics.${metric}`;
  const sources = input.groups.length > 0 ? input.groups.map(({ id, label, runs, style }) => ({ id, name: label, runs, color: style.color })) : undefined;
  const single = input.runs.map((run) => ({ id: run.runId, name: run.name, runs: [run], color: colorOf(input, run.runId) }));
  return (sources ?? single).flatMap(({ runs, ...bar }) => {
    const values = runs.map((run) => readNumber(run, field)).filter(isDrawable);
    return values.length === 0 ? [] : [{ ...bar, ...spreadOf(values, input.band), runIds: runs.map(({ runId }) => runId), count: values.length }];
  });
};

/** Bars have their length from zero, always. */
const rangeOf = (bars: readonly Bar[]) => {
  const ends = bars.flatMap(({ low, high }) => [low, high]);
  const from = Math.min(0, ...ends);
  const to = Math.max(0, ...ends);
  return bounded(from * 1.05, to === from ? to + 1 : to * 1.05) ?? { from: 0, to: 1 };
};

const markOf = (bar: Bar, { metric, grouped, y }: { readonly metric: string; readonly grouped: boolean; readonly y: number }): Mark => ({
  id: bar.id,
  runIds: bar.runIds,
  title: bar.name,
  facts: grouped
    ? [
        [metric, formatNumber(bar.centre)],
        ['band', `${formatNumber(bar.low)} – ${formatNumber(bar.high)}`],
        ['runs', String(bar.count)],
      ]
    : [[metric, formatNumber(bar.centre)]],
  x: bar.centre,
  y,
});

const halfHeight = (projection: Projection): number => Math.max(Math.abs(projection.toY(thickness / 2) - projection.toY(0)), 0.5);

const paintBar = (
  context: CanvasRenderingContext2D,
  { bar, y }: { readonly bar: Bar | undefined; readonly y: number },
  projection: Projection,
  theme: Theme,
): void => {
  if (bar === undefined) return;
  const half = halfHeight(projection);
  const [zero, end, middle] = [projection.toX(0), projection.toX(bar.centre), projection.toY(y)];
  context.fillStyle = bar.color;
  context.fillRect(Math.min(zero, end), middle - half, Math.max(Math.abs(end - zero), 1), 2 * half);
  if (bar.high <= bar.low) return;
  const whisker = { low: projection.toX(bar.low), high: projection.toX(bar.high), middle, cap: Math.min(half, 5) };
  strokeWhisker(context, whisker, { color: theme.background, width: 4 });
  strokeWhisker(context, whisker, { color: theme.foreground, width: 1.5 });
};

interface Whisker {
  readonly low: number;
  readonly high: number;
  readonly middle: number;
  readonly cap: number;
}

/** Once in the background's colour and once above it: half of it lies on a bar of any colour. */
const strokeWhisker = (
  context: CanvasRenderingContext2D,
  { low, high, middle, cap }: Whisker,
  { color, width }: { readonly color: string; readonly width: number },
): void => {
  context.strokeStyle = color;
  context.lineWidth = width;
  segment(context, [low, middle], [high, middle]);
  segment(context, [low, middle - cap], [low, middle + cap]);
  segment(context, [high, middle - cap], [high, middle + cap]);
};

const outline = (context: CanvasRenderingContext2D, { x, y }: Mark, projection: Projection, theme: Theme): void => {
  const half = halfHeight(projection);
  const [zero, end] = [projection.toX(0), projection.toX(x)];
  context.strokeStyle = theme.foreground;
  context.lineWidth = 1.5;
  context.strokeRect(Math.min(zero, end), projection.toY(y) - half, Math.max(Math.abs(end - zero), 1), 2 * half);
};
