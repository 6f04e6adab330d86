import { execFileSync } from 'node:child_process';

/** Linux gives a process file systems of its own, to root and on most machines to everybody. */
const unshare = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

export const canMount = ((): boolean => {
  try {
    execFileSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Mounts by a line of shell that knows the folder as $1, runs a script of ours there, and hands back the JSON that it prints. */
export const runMounted = (mount: string, folder: string, script: string): unknown => {
  const line = `set -e; ${mount}; exec "$2" "$3" "$1"`;
  return JSON.parse(execFileSync('unshare', [...unshare, 'sh', '-c', line, 'sh', folder, process.execPath, script], { encoding: 'utf8' }));
};
