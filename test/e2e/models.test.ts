import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { identify } from '../../extension/shared/process-tree.ts';
import { formatNumber } from '../../schemas/format.ts';
import { again } from '../support/again.ts';
import { newEnvironment } from '../support/debugpy.ts';
import { editorForFile } from '../support/editor-window.ts';
import { crashExtensionHost } from '../support/extension-host.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

let trained: string;

beforeAll(async () => {
  trained = await window.editor.newFolder('trained');
  execFileSync(pythonPath(), ['test/support/train_models.py', trained], { stdio: ['ignore', 'ignore', 'pipe'] });
}, 120_000);

const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
};

const pidsOf = (command: RegExp): readonly number[] => {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => command.test(line)).map((line) => Number(line.trim().split(' ')[0]));
};

/** Model servers of this folder: other tests on the machine have theirs. */
const serverPids = (folder: string): readonly number[] => pidsOf(/scoring_server\.app:app/).filter((pid) => environmentOf(pid).includes(folder));

const predictionPids = (folder: string): readonly number[] => pidsOf(new RegExp(`models predict .*${folder}`));

/** In the view, with an age, and the same processes as ever. */
const isFoundAgain = async (workbench: Workbench, folder: string, pids: readonly number[]): Promise<void> => {
  await workbench.showContainer('MLflow');
  const row = workbench.treeRow('Serving', 'regression');
  await expect.poll(async () => await row.getAttribute('aria-label'), { timeout: 60_000 }).toMatch(/model server, regression, .*·/);
  expect(serverPids(folder)).toEqual(pids);
};

test('a model is looked at, served with a click on its lens, asked through the page, found again after a reload, a crash and a closed editor, and stopped', async () => {
  const folder = await newWineWorkspace(window.editor, 'models');
  await cp(join(trained, 'regression'), join(folder, 'regression'), { recursive: true });
  const workbench = await window.openWindow(folder);
  await workbench.openFile('MLmodel');
  await workbench.clickLens(/^\s*Open$/, workbench.webviewFrame);
  await workbench.webview.getByRole('table', { name: 'Inputs' }).getByText('double').first().waitFor();
  await workbench.webview.getByText(/All packages are as required|packages are not as required/).waitFor();
  await workbench.screenshot('model-page-dark');
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: 'Open as text' }), workbench.editorTab('MLmodel'));
  await workbench.clickLens(/^\s*Serve$/, workbench.webview.getByText(/Starting…|Ready at/).first());
  const page = workbench.webview;
  await page.getByText('Starting…').waitFor();
  await page.getByText('Ready at').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('grid', { name: 'Predictions' }).waitFor();
  await expect.poll(async () => await page.getByRole('gridcell').allInnerTexts()).toHaveLength(3);
  await workbench.showContainer('MLflow');
  const row = workbench.treeRow('Serving', 'regression');
  await expect.poll(async () => await row.getAttribute('aria-label')).toMatch(/model server, regression, .*·/);
  await workbench.screenshot('serve-model-dark');
  const pids = serverPids(folder);
  expect(pids.length).toBeGreaterThan(0);

  await workbench.reload();
  await isFoundAgain(workbench, folder, pids);
  const shown = workbench.webview;
  await shown.getByText('Ready at').waitFor();
  await shown.getByRole('button', { name: 'Send' }).click();
  await shown.getByRole('grid', { name: 'Predictions' }).waitFor();

  await crashExtensionHost(window.editor.server.pid);
  await workbench.reload();
  await isFoundAgain(workbench, folder, pids);
  const isKept = shown.getByRole('checkbox', { name: 'Goes on when this window is closed' });
  await workbench.clickUntil(isKept, isKept.and(shown.locator(':checked')));
  await window.editor.restart();
  await workbench.goto(window.editor.server.windowUrl(folder));
  await isFoundAgain(workbench, folder, pids);

  await workbench.runCommand('MLflow: Stop Server');
  await workbench.view('Serving').waitFor({ state: 'hidden' });
  await expect.poll(async () => (await Promise.all(pids.map(identify))).every((identity) => identity === undefined), { timeout: 60_000 }).toBe(true);
  await shown.getByText('Stopped').waitFor();
});

/** In the picker of VS Code in a browser, which is a text field; one that takes its time to close is not hurried: Escape would give all up. */
const chooseFile = async (workbench: Workbench, path: string, chosen: Locator): Promise<void> => {
  const picker = workbench.quickTitle('Predict on a File');
  await picker.or(chosen).first().waitFor();
  await again(async (timeout) => {
    if (await picker.isVisible()) {
      await workbench.quickInput.fill(path, { timeout });
      await workbench.quickInput.press('Enter', { timeout });
    }
    await chosen.waitFor({ timeout });
  });
};

test('a model from elsewhere is asked about, what it needs is installed, and its predictions on a file open as a table beside it, or are given up', async () => {
  const folder = await newWineWorkspace(window.editor, 'predict');
  const model = join(await window.editor.newFolder('elsewhere'), 'regression');
  await cp(join(trained, 'regression'), model, { recursive: true });
  await appendFile(join(model, 'requirements.txt'), '\npyjokes==0.8.3\n');
  await writeFile(join(folder, 'rows.csv'), 'a,b\n1.0,1\n2.0,2\n3.5,4\n');
  await mkdir(join(folder, '.vscode'));
  const python = await newEnvironment(join(folder, '.venv'));
  await writeFile(join(folder, '.vscode/settings.json'), JSON.stringify({ 'mlflow.pythonPath': python }));
  const workbench = await window.openWindow(folder);
  const asked = workbench.dialog.filter({ hasText: `Load a model from ${model}?` });
  const predict = async (outcome: Locator): Promise<void> => {
    await workbench.runCommand('MLflow: Predict on a File…', workbench.quickRow('Enter an address…'));
    await workbench.quickRow('Enter an address…').click();
    await workbench.answer(model, 'Predict with which model?');
    await outcome.waitFor();
  };
  await predict(asked);
  await workbench.screenshot('model-from-elsewhere');
  await workbench.clickIn(asked, 'Cancel');
  expect(await workbench.notifications.filter({ hasText: 'pyjokes' }).count()).toBe(0);

  await predict(asked);
  await workbench.clickIn(asked, 'Load');
  const needs = workbench.notifications.filter({ hasText: 'needs pyjokes' });
  await needs.waitFor();
  await workbench.screenshot('model-needs-package');
  await workbench.clickIn(needs, 'Install and Go On');
  const grid = workbench.webview.getByRole('grid', { name: 'Predictions' });
  const predicting = workbench.notifications.filter({ hasText: 'Predicting on rows.csv' });
  const predicted = workbench.page.locator('.tabs-container .tab').filter({ hasText: 'rows.predictions.json' });
  await chooseFile(workbench, join(folder, 'rows.csv'), predicting.or(predicted).first());
  await grid.waitFor({ timeout: 120_000 });
  const expected = JSON.parse(readFileSync(join(trained, 'regression.expected.json'), 'utf8')) as readonly number[];
  const { predictions } = JSON.parse(readFileSync(join(folder, 'rows.predictions.json'), 'utf8')) as { readonly predictions: readonly number[] };
  expect(predictions).toEqual(expected.map((value) => expect.closeTo(value)));
  const rows = ['1.0,1', '2.0,2', '3.5,4'].map((row) => row.split(','));
  const cells = predictions.flatMap((value, row) => [formatNumber(value), ...(rows[row] ?? [])]);
  expect(await grid.getByRole('gridcell').allInnerTexts()).toEqual(cells);
  await workbench.screenshot('predictions');

  await workbench.reload();
  await expect.poll(async () => await grid.getByRole('gridcell').allInnerTexts(), { timeout: 60_000 }).toEqual(cells);

  // What was agreed to is not asked again.
  await predict(workbench.quickTitle('Predict on a File'));
  await chooseFile(workbench, join(folder, 'rows.csv'), predicting);
  await workbench.clickIn(predicting, 'Cancel');
  await expect.poll(() => predictionPids(folder), { timeout: 60_000 }).toEqual([]);
  expect(await readdir(folder)).not.toContain('rows.predictions-2.json');
  expect(await workbench.dialog.count()).toBe(0);
});
