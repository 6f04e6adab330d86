import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import { editorForFile } from '../support/editor-window.ts';
import { Keyboard } from '../support/keyboard.ts';
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

const registerRun = async (workbench: Workbench, keys: Keyboard, run: string): Promise<void> => {
  await keys.command('MLflow: Register Model…', workbench.quickRow(run));
  await keys.pick(run, workbench.quickTitle('Register Model in'));
};

const writeGates = async (folder: string, gate: string): Promise<void> => {
  await mkdir(join(folder, '.mlflow-workbench'), { recursive: true });
  await writeFile(join(folder, '.mlflow-workbench', 'gates.yaml'), `gates:\n  wine: ${gate}\n`);
};

const startPromotion = async (workbench: Workbench, keys: Keyboard, outcome: string): Promise<void> => {
  await keys.menu(view, /^Version 2/, 'Promote…', workbench.quickRow('@champion'));
  await keys.pick('@champion', workbench.quickRow(outcome));
};

const inEveryTheme = async (workbench: Workbench, name: string): Promise<void> => {
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`${name}-${theme}`);
  }
};

test('by keyboard: from a run to an alias, through gates, on to a stage, compared, in the history, and there after a restart', async () => {
  const folder = await newFolder();
  const workbench = await window.openWindow(folder);
  const keys = new Keyboard(workbench);
  const page = workbench.webview;
  await workbench.showContainer('MLflow');
  await registerRun(workbench, keys, 'first');
  await workbench.answer('wine');
  await workbench.treeRow(view, /^Version 1/).waitFor();
  await registerRun(workbench, keys, 'second');
  await keys.pick('wine', workbench.treeRow(view, /^Version 2.*rmse 0\.7/));
  // Below its model, which is below its store: also in a view that was closed until now.
  for (const row of [/^Version 1/, /^Version 2/]) expect(await workbench.treeRow(view, row).getAttribute('aria-level')).toBe('3');
  expect(await workbench.view(view).locator('.monaco-list-row[aria-level="1"]').count()).toBe(1);

  await workbench.attempt(async () => {
    await keys.focusRow(view, /^Version 1/);
    for (const key of ['Enter', 'F2']) await workbench.page.keyboard.press(key);
  }, workbench.quickTitle('Alias of wine Version 1'));
  await workbench.answer('champion');
  await workbench.treeRow(view, /^Version 1.*@champion/).waitFor();
  await python(folder, 'client.set_registered_model_alias("wine", "champion", 2); client.set_registered_model_alias("wine", "x" * 250, 1)');
  await workbench.treeRow(view, /^Version 2.*@champion/).waitFor();
  await inEveryTheme(workbench, 'registry');

  await python(folder, 'client.set_registered_model_alias("wine", "champion", 1); client.delete_registered_model_alias("wine", "x" * 250)');
  await workbench.treeRow(view, /^Version 1.*@champion/).waitFor();
  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.2 } }, signature: same }');
  await keys.menu(view, /^Version 2/, 'Promote…', workbench.editorTab('gates.yaml'));
  await workbench.notifications.filter({ hasText: 'gates.yaml:2: This must be “compatible” or “present”' }).waitFor();
  await (await workbench.showProblems()).filter({ hasText: 'This must be “compatible” or “present”' }).waitFor();

  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.2 } }, signature: compatible }');
  await startPromotion(workbench, keys, 'Promote in spite of the gate…');
  await workbench.quickRow('breaks callers').waitFor();
  await workbench.screenshot('registry-gate-fails');
  await workbench.page.keyboard.press('Escape');
  await writeGates(folder, '{ metrics: { rmse: { improvement: 0.05 } } }');
  await startPromotion(workbench, keys, 'better by 0.05 is asked for');
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
  await keys.menu(view, /^Version 2/, 'Move to Stage…', workbench.quickRow('Production'));
  await keys.pick('Production', workbench.quickRow('Archive version 1'));
  await keys.pick('Archive version 1', workbench.treeRow(view, /^Version 1.*Archived/));
  await workbench.treeRow(view, /^Version 2.*@champion · Production/).waitFor();
  await python(folder, 'assert [client.get_model_version("wine", v).current_stage for v in (1, 2)] == ["Archived", "Production"]');

  await keys.menu(view, /^wine/, 'Open Model', page.getByText('@champion · version 2'));
  await page.getByText('version 1 moved from Production to Archived').waitFor();
  await page.getByRole('gridcell', { name: 'alcohol: double, pH: double, sulphates: double → #1: double' }).waitFor();
  await workbench.attempt(
    async (timeout) => await page.getByRole('button', { name: 'Edit Description' }).press('Enter', { timeout }),
    workbench.editorTab('wine.md'),
  );
  await workbench.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
  await workbench.page.keyboard.type('Reds of the **cellar**.');
  await workbench.text.save();
  await keys.editor('wine', page.locator('strong', { hasText: 'cellar' }));
  await workbench.attempt(
    async (timeout) => {
      const filter = page.getByRole('textbox', { name: 'Filter' });
      await filter.fill('version_number > 1', { timeout });
      await filter.press('Enter', { timeout });
    },
    page.getByText('1 version', { exact: true }),
  );
  await workbench.screenshot('registry-model-page');
  await workbench.attempt(
    async (timeout) => await page.getByRole('button', { name: 'Compare Versions' }).press('Enter', { timeout }),
    workbench.quickTitle('Compare Versions of wine'),
  );
  await workbench.pressUntil(['Enter'], page.getByText('Callers of wine v1 break.'));
  await workbench.screenshot('registry-compare');
  await keys.menu(view, /^Version 2/, 'Open Model…', page.getByRole('heading', { name: 'Changed since version 1' }));
  await page.getByText('inputs sulphates added (double): breaks').waitFor();
  await page.getByText('@champion', { exact: true }).waitFor();
  await inEveryTheme(workbench, 'registry-version-page');
  await python(folder, 'client.set_registered_model_alias("wine", "eu", 2)');
  await page.getByText('@champion @eu').waitFor();

  await keys.menuOfTwo(view, /^Version 2/, 'Edit Description', workbench.quickTitle('Description of 2 versions'));
  await workbench.answer('Checked by the *panel*');
  await workbench.notifications.filter({ hasText: 'Set the description of 2 versions.' }).waitFor();
  await page.getByText('Checked by the panel').waitFor();
  await keys.acceptNotification(page.getByRole('main').filter({ hasNotText: 'Checked by the panel' }));
  await python(folder, 'assert not any(v.description for v in client.search_model_versions("name=\'wine\'"))');

  const runs = workbench.newestWebview.getByRole('list', { name: 'Compared runs' });
  await keys.menuOfTwo(view, /^Version 2/, 'Open the Runs in Compare', runs.filter({ hasText: 'first' }).filter({ hasText: 'second' }));
  await workbench.screenshot('registry-runs-in-compare');
  const tab = workbench.page.locator('.tab').filter({ hasText: 'Compare 2 runs' });
  await keys.command('View: Close Editor', workbench.page.locator('.part.editor', { hasNot: tab }));
  // While several rows are selected, the menu of any row is that of several.
  await workbench.attempt(
    async () => {
      await keys.focusRow(view, /^Version 2/);
      await workbench.page.keyboard.press('Enter');
    },
    workbench.treeRow(view, /^Version 1/).and(workbench.page.locator(':not(.selected)')),
  );
  await keys.menu(view, /^wine/, 'Show History', page.getByText('version 1 moved from Production to Archived'));
  const steps = [
    'model created',
    '@champion set to version 1',
    'tag mlflow-workbench.promotion of version 2 set to',
    '@champion moved from version 1 to version 2',
    'version 2 moved from None to Production',
    'description changed',
    'description of version 1 changed',
  ];
  for (const step of steps) await page.getByRole('row').filter({ hasText: step }).filter({ hasText: 'exact' }).first().waitFor();
  await page.getByRole('row').filter({ hasText: '@eu set to version 2' }).filter({ hasText: 'observed' }).waitFor();
  await workbench.screenshot('registry-history');

  await workbench.reload();
  await page.getByText('version 1 moved from Production to Archived').waitFor();
  await keys.editor('wine', page.getByText('1 version', { exact: true }));
  await page.locator('strong', { hasText: 'cellar' }).waitFor();
  await keys.editor('wine/2', page.getByRole('heading', { name: 'Changed since version 1' }));
  // VS Code unfolds nothing below a store by itself.
  await workbench.attempt(
    async () => {
      await keys.focusRow(view, /^wine/);
      await workbench.page.keyboard.press('ArrowRight');
    },
    workbench.treeRow(view, /^Version 2.*@champion.*Production/),
  );
});
