import { isDrawable } from '../../../schemas/format.ts';
import type { MetricDirection } from '../../../schemas/metric-direction.ts';
import type { Series } from '../../shared/histories.ts';

/** One point of a history. */
export interface MetricPoint {
  readonly value: number;
  readonly step: number;
}

/** What a row says of a metric's history. Down-sampling keeps the extremes, so they are those of the whole history. */
export interface MetricSummary {
  /** Number of points in the store. */
  readonly total: number;
  /** Undefined when no value is a finite number. */
  readonly min: MetricPoint | undefined;
  readonly max: MetricPoint | undefined;
  readonly series: Series;
}

export const summarize = (series: Series): MetricSummary => {
  let [min, max]: readonly (MetricPoint | undefined)[] = [];
  for (const [index, value] of series.values.entries()) {
    if (!isDrawable(value)) continue;
    const point = { value, step: series.steps[index] ?? 0 };
    if (min === undefined || value < min.value) min = point;
    if (max === undefined || value > max.value) max = point;
  }
  return { total: series.total, min, max, series };
};

export const bestOf = ({ min, max }: MetricSummary, direction: MetricDirection): MetricPoint | undefined => (direction === 'lower' ? min : max);
