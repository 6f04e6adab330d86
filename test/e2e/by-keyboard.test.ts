import { expect, test } from 'vitest';

import { again } from '../support/again.ts';
import { editorForFile } from '../support/editor-window.ts';
import { Keyboard } from '../support/keyboard.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';

const window = editorForFile();
const view = 'Experiments';

test('without a mouse: an experiment is opened in the tree and in a table, filtered; a run is renamed, deleted, taken back and looked at', async () => {
  const workbench = await window.openWindow(await newWineWorkspace(window.editor, 'keys-only'));
  const { page } = workbench;
  const clicks: string[] = [];
  await page.exposeFunction('tellClick', (target: string) => clicks.push(target));
  await page.evaluate(() => {
    const { tellClick } = globalThis as unknown as { tellClick(target: string): void };
    addEventListener('mousedown', ({ target }) => tellClick(target instanceof Element ? target.outerHTML.slice(0, 200) : ''), true);
  });
  const keys = new Keyboard(workbench);
  const row = (text: string | RegExp) => workbench.treeRow(view, text);
  await keys.command(`MLflow: Focus on ${view} View`, row('wine-quality'));
  await workbench.attempt(async () => {
    await keys.focusRow(view, 'wine-quality');
    await page.keyboard.press('ArrowRight');
  }, row('steady'));

  const choose = async (text: string): Promise<void> =>
    await again(async (timeout) => {
      await keys.focusRow(view, text);
      await page.keyboard.press('Enter');
      await row(text).and(page.locator('.selected')).waitFor({ timeout });
    });
  await choose('steady');
  await workbench.answerUntil({ key: 'F2', title: 'Rename Run', text: 'steadier' }, row('steadier'));
  const deleted = workbench.notifications.filter({ hasText: 'Deleted the run “steadier”.' });
  await again(async (timeout) => {
    if (!(await deleted.isVisible())) await choose('steadier');
    if (!(await deleted.isVisible())) await page.keyboard.press('Delete');
    await deleted.waitFor({ timeout });
  });
  await row('steadier').waitFor({ state: 'detached' });
  await keys.acceptNotification(row('steadier'));

  await keys.menu(view, 'wine-quality', 'Open Runs in Table', workbench.webviewFrame);
  const table = workbench.webview;
  const range = table.locator('[data-testid=range]');
  await expect.poll(async () => await range.innerText()).toBe('1–3 of 3');
  const filter = table.getByRole('combobox', { name: 'Filter runs' });
  await workbench.attempt(async (timeout) => {
    await filter.fill("attributes.run_name = 'steadier'", { timeout });
    await filter.press('Enter', { timeout });
    await range.filter({ hasText: '1–1 of 1 · 1 filter' }).waitFor({ timeout });
  });
  const grid = table.getByRole('treegrid');
  await workbench.attempt(async (timeout) => {
    for (const key of ['Control+Home', 'ArrowDown', 'Enter']) await grid.press(key, { timeout });
    await workbench.webview.getByRole('heading', { name: 'steadier' }).waitFor({ timeout });
  });
  await workbench.screenshot('by-keyboard');
  expect(clicks).toEqual([]);
});
