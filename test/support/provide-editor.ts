import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { vsixPath } from '../../scripts/package.ts';
import { runQuietly } from '../../scripts/programs.ts';
import { codeServer } from '../../scripts/tools.ts';
import { logThreeRuns } from './wine-workspace.ts';

/** Vitest's global set-up of the tests in an editor: what all their files use, made once and named to the workers. */
export const setup = async (): Promise<() => Promise<void>> => {
  const root = await mkdtemp(join(tmpdir(), 'mlflow-workbench-e2e-'));
  const [extensions, wine] = [join(root, 'extensions'), join(root, 'wine-quality')];
  await mkdir(wine);
  await Promise.all([installVsix(extensions, join(root, 'installer')), logThreeRuns(wine)]);
  process.env['MLFLOW_WORKBENCH_TEST_EXTENSIONS'] = extensions;
  process.env['MLFLOW_WORKBENCH_TEST_WINE_STORE'] = wine;
  return async () => await rm(root, { recursive: true, force: true });
};

const installVsix = async (extensions: string, userData: string): Promise<void> => {
  const { node, entry } = await codeServer();
  const args = [entry, '--user-data-dir', userData, '--extensions-dir', extensions, '--install-extension', vsixPath()];
  // Code-server may crash while it ends, when all is done: what is there counts.
  const failure = await runQuietly(node, args).catch((error: unknown) => error);
  const installed = await readdir(extensions).catch(() => []);
  if (installed.some((name) => name.startsWith('mlflow-workbench.'))) return;
  throw new Error(`'${vsixPath()}' could not be installed: run 'npm run package' first`, { cause: failure });
};
