import { quantile } from './statistics.ts';

/** Tukey's box: whiskers reach to the last value within one and a half boxes of the box. */
export interface Box {
  readonly low: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly high: number;
  readonly outliers: readonly number[];
  readonly count: number;
}

const whiskerReach = 1.5;

export const boxOf = (values: readonly number[]): Box | undefined => {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const [lowerQuartile, median, upperQuartile] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const reach = (upperQuartile - lowerQuartile) * whiskerReach;
  const inside = sorted.filter((value) => value >= lowerQuartile - reach && value <= upperQuartile + reach);
  return {
    low: Math.min(inside[0] ?? lowerQuartile, lowerQuartile),
    lowerQuartile,
    median,
    upperQuartile,
    high: Math.max(inside.at(-1) ?? upperQuartile, upperQuartile),
    outliers: [...sorted.filter((value) => value < lowerQuartile - reach || value > upperQuartile + reach)],
    count: sorted.length,
  };
};
