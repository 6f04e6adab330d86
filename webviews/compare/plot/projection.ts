import { isDrawable } from '../../../schemas/format.ts';
import type { Range } from './range.ts';

/** Between the units of two axes and the pixels of a chart's area. */
export interface Projection {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** What the axes show. */
  readonly xRange: Range;
  readonly yRange: Range;
  toX(value: number): number;
  toY(value: number): number;
  fromX(pixel: number): number;
  fromY(pixel: number): number;
  /** As `toX`, of part of a column at once: a thousand lines are too many calls. What cannot be drawn is NaN. */
  placeX: PlaceColumn;
  placeY: PlaceColumn;
  /** The same axes along the edges of another area. */
  onto(area: Area): Projection;
}

/** Writes the pixels of the values from `first` up to `end` to the begin of `into`. */
type PlaceColumn = (values: Float64Array, part: { readonly first: number; readonly end: number }, into: Float64Array) => void;

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const project = (area: Area, x: Scale, y: Scale): Projection => {
  const across = mapping(x, area.left, area.right);
  const up = mapping(y, area.bottom, area.top);
  return {
    ...area,
    xRange: { from: x.min, to: x.max },
    yRange: { from: y.min, to: y.max },
    toX: across.toPixel,
    toY: up.toPixel,
    fromX: across.fromPixel,
    fromY: up.fromPixel,
    placeX: across.place,
    placeY: up.place,
    onto: (other) => project(other, x, y),
  };
};

interface Mapping {
  toPixel(value: number): number;
  fromPixel(pixel: number): number;
  readonly place: PlaceColumn;
}

const mapping = ({ min, max, log }: Scale, start: number, end: number): Mapping => {
  if (log) return logMapping(Math.log10(min), Math.log10(max), { start, end });
  const perUnit = (end - start) / (max - min || 1);
  return {
    toPixel: (value) => start + (value - min) * perUnit,
    fromPixel: (pixel) => min + (pixel - start) / perUnit,
    place: (values, part, into) => {
      for (let at = part.first; at < part.end; at++) {
        const value = values[at] ?? Number.NaN;
        into[at - part.first] = isDrawable(value) ? start + (value - min) * perUnit : Number.NaN;
      }
    },
  };
};

const logMapping = (min: number, max: number, { start, end }: { readonly start: number; readonly end: number }): Mapping => {
  const perDecade = (end - start) / (max - min || 1);
  return {
    toPixel: (value) => start + (Math.log10(value) - min) * perDecade,
    fromPixel: (pixel) => 10 ** (min + (pixel - start) / perDecade),
    place: (values, part, into) => {
      for (let at = part.first; at < part.end; at++) {
        const value = values[at] ?? Number.NaN;
        into[at - part.first] = isDrawable(value) ? start + (Math.log10(value) - min) * perDecade : Number.NaN;
      }
    },
  };
};
