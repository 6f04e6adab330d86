import type { Projection } from './projection.ts';

export const dot = (context: CanvasRenderingContext2D, x: number, y: number, radius: number): void => {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
};

export const segment = (context: CanvasRenderingContext2D, from: readonly [number, number], to: readonly [number, number]): void => {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
};

/** Paints within the chart's area only; a line along its frame keeps its width. */
export const clipped = (context: CanvasRenderingContext2D, { left, right, top, bottom }: Projection, paint: () => void): void => {
  context.save();
  context.beginPath();
  context.rect(left, top - 1, right - left, bottom - top + 2);
  context.clip();
  paint();
  context.restore();
};
