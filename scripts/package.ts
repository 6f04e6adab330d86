/** Bundles for production and packs the VSIX of this platform (or of `--target <platform>`). */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { run } from './programs.ts';
import { repository } from './tools.ts';

/** The platform in VS Code's words, which better-sqlite3 shares except that it says `linuxmusl` for `alpine`. */
const currentTarget = `${existsSync('/etc/alpine-release') ? 'alpine' : process.platform}-${process.arch}`;

export const vsixPath = (target = currentTarget): string => join(repository, `mlflow-workbench-${target}.vsix`);

const packVsix = async (target: string): Promise<void> => {
  await run('node', ['scripts/build.ts', '--production'], { cwd: repository });
  const prebuilt = `!node_modules/better-sqlite3/prebuilds/${target.replace('alpine', 'linuxmusl')}.node`;
  const ignoreFile = join(repository, 'dist', '.vscodeignore');
  await writeFile(ignoreFile, `${await readFile(join(repository, '.vscodeignore'), 'utf8')}${prebuilt}\n`);
  const options = ['--target', target, '--ignoreFile', ignoreFile, '--out', vsixPath(target), '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run('vsce', ['package', ...options], { cwd: repository });
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { target: { type: 'string', default: currentTarget } } });
  await packVsix(values.target);
}
