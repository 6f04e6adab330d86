import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

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

/** By moving the lock away, so that of several who find it dead one only removes it. */
const breakIfDead = async (lockFile: string): Promise<boolean> => {
  const owner = await readOwner(lockFile);
  if (owner !== undefined && (await isRunning(owner))) return false;
  const grave = `${lockFile}.${randomUUID()}`;
  try {
    await rename(lockFile, grave);
    const isOwners = (await readOwner(grave))?.started === owner?.started;
    // Somebody else was quicker, and this is that one's new lock.
    if (!isOwners) await link(grave, lockFile);
    await rm(grave);
    return isOwners;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return true;
    throw error;
  }
};

const readOwner = async (lockFile: string): Promise<ProcessIdentity | undefined> => {
  try {
    return JSON.parse(await readFile(lockFile, 'utf8')) as ProcessIdentity;
  } catch (error) {
    // Gone already, or damaged.
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const isSystemError = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
