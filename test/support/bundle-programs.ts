import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');

/**
 * Programs as they are shipped, which start many times faster than from their sources: `<name>.cjs` for each entry point, in a
 * folder that is removed after the tests of the file.
 */
export const bundlePrograms = async (entryPoints: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'));
  afterAll(async () => rm(folder, { recursive: true }));
  await build({
    entryPoints: { ...entryPoints },
    absWorkingDir: repository,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['better-sqlite3'],
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    outExtension: { '.js': '.cjs' },
    outdir: folder,
  });
  return folder;
};
