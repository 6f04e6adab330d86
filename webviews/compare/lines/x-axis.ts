import { isMetricAxis, type XAxis } from '../../../schemas/compare-charts.ts';
import { formatDateTime, formatDuration, formatInteger, formatNumber } from '../../../schemas/format.ts';
import type { Axis } from '../plot/axes.ts';
import type { Range } from '../plot/range.ts';

/** The key of the metric that lies along x; undefined when it is steps or time. */
export const metricOfAxis = (axis: XAxis): string | undefined => (isMetricAxis(axis) ? axis.slice('metrics.'.length) : undefined);

export const axisTitle = (axis: XAxis): string => {
  switch (axis) {
    case 'step':
      return 'Step';
    case 'relative':
      return 'Relative time';
    case 'wall':
      return 'Time';
    default:
      return metricOfAxis(axis) ?? axis;
  }
};

/** Points in time have no logarithm. */
export const canBeLog = (axis: XAxis): boolean => axis !== 'wall';

export const axisOf = (axis: XAxis, range: Range, logX: boolean): Axis => {
  const log = logX && canBeLog(axis);
  switch (axis) {
    case 'step':
      return { kind: 'step', range, log };
    case 'relative':
      return { kind: 'duration', range, log };
    case 'wall':
      return { kind: 'time', range };
    default:
      return { kind: 'number', range, log, title: axisTitle(axis) };
  }
};

/** A position as a person reads it. */
export const formatPosition = (x: number, axis: XAxis): string => {
  switch (axis) {
    case 'step':
      return formatInteger(x);
    case 'relative':
      return formatDuration(x);
    case 'wall':
      return formatDateTime(x);
    default:
      return formatNumber(x);
  }
};
