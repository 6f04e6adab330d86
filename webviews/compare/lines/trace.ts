import { isDrawable } from '../../../schemas/format.ts';
import type { Projection } from '../plot/projection.ts';
import { indicesWithin } from './extent.ts';

/** Adds a line to the path, broken where a value cannot be drawn. */
export const tracePath = (path: CanvasPath, x: Float64Array, y: Float64Array, { xRange, toX, toY }: Pick<Projection, 'xRange' | 'toX' | 'toY'>): void => {
  const [first, end] = indicesWithin(x, xRange);
  let open = false;
  for (let at = first; at < end; at++) {
    const value = y[at] ?? Number.NaN;
    const pixel = isDrawable(value) ? toY(value) : Number.NaN;
    if (!Number.isFinite(pixel)) {
      open = false;
      continue;
    }
    const across = toX(x[at] ?? 0);
    if (open) path.lineTo(across, pixel);
    else path.moveTo(across, pixel);
    open = true;
  }
};
