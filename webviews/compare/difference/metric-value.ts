/** Which value of its history stands for a metric. */
export type MetricValue = 'last' | 'best' | 'min' | 'max';
export const metricValues: readonly MetricValue[] = ['last', 'best', 'min', 'max'];
