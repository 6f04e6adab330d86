import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { RunChange } from '../../host/run-part.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Run } from '../run.ts';

interface WatchOptions {
  /** Whether somebody looks: a server is asked only then. */
  readonly isLooking: () => boolean;
  readonly onChange: (change: RunChange) => void;
  readonly log: Logger;
  /** ms between two looks while there are changes; it doubles without any. */
  readonly interval?: number;
}

const longestPause = 60_000;

/** Looks for changes of one run in a store that tells of none. */
export const watchRun = (read: (signal: AbortSignal) => Promise<Run>, options: WatchOptions): Disposable => {
  const disposal = new AbortController();
  void keepLooking(read, options, disposal.signal);
  return { dispose: () => disposal.abort() };
};

const keepLooking = async (read: (signal: AbortSignal) => Promise<Run>, options: WatchOptions, signal: AbortSignal): Promise<void> => {
  const { interval = 5_000, isLooking, onChange, log } = options;
  let before: Run | undefined;
  for (let pause = interval; !signal.aborted;) {
    await delay(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || !isLooking()) continue;
    const now = await read(signal).catch((error: unknown) => {
      log.debug(`Cannot look at a run: ${errorMessage(error)}`);
      return undefined;
    });
    const change = before === undefined || now === undefined ? undefined : changeOf(before, now);
    before = now ?? before;
    pause = change === undefined ? Math.min(2 * pause, longestPause) : interval;
    if (change !== undefined) onChange(change);
  }
};

/** What differs; undefined when nothing does. */
export const changeOf = (before: Run, now: Run): RunChange | undefined => {
  const known = new Map(before.latestMetrics.map((metric) => [metric.key, metric]));
  const keys = now.latestMetrics.filter((metric) => !isDeepStrictEqual(known.get(metric.key), metric)).map(({ key }) => key);
  if (keys.length > 0) return { kind: 'metrics', keys };
  return isDeepStrictEqual(before, now) ? undefined : { kind: 'run' };
};
