import { build } from 'esbuild';
import { join } from 'node:path';

import { languageServerBundles } from '../../scripts/build.ts';
import { repository } from '../../scripts/tools.ts';
import { bundlePrograms } from './bundle-programs.ts';

/** The server, and the command line that starts it. */
export const bundleLanguageServer = async (): Promise<{ readonly server: string; readonly cli: string }> => {
  const folder = await bundlePrograms({ cli: 'extension/cli/main.ts' });
  await build({ ...languageServerBundles, absWorkingDir: repository, outdir: folder });
  return { server: join(folder, 'language-server.cjs'), cli: join(folder, 'cli.cjs') };
};
