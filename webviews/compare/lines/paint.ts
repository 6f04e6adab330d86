import { isDrawable, isInfinite } from '../../../schemas/format.ts';
import type { Projection } from '../plot/projection.ts';
import { clipped, dot } from '../plot/shapes.ts';
import { indicesWithin } from './extent.ts';
import type { Band, Line } from './line.ts';
import { paintThicket, type ThicketStroke } from './thicket.ts';
import { tracePath } from './trace.ts';

/** Beyond this, points of a line are too close to be told apart. */
const pointsWithDots = 60;
const linesWithDots = 24;
/** Dashes cost time and say nothing in a thicket. */
const linesWithDashes = 120;
const thicket = 60;

/** Paints typed arrays: no object per point and few strokes, and beyond that pixels of our own, which is what makes a thousand lines possible. */
export const paintLines = (context: CanvasRenderingContext2D, { lines, members }: Drawing, projection: Projection): void => {
  const asPixels = lines.length > linesWithDashes && hasPixels(context);
  clipped(context, projection, () => {
    context.lineJoin = 'round';
    for (const line of lines) if (line.band !== undefined) paintBand(context, line, line.band, projection);
    paintMembers(context, members, projection);
    if (asPixels) paintThicket(context, lines, thicketStrokes, projection);
    else paintStrokes(context, lines, projection);
  });
  const marked = new Set<string>();
  for (const line of lines) {
    if (line.summary.hasGaps) paintMarks(context, line, { projection, marked });
    if (line.running && !asPixels) paintEnd(context, line, projection);
  }
};

/** A picture in vectors is made of strokes, however many. */
const hasPixels = (context: CanvasRenderingContext2D): boolean => context.canvas instanceof HTMLCanvasElement;

const thicketStrokes: readonly ThicketStroke[] = [
  { alpha: 0.25, valuesOf: ({ raw, y }) => (raw === y ? undefined : raw) },
  { alpha: 0.7, valuesOf: ({ y }) => y, ends: true },
];

const paintStrokes = (context: CanvasRenderingContext2D, lines: readonly Line[], projection: Projection): void => {
  context.lineWidth = lines.length > thicket ? 1 : 1.5;
  for (const layer of layersOf(lines)) for (const group of groupByStyle(layer, lines.length)) paintGroup(context, group, projection, lines.length);
};

interface Drawing {
  readonly lines: readonly Line[];
  /** Pale, under the lines. */
  readonly members: readonly Line[];
}

const paintBand = (context: CanvasRenderingContext2D, { x, style }: Line, { low, high }: Band, projection: Projection): void => {
  const [first, end] = indicesWithin(x, projection.xRange);
  context.fillStyle = style.color;
  context.globalAlpha = 0.18;
  context.beginPath();
  for (let at = first; at < end; at++) context.lineTo(projection.toX(x[at] ?? 0), edgeOf(high[at], projection));
  for (let at = end - 1; at >= first; at--) context.lineTo(projection.toX(x[at] ?? 0), edgeOf(low[at], projection));
  context.fill();
  context.globalAlpha = 1;
};

/** A band that reaches below zero on a logarithmic axis ends at its bottom. */
const edgeOf = (value: number | undefined, projection: Projection): number => {
  const pixel = projection.toY(value ?? Number.NaN);
  return Number.isFinite(pixel) ? pixel : projection.bottom;
};

const memberStrokes: readonly ThicketStroke[] = [{ alpha: 0.3, valuesOf: ({ y }) => y }];

const paintMembers = (context: CanvasRenderingContext2D, members: readonly Line[], projection: Projection): void => {
  if (members.length > linesWithDashes && hasPixels(context)) return paintThicket(context, members, memberStrokes, projection);
  context.lineWidth = 1;
  context.globalAlpha = 0.3;
  for (const [color, lines] of Map.groupBy(members, ({ style }) => style.color)) {
    context.strokeStyle = color;
    strokeAll(context, lines, projection, ({ y }) => y);
  }
  context.globalAlpha = 1;
};

const linesPerLayer = 48;

/** One stroke per colour over all lines would bury every colour under the last one. */
const layersOf = (lines: readonly Line[]): readonly (readonly Line[])[] =>
  Array.from({ length: Math.ceil(lines.length / linesPerLayer) }, (_, layer) => lines.slice(layer * linesPerLayer, (layer + 1) * linesPerLayer));

const groupByStyle = (lines: readonly Line[], lineCount: number): readonly (readonly Line[])[] => {
  const dashed = lineCount <= linesWithDashes;
  return [...Map.groupBy(lines, ({ style }) => (dashed ? `${style.color} ${style.dash.join()}` : style.color)).values()];
};

const paintGroup = (context: CanvasRenderingContext2D, group: readonly Line[], projection: Projection, lineCount: number): void => {
  const [first] = group;
  if (first === undefined) return;
  context.strokeStyle = first.style.color;
  context.fillStyle = first.style.color;
  const ghosts = group.filter(({ raw, y }) => raw !== y);
  if (ghosts.length > 0) {
    context.globalAlpha = 0.25;
    strokeAll(context, ghosts, projection, ({ raw }) => raw);
  }
  context.globalAlpha = lineCount > thicket ? 0.7 : 1;
  context.setLineDash(lineCount <= linesWithDashes ? [...first.style.dash] : []);
  strokeAll(context, group, projection, ({ y }) => y);
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (lineCount <= linesWithDots) for (const line of group) paintDots(context, line, projection);
};

const strokeAll = (context: CanvasRenderingContext2D, lines: readonly Line[], projection: Projection, valuesOf: (line: Line) => Float64Array): void => {
  context.beginPath();
  for (const line of lines) tracePath(context, line.x, valuesOf(line), projection);
  context.stroke();
};

const paintDots = (context: CanvasRenderingContext2D, line: Line, projection: Projection): void => {
  const [first, end] = indicesWithin(line.x, projection.xRange);
  const few = end - first <= pointsWithDots;
  for (let at = first; at < end; at++) {
    const drawn = isDrawable(line.y[at] ?? Number.NaN);
    if (drawn && (few || isAlone(line.y, at))) dot(context, projection.toX(line.x[at] ?? 0), projection.toY(line.y[at] ?? 0), 2);
  }
};

/** A point between two gaps belongs to no stroke. */
const isAlone = (y: Float64Array, at: number): boolean => !isDrawable(y[at - 1] ?? Number.NaN) && !isDrawable(y[at + 1] ?? Number.NaN);

const markSize = 4;

interface Marking {
  readonly projection: Projection;
  /** Places that have their mark: a thousand lines of NaN are crosses side by side, and not one upon the other. */
  readonly marked: Set<string>;
}

/** NaN is a cross at the bottom, infinities are triangles at the edge they went to. */
const paintMarks = (context: CanvasRenderingContext2D, line: Line, { projection, marked }: Marking): void => {
  context.strokeStyle = line.style.color;
  context.fillStyle = line.style.color;
  context.lineWidth = 1.5;
  const [first, end] = indicesWithin(line.x, projection.xRange);
  for (let at = first; at < end; at++) {
    const value = line.raw[at] ?? 0;
    if (isDrawable(value)) continue;
    const across = projection.toX(line.x[at] ?? 0);
    const place = `${Math.sign(value)} ${Math.round(across)}`;
    if (across < projection.left || across > projection.right || marked.has(place)) continue;
    marked.add(place);
    if (isInfinite(value)) triangle(context, across, value > 0 ? projection.top : projection.bottom, value > 0 ? 1 : -1);
    else cross(context, across, projection.bottom - markSize - 1);
  }
};

const triangle = (context: CanvasRenderingContext2D, x: number, edge: number, direction: number): void => {
  context.beginPath();
  context.moveTo(x, edge);
  context.lineTo(x - markSize, edge + direction * 2 * markSize);
  context.lineTo(x + markSize, edge + direction * 2 * markSize);
  context.closePath();
  context.fill();
};

const cross = (context: CanvasRenderingContext2D, x: number, y: number): void => {
  context.beginPath();
  context.moveTo(x - markSize, y - markSize);
  context.lineTo(x + markSize, y + markSize);
  context.moveTo(x - markSize, y + markSize);
  context.lineTo(x + markSize, y - markSize);
  context.stroke();
};

const paintEnd = (context: CanvasRenderingContext2D, line: Line, projection: Projection): void => {
  const last = line.y.findLastIndex(isDrawable);
  const x = projection.toX(line.x[last] ?? Number.NaN);
  const y = projection.toY(line.y[last] ?? Number.NaN);
  if (x >= projection.left && x <= projection.right && y >= projection.top && y <= projection.bottom) {
    context.fillStyle = line.style.color;
    dot(context, x, y, 4);
  }
};
