import type { BandKind } from '../../../schemas/compare-charts.ts';

/** Plain statistics on finite numbers; each is NaN when there are too few of them. */

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample: divided by n − 1. */
export const standardDeviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};

/** Between the two nearest values, as numpy's default. `sorted` ascends. */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

/** Student's t that 2.5 % lie above, by degrees of freedom from 1; beyond the table its expansion around the normal distribution is exact to 4 digits. */
const t975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086,
];
const normal975 = 1.959964;

export const studentT975 = (degreesOfFreedom: number): number => {
  const z = normal975;
  const expansion = z + (z ** 3 + z) / (4 * degreesOfFreedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degreesOfFreedom ** 2);
  return t975[degreesOfFreedom - 1] ?? expansion;
};

export interface Spread {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
}

/** The mean and what lies around it; a single value has no spread. */
export const spreadOf = (values: readonly number[], kind: BandKind): Spread => {
  const centre = mean(values);
  if (values.length < 2) return { centre, low: centre, high: centre };
  if (kind === 'range') return { centre, low: Math.min(...values), high: Math.max(...values) };
  if (kind === 'quartiles') return { centre, ...quartilesOf(values) };
  const reach = standardDeviation(values) * deviationsOf(kind, values.length);
  return { centre, low: centre - reach, high: centre + reach };
};

const quartilesOf = (values: readonly number[]): { readonly low: number; readonly high: number } => {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
};

const deviationsOf = (kind: 'std' | 'stderr' | 'ci95', count: number): number => {
  if (kind === 'std') return 1;
  return (kind === 'ci95' ? studentT975(count - 1) : 1) / Math.sqrt(count);
};
