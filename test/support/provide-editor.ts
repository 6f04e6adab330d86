import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { vsixPath } from '../../scripts/package.ts';
import { outputOf } from '../../scripts/programs.ts';
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
  const output = outputOf(node, [entry, '--user-data-dir', userData, '--extensions-dir', extensions, '--install-extension', vsixPath()]);
  if (output === undefined) throw new Error(`'${vsixPath()}' could not be installed: run 'npm run package' first`);
};
