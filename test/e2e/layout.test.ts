import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';

const window = editorForFile();

const layout = (cards: readonly unknown[]): string =>
  JSON.stringify({ version: 1, runs: { experiments: ['wine-quality'] }, charts: { logY: true }, cards }, null, 2);

const lossCard = { id: 'loss', type: 'line', metric: 'train/loss' };

const writeLayout = async (folder: string, text: string): Promise<string> => {
  const layouts = join(folder, '.mlflow-workbench', 'layouts');
  await mkdir(layouts, { recursive: true });
  await writeFile(join(layouts, 'team.json'), text);
  return join(layouts, 'team.json');
};

const lineNames = async (page: FrameLocator): Promise<readonly string[]> =>
  await page
    .locator('body')
    .evaluate(() => (globalThis as { mlflowWorkbench?: { cards(): readonly { lines: readonly { name: string }[] }[] } }).mlflowWorkbench?.cards()[0]?.lines)
    .then((lines) => (lines ?? []).map(({ name }) => name).toSorted());

const expectThreeLines = async (page: FrameLocator): Promise<void> => {
  await page.locator('[data-card="loss"]').waitFor();
  await expect.poll(async () => await lineNames(page)).toEqual(['quick', 'slow', 'steady']);
};

test('a layout file opens as a page; a mistake is told with its line while the rest is shown; changes are saved into the file', async () => {
  const folder = await newWineWorkspace(window.editor, 'layouts');
  const file = await writeLayout(folder, layout([lossCard, { type: 'pie' }]));
  const workbench = await window.openWindow(folder);
  await workbench.openFile('team.json');
  const page = workbench.webview;
  await expectThreeLines(page);
  await page.getByText('There is no card of type "pie"').waitFor();
  await page.getByRole('button', { name: 'team.json, line 17' }).waitFor();
  await workbench.screenshot('layout-with-mistake');

  await writeFile(file, layout([lossCard, { type: 'bar', metric: 'rmse' }]));
  await page.locator('[data-kind="bar"]').waitFor();
  await page.getByText('There is no card of type').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'More for train/loss' }).click();
  await page.getByRole('menuitem', { name: 'Taller' }).click();
  await page.locator('[data-card="loss"].card-height-2').waitFor();
  await workbench.page.locator('.tab.active.dirty').waitFor();
  await workbench.runCommand('File: Save');
  await expect.poll(async () => (JSON.parse(await readFile(file, 'utf8')) as { cards: readonly { height?: number }[] }).cards[0]?.height).toBe(2);

  await window.editor.restart();
  await workbench.goto(window.editor.server.windowUrl(folder));
  await expectThreeLines(workbench.webview);
  await workbench.webview.locator('[data-card="loss"].card-height-2').waitFor();
});

test('a page is saved as a layout, whose runs it names', async () => {
  const folder = await newWineWorkspace(window.editor, 'saved');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'wine-quality'), 'Compare All Runs', workbench.webviewFrame);
  const page = workbench.webview;
  await page.getByLabel('Log Y').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Save Layout…' }).click();
  await workbench.answer('of the team');
  const file = join(folder, '.mlflow-workbench', 'layouts', 'of the team.json');
  await expect
    .poll(async () => JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as unknown)
    .toMatchObject({ version: 1, runs: { experiments: ['wine-quality'] }, charts: { logY: true } });
});
