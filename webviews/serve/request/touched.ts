import { signal, type ReadonlySignal } from '@preact/signals';
import { placeKey, type Place, type RequestProblem } from './form.ts';

/** A problem is told once somebody has tried to send, or has left the field. */
export interface Touched {
  problemAt(place: Place): string | undefined;
  touch(place: Place): void;
  touchAll(): void;
  reset(): void;
}

export const createTouched = (problems: ReadonlySignal<readonly RequestProblem[]>): Touched => {
  const touched = signal<ReadonlySet<string> | 'all'>(new Set<string>());
  return {
    problemAt: (place) => {
      const key = placeKey(place);
      if (touched.value !== 'all' && !touched.value.has(key)) return undefined;
      return problems.value.find((problem) => placeKey(problem.place) === key)?.message;
    },
    touch: (place) => {
      if (touched.value !== 'all') touched.value = new Set([...touched.value, placeKey(place)]);
    },
    touchAll: () => (touched.value = 'all'),
    reset: () => (touched.value = new Set<string>()),
  };
};
