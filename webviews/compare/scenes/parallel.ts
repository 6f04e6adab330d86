import type { CardOf, FieldId } from '../../../schemas/compare-layout.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import { formatDateTime, formatDuration, formatNumber } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import { isLog } from '../plot/axes.ts';
import { rampColor } from '../plot/color-ramp.ts';
import type { PixelBox, Position } from '../plot/pointer.ts';
import type { Projection } from '../plot/projection.ts';
import { extentOf, type Range } from '../plot/range.ts';
import type { Brush, Mark, Scene } from '../plot/scene.ts';
import { segment } from '../plot/shapes.ts';
import { fieldLabel } from '../runs/fields.ts';
import { fieldAxis, type FieldAxis } from './field-axis.ts';
import { colorOf, paleness, type SceneInput } from './scene-input.ts';

/** A field as an upright axis; places on it are shares from 0 (bottom) to 1. */
interface Upright {
  readonly field: FieldId;
  readonly scale: FieldAxis;
  /** Of the values, without space around them. */
  readonly range: Range;
  share(run: ComparedRun): number;
}

interface Path {
  readonly run: ComparedRun;
  /** One per axis; NaN where the run has no value. */
  readonly shares: readonly number[];
}

interface ParallelActions {
  /** The axes in another order. */
  reorder(fields: readonly FieldId[]): void;
}

/** Parallel coordinates: an upright axis per field, a line per run. A drag along an axis chooses runs, a drag across moves the axis. */
export const parallelScene = (card: CardOf<'parallel'>, input: SceneInput, actions: ParallelActions): Scene => {
  const axes = card.fields.map((field) => upright(input.runs, field, card.logFields.includes(field)));
  const paths = input.runs.map((run): Path => ({ run, shares: axes.map(({ share }) => share(run)) }));
  const color = colorsOf(card, input);
  const marks = paths.map((path) => markOf(path, axes));
  const pathOf = new Map(paths.map((path) => [path.run.runId, path]));
  return {
    x: { kind: 'category', labels: card.fields.map(fieldLabel) },
    y: { kind: 'number', range: { from: -0.06, to: 1.06 }, hidden: true },
    marks,
    paint: (context, projection, theme) => {
      for (const path of paths) {
        const chosen = input.isSelected(path.run.runId);
        strokePath(context, path, { projection, color: color(path.run), alpha: chosen ? densityAlpha(paths.length) : paleness / 2, width: 1.2 });
      }
      for (const [index, axis] of axes.entries())
        paintAxis(context, axis, { index, last: index === axes.length - 1, projection, theme, chosen: input.ranges[axis.field] });
    },
    paintOver: (context, mark, projection, theme) => {
      const path = pathOf.get(mark.id);
      if (path !== undefined) strokePath(context, path, { projection, color: theme.foreground, alpha: 1, width: 2.5 });
    },
    find: (position, projection) => findPath(position, projection, { paths, marks }),
    brush: axisBrush(axes, paths, input, actions),
    get table() {
      return { columns: ['Run', ...card.fields.map(fieldLabel)], rows: paths.map(({ run }) => [run.name, ...axes.map(({ scale }) => scale.text(run))]) };
    },
    notes:
      Object.keys(input.ranges).length === 0 && paths.length > 1
        ? ['Drag along an axis to choose runs, across to move it; a double click shows all again.']
        : [],
    ...(paths.length === 0 && { nothing: 'No run is shown.' }),
  };
};

const upright = (runs: readonly ComparedRun[], field: FieldId, log: boolean): Upright => {
  const scale = fieldAxis(runs, field, log);
  const onScale = (value: number): number => (isLog(scale.axis) ? Math.log10(value) : value);
  const range = extentOf(runs.map(scale.place)) ?? { from: 0, to: 1 };
  const width = onScale(range.to) - onScale(range.from);
  const share = (run: ComparedRun): number => {
    const place = scale.place(run);
    if (Number.isNaN(place)) return Number.NaN;
    return width > 0 ? (onScale(place) - onScale(range.from)) / width : 0.5;
  };
  return { field, scale, range, share };
};

/** Many lines are paler, so that where they lie thick can be seen. */
const densityAlpha = (count: number): number => Math.max(0.25, Math.min(0.85, 60 / Math.max(count, 1)));

const markOf = ({ run, shares }: Path, axes: readonly Upright[]): Mark => ({
  id: run.runId,
  runIds: [run.runId],
  title: run.name,
  // Of a thousand runs one is read at a time.
  get facts() {
    return axes.map(({ field, scale }) => [fieldLabel(field), scale.text(run)] as const);
  },
  x: 0,
  y: shares[0] ?? 0,
});

const colorsOf = (card: CardOf<'parallel'>, input: SceneInput): ((run: ComparedRun) => string) => {
  const { color } = card;
  if (color === undefined) return ({ runId }) => colorOf(input, runId);
  const { share, scale } = upright(input.runs, color, card.logFields.includes(color));
  if (scale.axis.kind === 'category') return (run) => input.theme.hues[scale.place(run) % input.theme.hues.length] ?? input.theme.muted;
  return (run) => rampColor(share(run), input.theme);
};

interface Stroke {
  readonly projection: Projection;
  readonly color: string;
  readonly alpha: number;
  readonly width: number;
}

const strokePath = (context: CanvasRenderingContext2D, { shares }: Path, { projection, color, alpha, width }: Stroke): void => {
  context.strokeStyle = color;
  context.globalAlpha = alpha;
  context.lineWidth = width;
  context.beginPath();
  let open = false;
  for (const [index, share] of shares.entries()) {
    if (Number.isNaN(share)) {
      open = false;
      continue;
    }
    if (open) context.lineTo(projection.toX(index), projection.toY(share));
    else context.moveTo(projection.toX(index), projection.toY(share));
    open = true;
  }
  context.stroke();
  context.globalAlpha = 1;
};

interface AxisFrame {
  readonly index: number;
  readonly last: boolean;
  readonly projection: Projection;
  readonly theme: Theme;
  readonly chosen: Range | undefined;
}

const paintAxis = (context: CanvasRenderingContext2D, axis: Upright, { index, last, projection, theme, chosen }: AxisFrame): void => {
  const x = Math.round(projection.toX(index)) + 0.5;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  segment(context, [x, projection.toY(0)], [x, projection.toY(1)]);
  if (chosen !== undefined) {
    context.fillStyle = theme.focus;
    context.globalAlpha = 0.5;
    context.fillRect(x - 5, projection.toY(chosen.to), 10, projection.toY(chosen.from) - projection.toY(chosen.to));
    context.globalAlpha = 1;
  }
  context.font = `11px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = last ? 'right' : 'left';
  for (const { share, text } of labelsOf(axis)) paintLabel(context, text, { x: last ? x - 5 : x + 5, y: projection.toY(share) }, theme);
};

/** With the background around it, so that it is read over lines. */
const paintLabel = (context: CanvasRenderingContext2D, text: string, { x, y }: Position, theme: Theme): void => {
  context.strokeStyle = theme.background;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(text, x, y);
  context.fillStyle = theme.foreground;
  context.fillText(text, x, y);
};

const mostLabels = 8;
const longestLabel = 14;

const labelsOf = ({ scale: { axis }, range: { from, to } }: Upright): readonly { readonly share: number; readonly text: string }[] => {
  if (axis.kind === 'category') return categoryLabels(axis.labels);
  const text = (value: number): string =>
    axis.kind === 'time' ? formatDateTime(value) : axis.kind === 'duration' ? formatDuration(value) : formatNumber(value);
  return from === to
    ? [{ share: 0.5, text: text(from) }]
    : [
        { share: 0, text: text(from) },
        { share: 1, text: text(to) },
      ];
};

const categoryLabels = (labels: readonly string[]): readonly { readonly share: number; readonly text: string }[] => {
  const every = Math.ceil(labels.length / mostLabels);
  return labels.flatMap((label, index) =>
    index % every === 0
      ? [{ share: labels.length === 1 ? 0.5 : index / (labels.length - 1), text: label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label }]
      : [],
  );
};

const reach = 12;

const findPath = (
  { x, y }: Position,
  projection: Projection,
  { paths, marks }: { readonly paths: readonly Path[]; readonly marks: readonly Mark[] },
): Mark | undefined => {
  const at = projection.fromX(x);
  const distances = paths.map(({ shares }) => Math.abs(projection.toY(shareAt(shares, at)) - y));
  const nearest = distances.reduce((best, distance, index) => (distance < (distances[best] ?? Number.POSITIVE_INFINITY) ? index : best), 0);
  return (distances[nearest] ?? Number.POSITIVE_INFINITY) <= reach ? marks[nearest] : undefined;
};

const shareAt = (shares: readonly number[], at: number): number => {
  const left = shares[Math.floor(at)] ?? Number.NaN;
  const right = shares[Math.ceil(at)] ?? Number.NaN;
  return left + (right - left) * (at - Math.floor(at));
};

/** Wider than tall is a move of the axis, anything else a choice along it. */
const isMove = ({ start, end }: PixelBox): boolean => Math.abs(end.x - start.x) > 2 * Math.abs(end.y - start.y);

const axisBrush = (axes: readonly Upright[], paths: readonly Path[], input: SceneInput, { reorder }: ParallelActions): Brush => {
  const axisAt = (pixel: number, projection: Projection): number => Math.min(Math.max(Math.round(projection.fromX(pixel)), 0), axes.length - 1);
  return {
    paint: (context, box, projection, theme) => {
      const x = isMove(box) ? box.end.x : projection.toX(axisAt(box.start.x, projection));
      const { from, to } = isMove(box) ? { from: projection.top, to: projection.bottom } : box.y;
      context.fillStyle = theme.focus;
      context.globalAlpha = 0.5;
      context.fillRect(x - 5, from, 10, to - from);
      context.globalAlpha = 1;
    },
    select: (box, projection) => {
      const index = axisAt(box.start.x, projection);
      const axis = axes[index];
      if (axis === undefined) return;
      if (isMove(box)) {
        const fields = axes.map(({ field }) => field);
        return reorder(fields.toSpliced(index, 1).toSpliced(axisAt(box.end.x, projection), 0, axis.field));
      }
      const ranges = { ...input.ranges, [axis.field]: { from: projection.fromY(box.y.to), to: projection.fromY(box.y.from) } };
      input.select(runsWithin(axes, paths, ranges), ranges);
    },
    clear: () => input.select(undefined),
  };
};

/** The runs that are within every chosen part of an axis. */
const runsWithin = (axes: readonly Upright[], paths: readonly Path[], ranges: Readonly<Record<string, Range>>): readonly string[] =>
  paths.filter(({ shares }) => axes.every(({ field }, index) => within(shares[index] ?? Number.NaN, ranges[field]))).map(({ run }) => run.runId);

const within = (share: number, range: Range | undefined): boolean => range === undefined || (share >= range.from && share <= range.to);
