import type { ReadonlySignal, Signal } from '@preact/signals';
import { nearestIndex } from '../../shared/search.ts';
import type { ComparePage } from '../page.ts';
import type { Plot } from '../plot/plot.ts';
import type { PixelBox, PointerActions, Position } from '../plot/pointer.ts';
import type { Range } from '../plot/range.ts';
import type { LineData } from './line-data.ts';
import { describePoint, type TooltipContent } from './line-tooltip.tsx';
import type { Line } from './line.ts';
import { nearestPoints, type LinePoint } from './nearest.ts';
import { readByKey } from './reading.ts';

export interface InteractionParts {
  readonly cardId: string;
  readonly metric: string;
  readonly data: ReadonlySignal<LineData>;
  readonly chart: ReadonlySignal<Plot | undefined>;
  readonly tooltip: Signal<TooltipContent | undefined>;
  readonly drag: Signal<Range | undefined>;
  zoomTo(window: Range | undefined): void;
}

/** Nearer than this, in pixels, the pointer means this line. */
const highlightReach = 24;

/** What a pointer and a keyboard do in a chart of lines. */
export const createInteraction = (page: ComparePage, parts: InteractionParts) => {
  const reader = createReader(page, parts);
  const zooming = createZooming(parts, reader.position);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = reader.byKey(event.key) ?? zooming.byKey[event.key] ?? (event.key === 'Escape' ? reader.leave : undefined);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const pointer: PointerActions = {
    hover: reader.hover,
    zoomBy: zooming.zoomBy,
    panBy: zooming.panBy,
    drag: (box) => {
      parts.drag.value = box?.x;
      parts.tooltip.value = undefined;
    },
    select: zooming.zoomToBox,
    reset: () => parts.zoomTo(undefined),
  };
  return { leave: reader.leave, onKeyDown, pointer };
};

/** Reading points, by hovering over them or with arrow keys. */
const createReader = (page: ComparePage, { cardId, metric, data, chart, tooltip }: InteractionParts) => {
  let reading: LinePoint | undefined;

  const leave = (): void => {
    reading = undefined;
    tooltip.value = undefined;
    page.cursor.value = undefined;
    page.highlighted.value = undefined;
  };
  const show = (points: readonly LinePoint[], at: Position, highlighted: LinePoint | undefined): void => {
    const [nearest] = points;
    if (nearest === undefined) return leave();
    const { axis } = data.peek();
    page.cursor.value = { axis, x: nearest.line.x[nearest.index] ?? 0, cardId };
    page.highlighted.value = highlighted?.line.id;
    tooltip.value = { points, axis, at };
  };
  const hover = (position: Position | undefined): void => {
    const projection = chart.peek()?.projection;
    if (position === undefined || projection === undefined) return leave();
    const points = nearestPoints(data.peek().lines, position, projection);
    const [nearest] = points;
    const isNear = nearest !== undefined && Math.abs(projection.toY(nearest.line.y[nearest.index] ?? 0) - position.y) <= highlightReach;
    show(points, position, isNear ? nearest : undefined);
  };
  const read = (point: LinePoint): void => {
    const projection = chart.peek()?.projection;
    if (projection === undefined) return;
    reading = point;
    const position = { x: projection.toX(point.line.x[point.index] ?? 0), y: projection.toY(point.line.y[point.index] ?? 0) };
    const others = nearestPoints(data.peek().lines, position, projection).filter(({ line }) => line.id !== point.line.id);
    show([point, ...others], position, point);
    page.announcer.say(describePoint(point, metric, data.peek().axis));
  };
  const byKey = (key: string): (() => void) | undefined => {
    const { lines, window } = data.peek();
    const point = readByKey(key, lines, current(reading, lines), window);
    return point && (() => read(point));
  };
  /** Where it is being read, in units of x. */
  const position = (): number | undefined => reading?.line.x[reading.index];
  return { leave, hover, byKey, position };
};

/** The point being read, on today's line of its run: a running run has a new line with every message. */
const current = (reading: LinePoint | undefined, lines: readonly Line[]): LinePoint | undefined => {
  const line = lines.find(({ id }) => id === reading?.line.id);
  return reading === undefined || line === undefined ? undefined : { line, index: nearestIndex(line.x, reading.line.x[reading.index] ?? 0) };
};

const keyZoom = 1.5;

const createZooming = ({ chart, zoomTo }: InteractionParts, readingAt: () => number | undefined) => {
  const zoomBy = (factor: number, around?: number): void => {
    const projection = chart.peek()?.projection;
    if (projection === undefined) return;
    const { left, right } = projection;
    const readAt = readingAt();
    const centre = around ?? (readAt === undefined ? (left + right) / 2 : projection.toX(readAt));
    zoomTo({ from: projection.fromX(centre - (centre - left) * factor), to: projection.fromX(centre + (right - centre) * factor) });
  };
  const panBy = (pixels: number): void => {
    const projection = chart.peek()?.projection;
    if (projection !== undefined) zoomTo({ from: projection.fromX(projection.left - pixels), to: projection.fromX(projection.right - pixels) });
  };
  const zoomToBox = ({ x }: PixelBox): void => {
    const projection = chart.peek()?.projection;
    if (projection !== undefined) zoomTo({ from: projection.fromX(x.from), to: projection.fromX(x.to) });
  };
  const byKey: Readonly<Record<string, () => void>> = {
    '+': () => zoomBy(1 / keyZoom),
    '=': () => zoomBy(1 / keyZoom),
    '-': () => zoomBy(keyZoom),
    '0': () => zoomTo(undefined),
  };
  return { zoomBy, panBy, zoomToBox, byKey };
};
