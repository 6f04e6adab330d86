import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import type { Series } from './histories.ts';
import { lowerBound } from './search.ts';

/** Beyond every step that is stored. */
const endOfSteps = Number.MAX_SAFE_INTEGER;

/** Where the new points of growing runs are, in all likelihood: from the earliest of their last steps on. */
export const tailOf = (grown: readonly Series[]): NonNullable<HistoriesRequest['window']> => ({
  axis: 'step',
  from: grown.reduce((from, { steps }) => Math.min(from, steps.at(-1) ?? from), endOfSteps),
  to: endOfSteps,
});

/** With this many more points than its detail asks for a line is read whole again. */
const slack = 3;

interface Tail {
  readonly series: Series;
  readonly from: number;
  readonly buckets: number;
}

/**
 * The series with its new points at the end; the same one when there are none. Undefined when it has to be read whole: the tail was
 * down-sampled, has less than is known, or the line has become much finer than asked for.
 */
export const append = (before: Series, { series: tail, from, buckets }: Tail): Series | undefined => {
  const kept = lowerBound(before.steps, from);
  const length = kept + tail.values.length;
  if (tail.total > tail.values.length || length > slack * (2 * buckets + 2)) return undefined;
  if (length < before.values.length) return undefined;
  if (length === before.values.length && tail.steps.at(-1) === before.steps.at(-1) && Object.is(tail.values.at(-1), before.values.at(-1))) return before;
  const join = (head: Float64Array, end: Float64Array): Float64Array => {
    const whole = new Float64Array(length);
    whole.set(head.subarray(0, kept));
    whole.set(end, kept);
    return whole;
  };
  return {
    ...before,
    total: before.total + tail.total - (before.values.length - kept),
    steps: join(before.steps, tail.steps),
    timestamps: join(before.timestamps, tail.timestamps),
    values: join(before.values, tail.values),
  };
};
