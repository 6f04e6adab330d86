import { isDrawable } from '../../../schemas/format.ts';
import type { Projection } from '../plot/projection.ts';
import { indicesWithin } from './extent.ts';
import type { Line } from './line.ts';
import { Raster, type Pen } from './raster.ts';

/** Many lines of one kind, as one layer of the chart. */
export interface ThicketStroke {
  readonly alpha: number;
  valuesOf(line: Line): Float64Array | undefined;
  /** A running line ends in a dot. */
  readonly ends?: boolean;
}

/** CSS pixels. */
const endRadius = 2.5;
/** Of a pixel of the page: thinner than a stroke of a few lines, on a fine screen. */
const thinness = 0.75;

/** Paints lines as pixels of our own, one over the other in their order, and puts these on the canvas. */
export const paintThicket = (context: CanvasRenderingContext2D, lines: readonly Line[], strokes: readonly ThicketStroke[], projection: Projection): void => {
  const frame = frameOf(projection, context.getTransform().a);
  if (frame.width <= 0 || frame.height <= 0) return;
  const raster = new Raster(frame);
  for (const stroke of strokes) drawStroke(raster, lines, stroke, onPixels(projection, frame));
  const pixels = new OffscreenCanvas(frame.width, frame.height);
  // They are made by the processor, and stay with it: a canvas of the graphics processor would have to be waited for.
  pixels.getContext('2d', { willReadFrequently: true })?.putImageData(new ImageData(raster.toRgba(), frame.width), 0, 0);
  const { left, top, width, height, ratio } = frame;
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, left / ratio, top / ratio, width / ratio, height / ratio);
};

/** In pixels of the screen, around the chart's area and whatever lies along its frame. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen for one of CSS. */
  readonly ratio: number;
}

const frameOf = ({ left, right, top, bottom }: Projection, ratio: number): Frame => {
  const [x, y] = [Math.floor(left * ratio), Math.floor((top - 1) * ratio)];
  return { left: x, top: y, width: Math.ceil(right * ratio) - x, height: Math.ceil((bottom + 1) * ratio) - y, ratio };
};

interface Onto {
  /** In pixels of the frame. */
  readonly projection: Projection;
  readonly ratio: number;
}

const onPixels = (projection: Projection, { left, top, ratio }: Frame): Onto => ({
  projection: projection.onto({
    left: projection.left * ratio - left,
    right: projection.right * ratio - left,
    top: projection.top * ratio - top,
    bottom: projection.bottom * ratio - top,
  }),
  ratio,
});

const drawStroke = (raster: Raster, lines: readonly Line[], { alpha, valuesOf, ends = false }: ThicketStroke, { projection, ratio }: Onto): void => {
  const pens = new Map<string, Pen>();
  const width = Math.max(1, ratio * thinness);
  const longest = lines.reduce((most, { x }) => Math.max(most, x.length), 0);
  const [across, down] = [new Float64Array(longest), new Float64Array(longest)];
  for (const line of lines) {
    const values = valuesOf(line);
    if (values === undefined) continue;
    const { color } = line.style;
    const pen = pens.get(color) ?? raster.pen({ color, alpha, width });
    pens.set(color, pen);
    const [first, end] = indicesWithin(line.x, projection.xRange);
    projection.placeX(line.x, { first, end }, across);
    projection.placeY(values, { first, end }, down);
    pen.draw(across, down, end - first);
    if (ends && line.running) drawEnd(pen, line, { projection, ratio });
  }
};

const drawEnd = (pen: Pen, { x, y }: Line, { projection, ratio }: Onto): void => {
  const last = y.findLastIndex(isDrawable);
  if (last >= 0) pen.dot(projection.toX(x[last] ?? 0), projection.toY(y[last] ?? 0), endRadius * ratio);
};
