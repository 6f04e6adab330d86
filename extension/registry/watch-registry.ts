import { setTimeout as delay } from 'node:timers/promises';

import type { Disposable } from '../shared/disposables.ts';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { RegistryChanges } from './registry-changes.ts';
import type { RegistryStore } from './registry-store.ts';

/** ms between two looks while there are changes; it doubles without any, up to the longest. */
const shortestPause = 5_000;
const longestPause = 60_000;

export interface WatchOptions {
  /** Whether somebody looks: a server is asked only then. */
  readonly isLooking: () => boolean;
  readonly onChange: () => void;
  readonly log: Logger;
}

/** Looks for changes of a registry whose server tells of none. */
export const watchRegistry = (registry: RegistryStore, options: WatchOptions): Disposable => {
  const disposal = new AbortController();
  void keepLooking(new RegistryChanges(registry), options, disposal.signal);
  return { dispose: () => disposal.abort() };
};

const keepLooking = async (changes: RegistryChanges, { isLooking, onChange, log }: WatchOptions, signal: AbortSignal): Promise<void> => {
  for (let pause = shortestPause; !signal.aborted;) {
    const isNews = isLooking() && (await look(changes, log, signal));
    if (isNews) onChange();
    pause = isNews ? shortestPause : Math.min(2 * pause, longestPause);
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
};

const look = async (changes: RegistryChanges, log: Logger, signal: AbortSignal): Promise<boolean> => {
  try {
    return await changes.look(signal);
  } catch (error) {
    if (!signal.aborted) log.debug(`Cannot look at the registry: ${errorMessage(error)}`);
    return false;
  }
};
