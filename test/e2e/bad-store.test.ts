import Database from 'better-sqlite3';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { newWineFolder, newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

/**
 * A machine with no Python at all: looking at stores needs none. What was started on a command line asks no login shell for
 * another PATH.
 */
const window = editorForFile({ env: { ...process.env, PATH: '/nowhere', VSCODE_CLI: '1' } });

const openStore = async (folder: string): Promise<Workbench> => {
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'mlflow.db'));
  return workbench;
};

test('a store that is no database is told in the tree and left as it is', async () => {
  const folder = await newWineFolder(window.editor, 'no-database');
  const file = join(folder, 'mlflow.db');
  await writeFile(file, 'These are notes about wine, not a database. '.repeat(100));
  const before = await readFile(file);
  const workbench = await openStore(folder);
  await workbench.treeRow('Experiments', 'Is not a SQLite database').waitFor();
  await workbench.screenshot('store-no-database');
  expect(await readFile(file)).toEqual(before);
});

test('a database without MLflow’s tables is told in the tree and left as it is', async () => {
  const folder = await newWineFolder(window.editor, 'no-tables');
  const file = join(folder, 'mlflow.db');
  const database = new Database(file);
  database.exec('CREATE TABLE bottles (name TEXT)');
  database.close();
  const before = await readFile(file);
  const workbench = await openStore(folder);
  await workbench.treeRow('Experiments', /^Is a SQLite database but not an MLflow store/).waitFor();
  await workbench.screenshot('store-no-tables');
  expect(await readFile(file)).toEqual(before);
});

test('a locked store is told in the tree, and opens when it is free and tried again; a write waits for a lock, and gives up in words; that there is no Python is told when one is needed', async () => {
  const folder = await newWineWorkspace(window.editor, 'locked');
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.pythonPath': '' }));
  const holder = new Database(join(folder, 'mlflow.db'));
  holder.exec('BEGIN EXCLUSIVE');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', /^Is locked by another program/).waitFor();
  await workbench.screenshot('store-locked');
  holder.close();
  await workbench.runCommand('MLflow: Refresh Experiments');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();

  const writer = new Database(join(folder, 'mlflow.db'));
  writer.exec('BEGIN IMMEDIATE');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.chooseFromContextMenu(
    workbench.treeRow('Experiments', 'steady'),
    'Delete Run',
    workbench.page.locator('.sidebar .monaco-progress-container.active').first(),
  );
  const refused = workbench.notifications.filter({ hasText: /mlflow\.db is locked by another program, .+ \(process \d+\)/ });
  await refused.waitFor();
  await workbench.screenshot('store-locked-write');
  writer.close();
  await workbench.treeRow('Experiments', 'steady').waitFor();

  await workbench.runCommand('MLflow: Run Entry Point…', workbench.quickRow('main'));
  await workbench.quickRow('main').click();
  const told = workbench.notifications.filter({ hasText: 'no Python was found' });
  await told.waitFor();
  await workbench.screenshot('run-no-python-at-all');
  await workbench.clickIn(told, 'Choose Another…');
  await workbench.quickRow(/Find It.*none is there/).waitFor();
});
