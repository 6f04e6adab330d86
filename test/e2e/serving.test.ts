import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';

import { run, userEnvironment } from '../../extension/shared/process.ts';
import { again } from '../support/again.ts';
import { editorForFile } from '../support/editor-window.ts';
import { ageStore, restoreOldStore, revisionOf } from '../support/old-store.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

/** Takes the port that is proposed. */
const acceptPort = async (workbench: Workbench): Promise<void> => {
  await expect.poll(() => workbench.quickInput.inputValue()).toMatch(/^\d+$/);
  await workbench.quickInput.press('Enter');
};

/** The variables that the notification copies. */
const copyEnvironment = async (workbench: Workbench): Promise<Record<string, string>> => {
  const told = workbench.notifications.filter({ hasText: 'is served at' });
  await workbench.clickIn(told, 'Copy Environment Variables');
  await expect.poll(() => workbench.clipboard()).toMatch(/MLFLOW_TRACKING_TOKEN=/);
  return Object.fromEntries([...(await workbench.clipboard()).matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
};

const isServed = async (url: string): Promise<boolean> => (await fetch(`${url}/health`).catch(() => undefined)) !== undefined;

test('a store is served by the mouse, Python logs to it over HTTP, and it ends with Stop', async () => {
  const folder = await newWineWorkspace(window.editor, 'served');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await workbench.chooseFromContextMenu(
    workbench.treeRow('Experiments', 'mlflow.db'),
    'Start Tracking Server…',
    workbench.quickTitle('Start Tracking Server for'),
  );
  await acceptPort(workbench);
  const row = workbench.treeRow('Serving', 'mlflow.db');
  await row.waitFor();
  const variables = await copyEnvironment(workbench);
  const url = variables['MLFLOW_TRACKING_URI'] ?? '';
  await expect.poll(() => row.getAttribute('aria-label')).toContain(`tracking server, mlflow.db, ${url.replace('http://', '')}`);
  await again(async (timeout) => {
    await row.hover({ timeout });
    await row.getByRole('button', { name: 'Copy Address' }).click({ timeout });
    await expect.poll(() => workbench.clipboard(), { timeout }).toBe(url);
  });
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await row.hover();
    await workbench.screenshot(`serving-${theme}`);
  }

  const script =
    "import mlflow; mlflow.set_experiment('over-http'); r = mlflow.start_run(run_name='remote'); mlflow.log_metric('m', 1); mlflow.log_text('x', 'a.txt')";
  const { code, stderr } = await run({ file: pythonPath(), args: ['-c', script], cwd: folder, env: { ...userEnvironment(), ...variables } });
  expect(code, stderr).toBe(0);
  await workbench.expand(workbench.treeRow('Experiments', 'over-http'));
  await workbench.treeRow('Experiments', 'remote').waitFor();

  expect((await fetch(`${url}/health`)).status).toBe(401);
  await workbench.runCommand('MLflow: Show Log of Tracking Servers');
  await workbench.page.locator('.output-view-content, .pane-body').filter({ hasText: '/mlflow/runs/update 200' }).first().waitFor();
  await again(async (timeout) => {
    if (await row.isVisible()) await row.hover({ timeout });
    if (await row.isVisible()) await row.getByRole('button', { name: 'Stop Server' }).click({ timeout });
    await workbench.view('Serving').waitFor({ state: 'hidden', timeout });
  });
  await expect.poll(() => isServed(url)).toBe(false);
});

test('a store is served by the keyboard, and its server ends with its window', async () => {
  const folder = await newWineWorkspace(window.editor, 'closed');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await workbench.runCommand('MLflow: Start Tracking Server…', workbench.quickInput);
  await workbench.screenshot('serving-port');
  await acceptPort(workbench);
  const { MLFLOW_TRACKING_URI: url = '' } = await copyEnvironment(workbench);
  expect(await isServed(url)).toBe(true);
  await workbench.reload();
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await expect.poll(() => isServed(url)).toBe(false);
});

test('a store that is too old says so, and what to do', async () => {
  const folder = await newWineWorkspace(window.editor, 'too-old');
  ageStore(join(folder, 'mlflow.db'));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', /Can only be read: it lacks experiments\.last_update_time.*Back Up and Upgrade/).waitFor();
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await workbench.screenshot('store-too-old');
});

test('a store of an older release is backed up and upgraded by the mlflow of the workspace', async () => {
  const folder = await window.editor.newFolder('older');
  const path = join(folder, 'mlflow.db');
  restoreOldStore(path);
  const before = revisionOf(path);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'Default').waitFor();
  const question = workbench.dialog.filter({ hasText: 'A copy is made first' });
  await workbench.runCommand('MLflow: Back Up and Upgrade Store…', question);
  await workbench.screenshot('store-upgrade');
  await workbench.clickIn(question, 'Back Up and Upgrade');
  await workbench.notifications.filter({ hasText: 'is upgraded. What it was is kept as mlflow.' }).waitFor({ timeout: 120_000 });
  expect(revisionOf(path)).not.toBe(before);
  const [backup = ''] = (await readdir(folder)).filter((name) => name.endsWith('.backup.db'));
  expect(revisionOf(join(folder, backup))).toBe(before);
  await workbench.treeRow('Experiments', 'Default').waitFor();
});

test('artifacts outside the folder of the store are read only after a question that names them', async () => {
  const folder = await newWineWorkspace(window.editor, 'outside');
  const elsewhere = await window.editor.newFolder('elsewhere');
  await mkdir(join(elsewhere, 'x'));
  await writeFile(join(elsewhere, 'x', 'y.txt'), 'y');
  new Database(join(folder, 'mlflow.db')).exec(`UPDATE experiments SET artifact_location = '${elsewhere}' WHERE experiment_id = 0`).close();
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  const question = workbench.dialog.filter({ hasText: `Read artifacts in ${elsewhere}?` });
  await workbench.runCommand('MLflow: Allow Artifact Folders…', question);
  await workbench.screenshot('artifacts-outside');
  await workbench.clickIn(question, 'Allow');
  await workbench.notifications.filter({ hasText: `Artifacts in ${elsewhere} are read from now on` }).waitFor();
  const indexes = workbench.dialog.filter({ hasText: 'To undo it run this command again' });
  await workbench.runCommand('MLflow: Make This Store Faster…', indexes);
  await workbench.screenshot('store-faster');
  await workbench.clickIn(indexes, 'Add Indexes');
  await workbench.notifications.filter({ hasText: 'has the indexes now' }).waitFor();
});
