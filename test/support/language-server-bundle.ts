import { join } from 'node:path';

import { bundlePrograms } from './bundle-programs.ts';

/** The server, and the command line that starts it. */
export const bundleLanguageServer = async (): Promise<{ readonly server: string; readonly cli: string }> => {
  const folder = await bundlePrograms({ 'language-server': 'language-server/main.ts', cli: 'extension/cli/main.ts' });
  return { server: join(folder, 'language-server.cjs'), cli: join(folder, 'cli.cjs') };
};
