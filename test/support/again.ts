/** ms that the steps of an attempt may take, longer each time: a slow machine is not hurried. */
const patience: readonly number[] = [3_000, 6_000, 12_000, 24_000, 48_000];

/** For what may take its time, and should not be done twice. */
export const slow: readonly number[] = [20_000, 60_000];

/**
 * Does again what a person would do again: a window that is busy loses keys and clicks, and a view that is drawn anew takes
 * back what they opened. `undo` clears away what a failed attempt may have left; the last failure is thrown.
 */
export const again = async <T>(
  attempt: (timeout: number) => Promise<T>,
  undo: () => Promise<unknown> = async () => {},
  [timeout = 60_000, ...later]: readonly number[] = patience,
): Promise<T> => {
  if (later.length === 0) return await attempt(timeout);
  return await attempt(timeout).catch(async () => {
    await undo();
    return await again(attempt, undo, later);
  });
};
