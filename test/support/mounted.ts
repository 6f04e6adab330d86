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

/** Linux lets files of a process grow to a size only: what goes beyond it fails as on a device that fails. */
export const canLimit = ((): boolean => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Runs a script of ours that limits itself, with the folder, and hands back the JSON that it prints. */
export const runLimited = (script: string, folder: string): unknown =>
  JSON.parse(execFileSync(process.execPath, [script, folder, 'limited'], { encoding: 'utf8' }));
