import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { isSystemError } from '../shared/errors.ts';
import { identify, isRunning, type ProcessIdentity } from '../shared/process-tree.ts';

/** Between two looks at a lock that somebody else holds, in ms: another process cannot tell us that it is done. */
const interval = 500;

/** Does the work while no other process does work on the same thing; a holder that has died holds nothing. */
export const withLock = async <T>(
  lockFile: string,
  work: () => Promise<T>,
  { onWait, signal }: { readonly onWait: () => void; readonly signal: AbortSignal },
): Promise<T> => {
  await mkdir(dirname(lockFile), { recursive: true });
  for (let isFirst = true; !(await acquire(lockFile)); isFirst = false) {
    if (isFirst) onWait();
    if (!(await breakIfDead(lockFile))) await delay(interval, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
};

/** By a link to a file that is whole: nobody ever reads a lock without its owner. */
const acquire = async (lockFile: string): Promise<boolean> => {
  const draft = `${lockFile}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(await identify(process.pid)));
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft);
  }
};

/**
 * Removes a lock whose owner has died; whether it is worth trying for the lock at once. Only who holds the breaker removes a
 * lock of somebody else, and looks again under it: between a look and the removal the lock may have become another one's.
 */
const breakIfDead = async (lockFile: string): Promise<boolean> => {
  const state = await stateOf(lockFile);
  if (state !== 'dead') return state === 'free';
  const breaker = `${lockFile}.breaker`;
  if (!(await acquire(breaker))) return await breakIfDead(breaker);
  try {
    if ((await stateOf(lockFile)) === 'dead') await rm(lockFile, { force: true });
    return true;
  } finally {
    await rm(breaker, { force: true });
  }
};

/** A lock that cannot be read is nobody's: dead. */
const stateOf = async (lockFile: string): Promise<'free' | 'held' | 'dead'> => {
  try {
    const owner = JSON.parse(await readFile(lockFile, 'utf8')) as ProcessIdentity;
    return (await isRunning(owner)) ? 'held' : 'dead';
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 'free';
    if (error instanceof SyntaxError) return 'dead';
    throw error;
  }
};
