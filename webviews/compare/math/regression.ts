import { mean } from './statistics.ts';

export interface Fit {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of y that the line explains. */
  readonly r2: number;
}

/** The least-squares line; undefined when x does not vary or there are fewer than three points. */
export const fitLine = (x: readonly number[], y: readonly number[]): Fit | undefined => {
  if (x.length < 3) return undefined;
  const [centreX, centreY] = [mean(x), mean(y)];
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [at, value] of x.entries()) {
    const [dx, dy] = [value - centreX, (y[at] ?? 0) - centreY];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (!(xx > 0) || !Number.isFinite(xx * yy)) return undefined;
  return { slope: xy / xx, intercept: centreY - (xy / xx) * centreX, r2: yy > 0 ? (xy * xy) / (xx * yy) : 1 };
};
