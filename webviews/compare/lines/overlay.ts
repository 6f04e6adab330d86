import { isDrawable } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import type { Range } from '../plot/range.ts';
import type { LinePoint } from './nearest.ts';
import type { Projection } from '../plot/projection.ts';
import { clipped, dot, segment } from '../plot/shapes.ts';
import { tracePath } from './trace.ts';

/** What lies over the lines and changes with every move of the pointer. */
export interface Overlay {
  /** Where the cross-hair is, in units of the x axis. */
  readonly cross?: number;
  /** The line that stands out, and the point of it that is read. */
  readonly highlight?: LinePoint;
  /** Points of the lines at the cross-hair. */
  readonly points: readonly LinePoint[];
  /** The window being dragged, in pixels. */
  readonly drag?: Range;
}

const dotsShown = 40;

export const paintOverlay = (context: CanvasRenderingContext2D, overlay: Overlay, projection: Projection, theme: Theme): void =>
  clipped(context, projection, () => {
    if (overlay.highlight !== undefined) paintHighlight(context, overlay.highlight, projection, theme);
    if (overlay.cross !== undefined) paintCross(context, projection.toX(overlay.cross), projection, theme);
    for (const point of overlay.points.slice(0, dotsShown)) paintPoint(context, point, projection, 3);
    if (overlay.highlight !== undefined) paintPoint(context, overlay.highlight, projection, 4);
    if (overlay.drag !== undefined) paintDrag(context, overlay.drag, projection, theme);
  });

/** A veil over the lines and one line above it: cheaper than painting the others again, only paler. */
const paintHighlight = (context: CanvasRenderingContext2D, { line }: LinePoint, projection: Projection, theme: Theme): void => {
  context.globalAlpha = 0.65;
  context.fillStyle = theme.background;
  context.fillRect(projection.left, projection.top, projection.right - projection.left, projection.bottom - projection.top);
  context.globalAlpha = 1;
  context.strokeStyle = line.style.color;
  context.lineWidth = 2.5;
  context.lineJoin = 'round';
  context.setLineDash([...line.style.dash]);
  context.beginPath();
  tracePath(context, line.x, line.y, projection);
  context.stroke();
  context.setLineDash([]);
};

const paintCross = (context: CanvasRenderingContext2D, x: number, projection: Projection, theme: Theme): void => {
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  const sharp = Math.round(x) + 0.5;
  segment(context, [sharp, projection.top], [sharp, projection.bottom]);
};

const paintPoint = (context: CanvasRenderingContext2D, { line, index }: LinePoint, projection: Projection, radius: number): void => {
  const value = line.y[index] ?? Number.NaN;
  if (!isDrawable(value)) return;
  context.fillStyle = line.style.color;
  dot(context, projection.toX(line.x[index] ?? 0), projection.toY(value), radius);
};

const paintDrag = (context: CanvasRenderingContext2D, { from, to }: Range, projection: Projection, theme: Theme): void => {
  context.globalAlpha = 0.15;
  context.fillStyle = theme.focus;
  context.fillRect(from, projection.top, to - from, projection.bottom - projection.top);
  context.globalAlpha = 1;
  context.strokeStyle = theme.focus;
  context.lineWidth = 1;
  context.strokeRect(Math.round(from) + 0.5, projection.top, Math.round(to - from), projection.bottom - projection.top);
};
