import type { Disposable } from './disposables.ts';

export interface Batcher<T> extends Disposable {
  add(item: T): void;
}

/**
 * Hands what was added to `work`, one batch at a time and at most one per `interval` ms. The first item
 * of a quiet time is worked on at once.
 */
export const createBatcher = <T>(interval: number, work: (batch: readonly T[]) => Promise<void>): Batcher<T> => {
  let waiting: T[] = [];
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;

  const flush = async (): Promise<void> => {
    if (busy || timer !== undefined || disposed || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    busy = true;
    timer = setTimeout(() => ((timer = undefined), void flush()), interval);
    try {
      await work(batch);
    } finally {
      busy = false;
      void flush();
    }
  };

  return {
    add: (item) => {
      waiting.push(item);
      void flush();
    },
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
};
