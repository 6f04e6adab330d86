import type { Range } from './line.ts';

/** Between the units of two axes and the pixels of a chart's area. */
export interface Projection {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** What the axes show. */
  readonly xRange: Range;
  toX(value: number): number;
  toY(value: number): number;
  fromX(pixel: number): number;
}

export interface Scale {
  readonly min: number;
  readonly max: number;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const project = (area: Area, x: Scale, y: Scale & { readonly log: boolean }): Projection => {
  const perX = (area.right - area.left) / (x.max - x.min || 1);
  const height = area.bottom - area.top;
  const linear = height / (y.max - y.min || 1);
  const logMin = Math.log10(y.min);
  const logarithmic = height / (Math.log10(y.max) - logMin || 1);
  return {
    ...area,
    xRange: { from: x.min, to: x.max },
    toX: (value) => area.left + (value - x.min) * perX,
    toY: y.log ? (value) => area.bottom - (Math.log10(value) - logMin) * logarithmic : (value) => area.bottom - (value - y.min) * linear,
    fromX: (pixel) => x.min + (pixel - area.left) / perX,
  };
};
