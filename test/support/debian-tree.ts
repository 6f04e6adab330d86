import { globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../../extension/shared/process.ts';

/** Runs a program to its end; rejects with what it printed when it fails. */
export const execute = async (
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> => {
  const { code, stdout, stderr } = await run({ file, args, ...options });
  if (code !== 0) throw new Error(`'${[file, ...args].join(' ')}' ended with exit code ${code}:\n${stdout}${stderr}`);
  return stdout;
};

/** Unpacks packages of this machine's distribution into a folder; nothing is installed, and no script of theirs runs. */
export const unpackPackages = async (names: readonly string[], folder: string): Promise<void> => {
  const downloads = join(folder, 'var/packages');
  mkdirSync(downloads, { recursive: true });
  const download = async (): Promise<string> => await execute('apt-get', ['download', ...names], { cwd: downloads });
  // A new machine has no lists of packages yet, and an old one stale ones.
  await download().catch(async () => await execute('apt-get', ['update']).then(download));
  for (const file of globSync('*.deb', { cwd: downloads })) await execute('dpkg', ['-x', join(downloads, file), folder]);
  await execute('rm', ['-r', downloads]);
};

/** What a package needs only while a system is installed, or for Perl. */
const needless = /^(?:dpkg|tar|gawk|mawk|original-awk|install-info|mailcap|mime-support|perl.*|libperl.*)$/;

/** These packages with all that they depend on. */
export const withDependencies = async (names: readonly string[]): Promise<readonly string[]> => {
  const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const listed = await execute('apt-cache', ['depends', '--recurse', ...only, ...names]);
  return [...new Set(listed.split('\n').filter((line) => /^[a-z\d]/.test(line) && !needless.test(line)))];
};

/** A root file system with a shell and Python, small enough to be made in seconds. */
export const makeRootFileSystem = async (folder: string): Promise<void> => {
  await unpackPackages(await withDependencies(['bash', 'dash', 'coreutils', 'python3-minimal', 'libpython3-stdlib']), folder);
};
