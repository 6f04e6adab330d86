import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';

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

const choose = async (workbench: Workbench, row: string | RegExp): Promise<void> => {
  await workbench.quickRow(row).click();
};

const registerRun = async (workbench: Workbench, run: string): Promise<void> => {
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.treeRow('Experiments', run).waitFor();
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', run), 'Register Model…', workbench.quickTitle('Register Model in'));
};

const writeGates = async (folder: string, gate: string): Promise<void> => {
  await mkdir(join(folder, '.mlflow-workbench'), { recursive: true });
  await writeFile(join(folder, '.mlflow-workbench', 'gates.yaml'), `gates:\n  wine: ${gate}\n`);
};

const startPromotion = async (workbench: Workbench): Promise<void> => {
  await workbench.chooseFromContextMenu(workbench.treeRow(view, /^Version 2/), 'Promote…', workbench.quickRow('@champion'));
  await choose(workbench, '@champion');
};

test('from a run to an alias, through gates, and on to a stage: the tree follows the editor and Python', async () => {
  const folder = await newFolder();
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await registerRun(workbench, 'first');
  await workbench.answer('wine');
  await workbench.treeRow(view, /^Version 1/).waitFor();
  await registerRun(workbench, 'second');
  await choose(workbench, 'wine');
  await workbench.treeRow(view, /^Version 2.*rmse 0\.7/).waitFor();

  // What was registered is selected: after that the selection stays where it is put.
  await workbench
    .treeRow(view, /^Version 2/)
    .and(workbench.page.locator('.selected'))
    .waitFor();
  await workbench.attempt(async () => {
    await workbench.select(workbench.treeRow(view, /^Version 1/));
    await workbench.page.keyboard.press('F2');
  }, workbench.quickTitle('Alias of wine Version 1'));
  await workbench.answer('champion');
  await workbench.treeRow(view, /^Version 1.*@champion/).waitFor();
  await python(folder, 'client.set_registered_model_alias("wine", "champion", 2); client.set_registered_model_alias("wine", "x" * 250, 1)');
  await workbench.treeRow(view, /^Version 2.*@champion/).waitFor();
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`registry-${theme}`);
  }

  await python(folder, 'client.set_registered_model_alias("wine", "champion", 1); client.delete_registered_model_alias("wine", "x" * 250)');
  await workbench.treeRow(view, /^Version 1.*@champion/).waitFor();
  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.2 } }, signature: same }');
  await workbench.chooseFromContextMenu(workbench.treeRow(view, /^Version 2/), 'Promote…', workbench.editorTab('gates.yaml'));
  await workbench.notifications.filter({ hasText: 'gates.yaml:2: This must be “compatible” or “present”' }).waitFor();
  await (await workbench.showProblems()).filter({ hasText: 'This must be “compatible” or “present”' }).waitFor();

  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.2 } }, signature: compatible }');
  await startPromotion(workbench);
  await workbench.quickRow('Promote in spite of the gate…').waitFor();
  await workbench.quickRow('breaks callers').waitFor();
  await workbench.screenshot('registry-gate-fails');
  await workbench.page.keyboard.press('Escape');
  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.05 } } }');
  await startPromotion(workbench);
  await workbench.quickRow('better by 0.05 is asked for').waitFor();
  await workbench.screenshot('registry-gate-passes');
  await workbench.page.keyboard.press('Enter');
  await workbench.answer('better and simpler', 'Reason to Promote wine Version 2 to @champion');
  await workbench.treeRow(view, /^Version 2.*@champion/).waitFor();
  await python(
    folder,
    'v = client.get_model_version_by_alias("wine", "champion"); assert "gate passed: better and simpler" in v.tags["mlflow-workbench.promotion"], v.tags',
  );

  await python(folder, 'client.transition_model_version_stage("wine", 1, "Production")');
  await workbench.treeRow(view, /^Version 1.*Production/).waitFor();
  await workbench.chooseFromContextMenu(workbench.treeRow(view, /^Version 2/), 'Move to Stage…', workbench.quickRow('Production'));
  await choose(workbench, 'Production');
  await choose(workbench, 'Archive version 1');
  await workbench.treeRow(view, /^Version 1.*Archived/).waitFor();
  await workbench.treeRow(view, /^Version 2.*@champion · Production/).waitFor();
  await workbench.chooseFromContextMenu(workbench.treeRow(view, /^wine/), 'Open Model', workbench.webview.getByText('@champion · version 2'));
  await workbench.webview.getByText('version 1 moved from Production to Archived').waitFor();
  await workbench.screenshot('registry-model-page');
  await workbench.chooseFromContextMenu(
    workbench.treeRow(view, /^Version 2/),
    'Compare with Previous Version',
    workbench.webview.getByText('Callers of wine v1 break.'),
  );
  await workbench.screenshot('registry-compare');
  await workbench.chooseFromContextMenu(
    workbench.treeRow(view, /^wine/),
    'Show History',
    workbench.webview.getByText('version 1 moved from Production to Archived'),
  );
  await workbench.webview.getByText('version 2 moved from None to Production').waitFor();
  await workbench.screenshot('registry-history');
  await python(folder, 'assert [client.get_model_version("wine", v).current_stage for v in (1, 2)] == ["Archived", "Production"]');
});
