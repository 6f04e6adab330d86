import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { again } from '../support/again.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

const rowOf = (page: FrameLocator, name: string): Locator => page.locator('.runs-row', { has: page.locator('.name-cell').getByText(name, { exact: true }) });
const names = async (page: FrameLocator): Promise<readonly string[]> => await page.locator('.runs-row .name-cell .cell-text').allInnerTexts();
const range = (page: FrameLocator): Locator => page.locator('[data-testid=range]');

const openTable = async (workbench: Workbench): Promise<FrameLocator> => {
  await workbench.showContainer('MLflow');
  const experiment = workbench.treeRow('Experiments', 'wine-quality');
  await workbench.clickAction(experiment, 'Open Runs in Table', workbench.webviewFrame);
  const page = workbench.webview;
  await page.locator('.header-cell', { hasText: 'train/loss' }).waitFor();
  return page;
};

/** Sorted by the loss, best first, and only those below a half. */
const narrow = async (page: FrameLocator): Promise<void> => {
  await page.locator('.header-cell', { hasText: 'train/loss' }).click();
  await page.locator('.header-cell', { hasText: 'train/loss' }).click();
  await expect.poll(async () => await names(page)).toEqual(['quick', 'steady', 'slow']);
  await page.getByRole('combobox').fill('metrics.`train/loss` < 0.5');
  await page.getByRole('combobox').press('Enter');
  await expect.poll(async () => await names(page)).toEqual(['quick', 'steady']);
};

const logRun = async (folder: string, name: string): Promise<void> => {
  const code = `import mlflow\nmlflow.set_experiment("wine-quality")\nwith mlflow.start_run(run_name="${name}"):\n    mlflow.log_metric("train/loss", 0.2)\n`;
  await runPython(folder, code);
};

const runPython = async (folder: string, code: string): Promise<void> => {
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' };
  await runQuietly(pythonPath(), ['-c', code], { cwd: folder, env });
};

const password = 'kept-as-a-secret-only';

/** As much of a server as a tree asks for, for those who know the password. */
const serveWithPassword = async (): Promise<{ readonly url: string; close(): void }> => {
  const wanted = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
  const experiment = { experiment_id: '7', name: 'behind-a-password', artifact_location: '', lifecycle_stage: 'active', tags: [] };
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === wanted;
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(isKnown ? JSON.stringify(request.url?.includes('/experiments/search') === true ? { experiments: [experiment] } : {}) : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

test('an experiment is opened in a table, sorted and filtered, which a view keeps and a reload; runs are deleted and taken back, and new ones announce themselves', async () => {
  const folder = await newWineWorkspace(window.editor, 'in-a-table');
  const workbench = await window.openWindow(folder);
  const page = await openTable(workbench);
  await narrow(page);
  await expect.poll(async () => await range(page).innerText()).toBe('1–2 of 2 · 1 filter');
  await keepsView(workbench, folder);
  await takesOut(workbench, folder);
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`runs-table-${theme}`);
  }
  await rowOf(page, 'steady').click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const deleted = workbench.notifications.filter({ hasText: 'Deleted the run “steady”.' });
  await deleted.waitFor();
  await expect.poll(async () => await names(page)).toEqual(['quick']);
  await workbench.clickIn(deleted, 'Undo');
  await expect.poll(async () => await names(page)).toEqual(['quick', 'steady']);
  await logRun(folder, 'late');
  await page.getByRole('button', { name: 'Show 1 new run' }).click();
  await expect.poll(async () => await names(page)).toEqual(['quick', 'late', 'steady']);
  expect(workbench.policyViolations).toEqual([]);
  await workbench.clickUntil(workbench.statusBar.getByText('mlflow.db'), workbench.quickRow('Which Python'));
  await workbench.quickRow('Which Python').click();
  const told = workbench.dialog.filter({ hasText: `Store: sqlite:///${folder}/mlflow.db` });
  await told.waitFor();
  expect(await told.innerText()).toMatch(/Python: \S+python\S* .*has Python \d+\.\d+\.\d+ and mlflow \d+\.\d+/);
  await workbench.screenshot('which-python');
  await again(async (timeout) => {
    if (await told.isVisible()) await workbench.page.keyboard.press('Escape');
    await told.waitFor({ state: 'detached', timeout });
  });
  await marksLostRun(workbench, folder);
});

/** In a file; and the table is back after the window was reloaded. */
const keepsView = async (workbench: Workbench, folder: string): Promise<void> => {
  const page = workbench.webview;
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save View to File…' }).click();
  await workbench.answer('Good ones');
  const read = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, '.mlflow-workbench', 'views', 'Good ones.json'), 'utf8').catch(() => '{}'));
  await expect.poll(read).toMatchObject({ version: 1, filter: 'metrics.`train/loss` < 0.5', sort: [{ column: 'metrics.`train/loss`', descending: false }] });
  await workbench.reload();
  await expect.poll(async () => await names(page)).toEqual(['quick', 'steady']);
  await expect.poll(async () => await page.getByRole('combobox').inputValue()).toBe('metrics.`train/loss` < 0.5');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Good ones' }).waitFor();
  await workbench.screenshot('runs-table-views');
  await page.getByRole('menuitem', { name: 'Save View for Me…' }).click();
  await workbench.answer('Mine', 'Save View');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Forget “Mine”' }).click();
  await workbench.clickUntil(page.getByRole('button', { name: 'Views' }), page.getByRole('menuitem', { name: 'Good ones' }));
  await expect.poll(async () => await page.getByRole('menuitem', { name: 'Mine' }).count()).toBe(0);
  await page.getByRole('menuitem', { name: 'Good ones' }).press('Escape');
};

/** Onto the clipboard and into a file, with a value at a step, which the editor asks for; what is starred is so in the tree. */
const takesOut = async (workbench: Workbench, folder: string): Promise<void> => {
  const page = workbench.webview;
  const loss = page.getByRole('columnheader', { name: 'Metric train/loss, lower is better' });
  const atStep = page.locator('.header-cell', { hasText: 'train/loss at step 1' });
  await loss.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Add Value at Step…' }).click();
  await workbench.answer('1', 'Value of train/loss at a Step');
  await atStep.waitFor();
  await rowOf(page, 'quick').click();
  await page.getByRole('button', { name: 'Favourite' }).click();
  await rowOf(page, 'quick').locator('.run-star').waitFor();
  await workbench.treeRow('Experiments', 'Favourites').waitFor();
  const columns = 'metrics.`train/loss`,"at(metrics.`train/loss`, 1)"';
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(async () => await workbench.clipboard()).toMatch(/^name\trun_id\texperiment\t.*\nquick\t[\da-f]{32}\twine-quality\t.*\t0\.5\t/);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Selected as CSV…' }).click();
  await workbench.quickInput.press('Enter');
  const file = async (): Promise<string> => await readFile(join(folder, 'runs.csv'), 'utf8').catch(() => '');
  await expect.poll(file).toContain(columns);
  expect((await file()).trimEnd().split('\r\n')).toHaveLength(2);
  await workbench.screenshot('runs-table-at-step');
};

/** Without a sign of life for days it is probably dead. */
const marksLostRun = async (workbench: Workbench, folder: string): Promise<void> => {
  const ago = Date.now() - 3 * 24 * 3_600_000;
  await runPython(
    folder,
    `import mlflow\nmlflow.MlflowClient().create_run(mlflow.set_experiment("wine-quality").experiment_id, start_time=${ago}, run_name="lost")\n`,
  );
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  const row = workbench.treeRow('Experiments', 'lost');
  await row.filter({ hasText: 'probably dead' }).waitFor();
  await workbench.screenshot('probably-dead');
  await workbench.clickAction(row, 'Mark as Failed', workbench.notifications.filter({ hasText: 'Marked the run as failed.' }));
  await row.filter({ hasNotText: 'probably dead' }).waitFor();
};

test('a server that asks for a password is added, diagnosed, and signed in to', async () => {
  const { url, close } = await serveWithPassword();
  try {
    const folder = await newWineWorkspace(window.editor, 'signed-in');
    const workbench = await window.openWindow(folder);
    await workbench.showContainer('MLflow');
    await workbench.runCommand('MLflow: Open a Store…', workbench.quickRow('Server…'));
    await workbench.quickRow('Server…').click();
    await workbench.answer(url);
    await workbench.treeRow('Experiments', 'It asks who you are').waitFor();
    const diagnosis = workbench.dialog.filter({ hasText: 'The server asks who you are' });
    await workbench.runCommand('MLflow: Diagnose Connection…', diagnosis);
    await workbench.screenshot('server-diagnosed');
    await workbench.clickIn(diagnosis, 'Sign In…');
    await workbench.quickRow('User and Password…').click();
    for (const answer of ['ada', password]) {
      await workbench.page
        .locator('.quick-input-widget:visible .quick-input-message')
        .filter({ hasText: answer === 'ada' ? 'User name' : 'Password' })
        .waitFor();
      await workbench.answer(answer);
    }
    await workbench.treeRow('Experiments', 'behind-a-password').waitFor();
    await workbench.screenshot('server-signed-in');
    // Neither settings nor logs nor what the editor keeps of its windows have them.
    const secrets = [password, Buffer.from(`ada:${password}`).toString('base64')];
    const entries = await readdir(dirname(folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files).toContain(join(folder, '.vscode', 'settings.json'));
    const readText = async (path: string): Promise<string> => await readFile(path, 'latin1').catch(() => '');
    const telling = await Promise.all(files.map(async (path) => ({ path, text: await readText(path) })));
    expect(telling.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ path }) => path)).toEqual([]);
  } finally {
    close();
  }
});
