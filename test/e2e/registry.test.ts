import { join } from 'node:path';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { newWineFolder } from '../support/wine-workspace.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();
const view = 'Model Registry';

const environment = (folder: string) => ({ ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' });

const python = (folder: string, code: string): Promise<unknown> =>
  runQuietly(pythonPath(), ['-c', `from mlflow import MlflowClient; client = MlflowClient(); ${code}`], { cwd: folder, env: environment(folder) });

const newFolder = async (): Promise<string> => {
  const folder = await newWineFolder(window.editor, 'registry');
  await runQuietly(pythonPath(), [join(repository, 'test', 'support', 'two_models.py')], { cwd: folder, env: environment(folder) });
  return folder;
};

const registerRun = async (workbench: Workbench, run: string): Promise<void> => {
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.treeRow('Experiments', run).waitFor();
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', run), 'Register Model…', workbench.quickInput);
};

test('from a run to an alias: the tree follows the editor and Python', async () => {
  const folder = await newFolder();
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await registerRun(workbench, 'first');
  await workbench.answer('wine');
  await workbench.treeRow(view, /^Version 1/).waitFor();
  await registerRun(workbench, 'second');
  await workbench.quickRow('wine').click();
  await workbench.treeRow(view, /^Version 2.*rmse 0\.7/).waitFor();

  await workbench.select(workbench.treeRow(view, /^Version 1/));
  await workbench.pressUntil(['F2'], workbench.quickInput);
  await workbench.answer('champion');
  await workbench.treeRow(view, /^Version 1.*@champion/).waitFor();
  await python(folder, 'client.set_registered_model_alias("wine", "champion", 2); client.set_registered_model_alias("wine", "x" * 250, 1)');
  await workbench.treeRow(view, /^Version 2.*@champion/).waitFor();
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`registry-${theme}`);
  }
  expect(await workbench.notifications.filter({ hasText: 'Cannot' }).count()).toBe(0);
});
