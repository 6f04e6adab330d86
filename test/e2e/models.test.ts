import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { identify } from '../../extension/shared/process-tree.ts';
import { formatNumber } from '../../schemas/format.ts';
import { newEnvironment } from '../support/debugpy.ts';
import { editorForFile } from '../support/editor-window.ts';
import { crashExtensionHost } from '../support/extension-host.ts';
import { chooseFile, chooseFolder } from '../support/file-dialog.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

/** Stands for docker: writes down what it was asked for, and that the Dockerfile was there. */
const engine = mkdtempSync(join(tmpdir(), 'engine-'));
writeFileSync(join(engine, 'docker'), `#!/bin/sh\nls "$4" | grep -x Dockerfile > ${engine}/found && echo "$1 $2 $3" > ${engine}/asked\n`, { mode: 0o755 });
afterAll(async () => await rm(engine, { recursive: true }));

/** What was started on a command line asks no login shell for another PATH. */
const window = editorForFile({ env: { ...process.env, PATH: `${engine}:${process.env['PATH']}`, VSCODE_CLI: '1' } });

let trained: string;

beforeAll(async () => {
  trained = await window.editor.newFolder('trained');
  execFileSync(pythonPath(), ['test/support/train_models.py', trained], { stdio: ['ignore', 'ignore', 'pipe'] });
  // Of its models the one that is opened by its name.
  await mkdir(join(trained, '.vscode'));
  await writeFile(join(trained, '.vscode/settings.json'), JSON.stringify({ 'search.exclude': { '**/{mlruns,scaled,unsigned}': true } }));
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

test('a model is looked at, served with a click on its lens, asked through the page, found again after a reload, a crash and a closed editor, and stopped; that of a run is asked with rows of the run, and shipped', async () => {
  const folder = trained;
  const workbench = await window.openWindow(folder);
  await workbench.openFile('MLmodel');
  await workbench.clickLens(/^\s*Open$/, workbench.webviewFrame);
  await workbench.webview.getByRole('table', { name: 'Inputs' }).getByText('double').first().waitFor();
  await workbench.webview.getByText(/All packages are as required|packages are not as required/).waitFor();
  await workbench.screenshot('model-page-dark');
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: 'Open as text' }), workbench.editorTab('MLmodel'));
  await workbench.clickLens(/^\s*Serve$/, workbench.webview.getByText(/Starting…|Ready at/).first());
  const page = workbench.webview;
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
  // The server itself has been told.
  await workbench.text.hoverOver(workbench.treeRow('Serving', 'regression'), 'Goes on when the window is closed');
  await window.editor.restart();
  await workbench.goto(window.editor.server.windowUrl(folder));
  await isFoundAgain(workbench, folder, pids);

  await workbench.runCommand('MLflow: Stop Server');
  await workbench.view('Serving').waitFor({ state: 'hidden' });
  await expect.poll(async () => (await Promise.all(pids.map(identify))).every((identity) => identity === undefined), { timeout: 60_000 }).toBe(true);
  await shown.getByText('Stopped').waitFor();

  await closeAll(workbench);
  await servesAModelOfARun(workbench);
  await shipsAVersion(workbench, folder);
});

const closeAll = async (workbench: Workbench): Promise<void> => {
  await workbench.runCommand('View: Close All Editors');
  await workbench.webviewFrame.waitFor({ state: 'detached' });
};

/** Asked with rows that the run has logged; its address is reached by those, too, who reach the editor only. */
const servesAModelOfARun = async (workbench: Workbench): Promise<void> => {
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'with-rows'), /^Serve Model…/);
  const page = workbench.webview;
  const ready = page.getByText('Ready at');
  await ready.waitFor({ timeout: 120_000 });
  const port = /:(\d+)\s*$/.exec(await ready.innerText())?.[1] ?? '';
  const outside = `http://127.0.0.1:${window.editor.server.port}/proxy/${port}`;
  await page.getByText(`from outside ${outside}`).waitFor();
  expect((await fetch(`${outside}/ping`)).status).toBe(200);

  await workbench.clickUntil(page.getByRole('button', { name: 'Rows from a file…' }), workbench.quickRow('holdout.csv'));
  await workbench.screenshot('serve-rows-of-run');
  await workbench.quickRow('holdout.csv').click();
  const values = async (): Promise<readonly string[]> =>
    await page.locator('input').evaluateAll((inputs: HTMLInputElement[]) => inputs.map(({ value }) => value));
  await expect.poll(values).toEqual(expect.arrayContaining(['5.5', '5', '6.5', '6']));
  await page.getByRole('button', { name: 'Send' }).click();
  const cells = page.getByRole('grid', { name: 'Predictions' }).getByRole('gridcell');
  await expect.poll(async () => await cells.allInnerTexts()).toEqual(['8.5', '10']);
  await workbench.screenshot('serve-rows-sent');

  const pids = serverPids(trained);
  await workbench.clickUntil(page.getByRole('button', { name: 'Restart' }), page.getByText('Starting…'));
  await ready.filter({ hasText: `:${port}` }).waitFor({ timeout: 120_000 });
  expect(serverPids(trained).filter((pid) => pids.includes(pid))).toEqual([]);
  await workbench.runCommand('MLflow: Stop Server');
  await page.getByText('Stopped').waitFor();
};

/** A snippet of a registered version, its image, its Dockerfile and its files. */
const shipsAVersion = async (workbench: Workbench, folder: string): Promise<void> => {
  const version = workbench.quickRow('wine version 1');
  const ship = async (command: string, outcome: Locator): Promise<void> => {
    await workbench.runCommand(`MLflow: ${command}`, version);
    await workbench.quickRow('of with-rows').waitFor();
    await version.click();
    await outcome.waitFor();
  };
  await ship('Copy Snippet of a Model…', workbench.quickRow('Serve, from a terminal'));
  await workbench.screenshot('model-snippets');
  await workbench.quickRow('Load and predict').click();
  await expect.poll(async () => await workbench.clipboard()).toContain("model = mlflow.pyfunc.load_model('models:/wine/1')");

  await ship('Build Container Image of a Model…', workbench.quickTitle('Build Container Image'));
  await workbench.answer('wine:first');
  const built = workbench.notifications.filter({ hasText: 'Built the image wine:first.' });
  await built.waitFor({ timeout: 120_000 });
  await workbench.screenshot('model-image-built');
  await workbench.clickIn(built, 'Copy Command That Runs It');
  await expect.poll(async () => await workbench.clipboard()).toMatch(/^docker run .* wine:first$/);
  expect([readFileSync(join(engine, 'found'), 'utf8'), readFileSync(join(engine, 'asked'), 'utf8')]).toEqual(['Dockerfile\n', 'build --tag wine:first\n']);

  await ship('Generate Dockerfile of a Model…', workbench.quickTitle('Write the Dockerfile Into'));
  await chooseFolder(workbench, { title: 'Write the Dockerfile Into', path: folder, outcome: workbench.editorTab('Dockerfile') });
  expect(await readdir(join(folder, 'mlflow-dockerfile'))).toEqual(expect.arrayContaining(['Dockerfile', 'model_dir']));

  await ship('Export Model Folder…', workbench.quickTitle('Export Into'));
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'wine-1' });
  await chooseFolder(workbench, { title: 'Export Into', path: folder, outcome: row });
  expect(await readdir(join(folder, 'wine-1'))).toEqual(expect.arrayContaining(['MLmodel', 'requirements.txt']));
  await workbench.screenshot('model-exported');
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
  const chooseRows = async (outcome: Locator): Promise<void> =>
    await chooseFile(workbench, { title: 'Predict on a File', path: join(folder, 'rows.csv'), outcome });
  await chooseRows(predicting.or(predicted).first());
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
  await chooseRows(predicting);
  await workbench.clickIn(predicting, 'Cancel');
  await expect.poll(() => predictionPids(folder), { timeout: 60_000 }).toEqual([]);
  expect(await readdir(folder)).not.toContain('rows.predictions-2.json');
  expect(await workbench.dialog.count()).toBe(0);
});
