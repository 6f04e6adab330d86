import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** The server, and the command line that starts it, as they are shipped; removed after the tests of the file. */
export const bundleLanguageServer = async (): Promise<{ readonly server: string; readonly cli: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'language-server-'));
  afterAll(async () => rm(folder, { recursive: true }));
  await build({
    entryPoints: { 'language-server': 'language-server/main.ts', cli: 'extension/cli/main.ts' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['better-sqlite3'],
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
    outExtension: { '.js': '.cjs' },
    outdir: folder,
  });
  return { server: join(folder, 'language-server.cjs'), cli: join(folder, 'cli.cjs') };
};
