import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { createFileStore } from '../../extension/tracking/file-store.ts';
import { editorForFile } from '../support/editor-window.ts';
import { chooseFile, chooseFolder } from '../support/file-dialog.ts';
import { fileStoresOf } from '../support/file-store.ts';
import { storeRows } from '../support/folders-window.ts';
import { newWineFolder, newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

/** The example with an `mlruns/` that has a run going on, one that has ended, and a broken one. */
const newFolder = async (name: string) => {
  const folder = await newWineFolder(window.editor, name);
  const root = join(folder, 'mlruns');
  createFileStore(root);
  const { tracking } = fileStoresOf(root);
  const experimentId = await tracking.createExperiment({ name: 'wine-quality' });
  const runs = [];
  for (const runName of ['ended', 'broken', 'going-on']) {
    const { runId } = (await tracking.createRun({ experimentId, runName, startTime: Date.now(), tags: [] })).info;
    await tracking.logMetric(runId, { key: 'rmse', value: 0.5, timestamp: Date.now(), step: 0 });
    if (runName === 'ended') await tracking.updateRun({ runId, status: 'FINISHED', endTime: Date.now() });
    runs.push(join(root, experimentId, runId));
  }
  writeFileSync(join(runs[1] ?? '', 'meta.yaml'), 'artifact_uri: half wri');
  return { folder, goingOn: runs[2] ?? '' };
};

/** A folder and a file that are elsewhere: both are in the settings of the folder from then on. */
const addsByDialog = async (workbench: Workbench, folder: string): Promise<void> => {
  const [runs, file] = [join(await window.editor.newFolder('added-runs'), 'old runs'), join(await newWineWorkspace(window.editor, 'added-file'), 'mlflow.db')];
  createFileStore(runs);
  await fileStoresOf(runs).tracking.createExperiment({ name: 'from the folder' });
  const title = 'Open a Store';
  const open = async (kind: string): Promise<void> => {
    await workbench.runCommand('MLflow: Open a Store…', workbench.quickRow(kind));
    await workbench.clickUntil(workbench.quickRow(kind), workbench.quickTitle(title));
  };
  await open('Folder…');
  await chooseFolder(workbench, { title, path: runs, outcome: workbench.treeRow('Experiments', 'from the folder') });
  await open('SQLite File…');
  const kept = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, '.vscode', 'settings.json'), 'utf8').catch(() => '{}'));
  await chooseFile(workbench, { title, path: file, outcome: storeRows(workbench).nth(3) });
  await expect.poll(kept).toEqual({ 'mlflow.stores': [runs, file] });
  await expect.poll(async () => await storeRows(workbench).allInnerTexts()).toEqual(['mlflow.db', 'mlruns', 'added-runs/old runs', 'added-file/mlflow.db']);
  await workbench.screenshot('stores-added');
  // A drive that is away for a while.
  const reason = workbench.treeRow('Experiments', 'Does not exist');
  await rename(dirname(file), `${dirname(file)}-away`);
  await reason.waitFor();
  await workbench.screenshot('store-away');
  await rename(`${dirname(file)}-away`, dirname(file));
  await reason.waitFor({ state: 'detached' });
};

test('an mlruns folder fills the tree, live, and becomes an mlflow.db on demand', async () => {
  const { folder, goingOn } = await newFolder('folder-of-runs');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', /^Convert to SQLite…: mlflow 3\.13 and later/).waitFor();
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  for (const name of ['going-on', 'ended', 'cannot be read']) await workbench.treeRow('Experiments', name).waitFor();
  expect(await workbench.notifications.count()).toBe(0);
  appendFileSync(join(goingOn, 'metrics', 'rmse'), `${Date.now()} 0.25 1\n`);
  await workbench.treeRow('Experiments', 'rmse 0.25').waitFor();
  await workbench.screenshot('folder-of-runs');

  await workbench.clickUntil(workbench.treeRow('Experiments', /^Convert to SQLite…: mlflow 3\.13 and later/), workbench.quickInput);
  await expect.poll(() => workbench.quickInput.inputValue()).toBe(join(folder, 'mlflow.db'));
  await workbench.quickInput.press('Enter');
  await workbench.notifications.filter({ hasText: 'counted and checked' }).waitFor();
  await workbench.treeRow('Experiments', 'mlflow.db').waitFor();
  await workbench.screenshot('folder-of-runs-converted');
  expect(existsSync(join(folder, 'mlflow.db'))).toBe(true);
  await addsByDialog(workbench, folder);
});
