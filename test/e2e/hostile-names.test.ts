import Database from 'better-sqlite3';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const markup = '<script>alert(1)</script><img src=x onerror=alert(2)> $(flame) **b**';
const link = '[Undo](command:workbench.action.closeWindow) https://evil.example $(zap)';
const long = `\u202Eturned\u0007\r\n😀 ${'x'.repeat(10_000)}`;
const experiment = 'a/[Undo](command:workbench.action.closeWindow) $(zap)';
const storeFile = '$(trash) [q](command:workbench.action.quit).db';

/** What others may have logged with any client: names that mean something wherever names are not text. */
const writeNames = (file: string): void => {
  const database = new Database(file);
  const rename = database.prepare('UPDATE runs SET name = ?, user_id = ?, source_name = ? WHERE name = ?');
  for (const [from, to] of [
    ['slow', markup],
    ['steady', link],
    ['quick', long],
  ] as const) {
    rename.run(to, to, to, from);
    database.prepare("UPDATE tags SET value = ? WHERE key = 'mlflow.runName' AND value = ?").run(to, from);
  }
  database.prepare("UPDATE experiments SET name = ? WHERE name = 'wine-quality'").run(experiment);
  for (const name of [markup, link, long]) {
    database.prepare('INSERT INTO params (key, value, run_uuid) SELECT ?, ?, run_uuid FROM runs').run(name, name);
    database.prepare('INSERT INTO tags (key, value, run_uuid) SELECT ?, ?, run_uuid FROM runs').run(name, name);
    database.prepare('INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) SELECT ?, 1, 1, 1, 0, run_uuid FROM runs').run(name);
    database.prepare('INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) SELECT ?, 1, 1, 1, 0, run_uuid FROM runs').run(name);
  }
  database.close();
};

const openHostile = async (): Promise<Workbench> => {
  const folder = await newWineWorkspace(window.editor, '$(zap) [x](command:noop) <b>');
  await rename(join(folder, 'mlflow.db'), join(folder, storeFile));
  writeNames(join(folder, storeFile));
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.stores': [storeFile] }));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  return workbench;
};

/** Shown letter by letter, and nothing else: no icon, link, picture or script is made of it. */
const isText = async (place: Locator, text: string): Promise<void> => {
  await place.waitFor();
  await expect.poll(async () => (await place.innerText()).replaceAll(/\u200B/g, '').replaceAll('\u00A0', ' ')).toContain(text);
  expect(await place.locator('a[href]:not([href=""]), a[data-href], img, script, b, strong, .codicon-flame, .codicon-zap, .codicon-trash').count()).toBe(0);
};

test('names of every kind are text in the tree, its hovers, lists, notifications, dialogs, tabs and the status bar', async () => {
  const workbench = await openHostile();
  const row = (text: string | RegExp): Locator => workbench.treeRow('Experiments', text);
  await isText(row('.db'), storeFile);
  await isText(workbench.statusBar.getByRole('button', { name: /^MLflow store/ }), storeFile.slice(0, 39));
  await workbench.expand(row(/^a$/));
  await workbench.expand(row(/^\[Undo\]/));
  const run = workbench
    .view('Experiments')
    .locator('.monaco-list-row[aria-level="4"]')
    .filter({ hasText: /^\[Undo\]/ });
  await isText(row(/^<script>/), markup);
  await isText(row(/^turned/), 'turned 😀 xxx');
  await workbench.screenshot('hostile-tree');

  const hover = workbench.page.locator('.monaco-hover:visible').filter({ hasText: 'Run ID' });
  await workbench.attempt(async (timeout) => await row(/^<script>/).hover({ timeout }), hover);
  // Its first line is bold by itself.
  await isText(hover.locator('strong').first(), markup);
  expect(await hover.locator('a[href]:not([href=""]), a[data-href], img, script, .codicon-flame, .codicon-zap').count()).toBe(0);
  await workbench.screenshot('hostile-hover');

  await workbench.runCommand('MLflow: Go to Run…', workbench.quickRow(/^turned/));
  for (const [found, text] of [
    [/^<script>/, markup],
    [/^\[Undo\]/, link],
    [/^turned/, 'turned 😀 xxx'],
  ] as const)
    await isText(workbench.quickRow(found), text);
  await workbench.screenshot('hostile-list');
  await workbench.page.keyboard.press('Escape');
  await workbench.clickUntil(workbench.statusBar.getByRole('button', { name: /^MLflow store/ }), workbench.quickRow('.db'));
  expect(await workbench.quickRow('.db').locator('.codicon-trash, a[href], a[data-href]').count()).toBe(0);
  await workbench.page.keyboard.press('Escape');

  await workbench.select(row(/^<script>/));
  await workbench.chooseFromContextMenu(row(/^<script>/), 'Set Tag…', workbench.quickRow(/^\[Undo\]/));
  await isText(workbench.quickRow(/^\[Undo\]/), link);
  await workbench.quickRow(/^\[Undo\]/).click();
  await workbench.answer('$(flame) [v](command:noop)', /^Value of/);
  // The store refuses such a key, and names it.
  const refused = workbench.notifications.filter({ hasText: 'Invalid value' }).locator('.notification-list-item-message');
  await isText(refused, 'Invalid value "[Undo](command:workbench.action.closeWindow) https://evil.example $(zap)"');

  await workbench.select(run);
  await workbench.page.keyboard.press('Delete');
  const deleted = workbench.notifications.filter({ hasText: 'Deleted the run' }).locator('.notification-list-item-message');
  await isText(deleted, '“[Undo](command:workbench.action.closeWindow) https://evil.example $(zap)”');
  await workbench.screenshot('hostile-notification');
  const question = workbench.dialog.filter({ hasText: 'for ever?' });
  await workbench.runCommand('MLflow: Delete Permanently…', question);
  await isText(question.locator('.dialog-message-container'), `[Undo](command:workbench.action.closeWindow)`);
  await workbench.screenshot('hostile-dialog');
  await workbench.clickIn(question, 'Cancel');
});
