import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * The program that holds a database for writing, as `python (process 4711)`. Linux tells, of programs of one's own; undefined otherwise.
 * In a write-ahead log's mode the lock is on the file of its index.
 */
export const lockHolderOf = (path: string): string | undefined => {
  const inodes = [path, `${path}-shm`].map(inodeOf);
  for (const [, pid = '', inode = ''] of readOr('/proc/locks', '').matchAll(/^\d+: POSIX +\S+ +WRITE +(\d+) [\da-f]+:[\da-f]+:(\d+) /gm))
    if (inodes.includes(inode) && Number(pid) > 0 && Number(pid) !== process.pid) return `${nameOf(pid)} (process ${pid})`;
  return undefined;
};

const inodeOf = (path: string): string | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino.toString();

/** Without its arguments, which may hold secrets. */
const nameOf = (pid: string): string => {
  const [program = ''] = readOr(`/proc/${pid}/cmdline`, '').split('\0', 1);
  return basename(program) || 'a program';
};

const readOr = (path: string, otherwise: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
};
