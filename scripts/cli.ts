/** `npm run -s cli -- <verb> …`: bundles the command line when it is missing or older than its sources, then runs it. */
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const root = join(import.meta.dirname, '..');
const bundle = join(root, 'dist', 'cli.cjs');
const sources = globSync(['{extension,language-server,schemas}/**/*.{ts,json}'], { cwd: root });

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (sources.some((source) => changedAt(join(root, source)) > changedAt(bundle))) {
  const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) {
    process.stderr.write(build.stderr);
    process.exit(1);
  }
}
// npm changes to the package's folder; relative paths are meant from where it was called.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
process.argv.splice(1, 1, bundle);
await import(bundle);
