import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { createFileStore } from '../../extension/tracking/file-store.ts';
import { editorForFile } from '../support/editor-window.ts';
import { fileStoresOf } from '../support/file-store.ts';
import { newWineFolder } from '../support/wine-workspace.ts';

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
});
