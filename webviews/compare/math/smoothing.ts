import type { Smoothing } from '../../../schemas/compare-charts.ts';

/**
 * Smoothing works along x and not along the index, so that uneven spacing, down-sampling and zooming do
 * not change a curve. Its unit of x is a hundredth of the line's whole range: on a line of a hundred
 * even steps, `ema` is the textbook exponential average.
 */
const unitsPerRange = 100;
/** Below this a part of the range is no number any more. */
const narrowest = 1e-300;

const isGap = (value: number): boolean => !Number.isFinite(value) || Math.abs(value) === Number.MAX_VALUE;

/** `x` ascends. Gaps (NaN, infinities) stay as they are and do not disturb their neighbours. */
export const smooth = (x: Float64Array, y: Float64Array, { kind, weight }: Smoothing): Float64Array => {
  const range = (x.at(-1) ?? 0) - (x[0] ?? 0);
  if (weight <= 0 || y.length < 2 || !(range > narrowest)) return y;
  const unit = range / unitsPerRange;
  switch (kind) {
    case 'ema':
      return exponential(x, y, Math.min(weight, 0.9999), unit);
    case 'average':
      return kernel(x, y, averageReach(weight) * unit, () => 1);
    case 'gaussian':
      return gaussian(x, y, (averageReach(weight) * unit) / 2);
    default:
      return kind satisfies never;
  }
};

/** Reach to each side, in units, at which a window smooths about as much as an exponential average of this weight. */
const averageReach = (weight: number): number => weight / (1 - Math.min(weight, 0.99));

/** Debiased: the first point is itself, and not pulled towards zero. */
const exponential = (x: Float64Array, y: Float64Array, weight: number, unit: number): Float64Array => {
  const smoothed = new Float64Array(y.length);
  let sum = 0;
  let weights = 0;
  let lastX = x[0] ?? 0;
  for (let at = 0; at < y.length; at++) {
    const value = y[at] ?? Number.NaN;
    if (isGap(value)) {
      smoothed[at] = value;
      continue;
    }
    const here = x[at] ?? 0;
    const decay = weight ** ((here - lastX) / unit);
    sum = sum * decay + value * (1 - weight);
    weights = weights * decay + (1 - weight);
    lastX = here;
    smoothed[at] = sum / weights;
  }
  return smoothed;
};

const gaussian = (x: Float64Array, y: Float64Array, sigma: number): Float64Array =>
  kernel(x, y, 3 * sigma, (distance) => Math.exp(-0.5 * (distance / sigma) ** 2));

/** Weighted mean of the points within `reach` of each point. */
const kernel = (x: Float64Array, y: Float64Array, reach: number, weightAt: (distance: number) => number): Float64Array => {
  const smoothed = new Float64Array(y.length);
  let first = 0;
  for (let at = 0; at < y.length; at++) {
    const centre = x[at] ?? 0;
    while (centre - (x[first] ?? 0) > reach) first++;
    smoothed[at] = isGap(y[at] ?? Number.NaN) ? (y[at] ?? Number.NaN) : meanFrom(first, centre);
  }
  return smoothed;

  function meanFrom(start: number, centre: number): number {
    let sum = 0;
    let weights = 0;
    for (let other = start; other < y.length && (x[other] ?? 0) - centre <= reach; other++) {
      const value = y[other] ?? Number.NaN;
      if (isGap(value)) continue;
      const weight = weightAt((x[other] ?? 0) - centre);
      sum += weight * value;
      weights += weight;
    }
    return sum / weights;
  }
};
