import { mean } from './statistics.ts';

/** Ranks from 1; equal values share the mean of their ranks. */
export const ranks = (values: readonly number[]): readonly number[] => {
  const order = [...values.keys()].sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const result = values.map(() => 0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let at = start; at < end; at++) result[order[at] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
};

const pearson = (x: readonly number[], y: readonly number[]): number => {
  const [centreX, centreY] = [mean(x), mean(y)];
  const sum = (value: (at: number) => number): number => x.reduce((total, _, at) => total + value(at), 0);
  const dx = (at: number): number => (x[at] ?? 0) - centreX;
  const dy = (at: number): number => (y[at] ?? 0) - centreY;
  return sum((at) => dx(at) * dy(at)) / Math.sqrt(sum((at) => dx(at) ** 2) * sum((at) => dy(at) ** 2));
};

/** Spearman's rank correlation: how nearly one rises or falls with the other, along whatever curve. NaN when one does not vary. */
export const rankCorrelation = (x: readonly number[], y: readonly number[]): number => pearson(ranks(x), ranks(y));
