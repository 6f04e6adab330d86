import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

interface Opened {
  readonly workbench: Workbench;
  /** What Python's mlflow would read. */
  readonly read: (sql: string) => unknown;
}

const openWine = async (name: string): Promise<Opened> => {
  const folder = await newWineWorkspace(window.editor, name);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  const read = (sql: string): unknown => {
    const database = new Database(join(folder, 'mlflow.db'), { readonly: true });
    try {
      return database.prepare(sql).pluck().all();
    } finally {
      database.close();
    }
  };
  return { workbench, read };
};

test('an experiment is created, renamed, deleted and taken back; runs are tagged, renamed, deleted together, restored, and deleted for ever', async () => {
  const { workbench, read } = await openWine('edited');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await workbench.runCommand('MLflow: Create Experiment…', workbench.quickTitle('Create Experiment'));
  await workbench.answer('vintage/red');
  const created = workbench.treeRow('Experiments', 'red');
  await created.waitFor();
  await workbench.chooseFromContextMenu(created, 'Rename Experiment…', workbench.quickTitle('Rename Experiment'));
  await workbench.answer('wine-quality');
  await workbench.page.getByText('An experiment of this name exists already').waitFor();
  await workbench.screenshot('experiment-rename-taken');
  await workbench.answer('vintage-white');
  const renamed = workbench.treeRow('Experiments', 'vintage-white');
  await renamed.waitFor();
  const deleted = workbench.notifications.filter({ hasText: 'Deleted the experiment “vintage-white” and its runs.' });
  await workbench.chooseFromContextMenu(renamed, 'Delete Experiment', deleted);
  await renamed.waitFor({ state: 'detached' });
  await workbench.clickIn(deleted, 'Undo');
  await renamed.waitFor();
  expect(read("SELECT lifecycle_stage FROM experiments WHERE name = 'vintage-white'")).toEqual(['active']);

  const row = (text: string) => workbench.treeRow('Experiments', text);
  await workbench.expand(row('wine-quality'));
  await workbench.select(row('slow'), row('steady'));
  await workbench.chooseFromContextMenu(row('steady'), 'Set Tag…', workbench.quickRow('New tag…'));
  await workbench.quickRow('New tag…').click();
  await workbench.answer('cellar', 'Set Tag');
  await workbench.answer('$(flame) north', 'Value of cellar');
  await expect
    .poll(() => read("SELECT r.name FROM tags t JOIN runs r USING (run_uuid) WHERE t.key = 'cellar' AND t.value = '$(flame) north' ORDER BY 1"))
    .toEqual(['slow', 'steady']);

  await workbench.select(row('quick'));
  await workbench.answerUntil({ key: 'F2', title: 'Rename Run', text: 'quickest' }, row('quickest'));

  await workbench.select(row('slow'), row('steady'));
  await workbench.page.keyboard.press('Delete');
  await workbench.notifications.filter({ hasText: 'Deleted 2 runs.' }).waitFor();
  await workbench.screenshot('runs-deleted');
  await row('slow').waitFor({ state: 'detached' });

  await workbench.runCommand('MLflow: Restore Deleted Runs…', workbench.quickRow('slow'));
  await workbench.quickRow('slow').click();
  await workbench.quickInput.press('Enter');
  await row('slow').waitFor();

  const question = workbench.dialog.filter({ hasText: /Delete 1 run from mlflow\.db for ever\?.*steady \([0-9a-f]{32}\)/s });
  await workbench.runCommand('MLflow: Delete Permanently…', question);
  await workbench.screenshot('delete-permanently');
  await workbench.clickIn(question, 'Delete Permanently');
  await workbench.notifications.filter({ hasText: /^Deleted 1 run and freed/ }).waitFor();
  expect(read('SELECT name FROM runs ORDER BY 1')).toEqual(['quickest', 'slow']);
});

test('a run and an experiment are found by a part of their names and by a pasted address; a run is starred, and a link leads to it, which asks before it opens anything anew', async () => {
  const { workbench, read } = await openWine('found');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  const selected = workbench.view('Experiments').locator('.monaco-list-row.selected');
  // A row that is clicked while what was found comes in its place is not taken.
  const goTo = async (typed: string, row: string): Promise<void> =>
    await workbench.attempt(
      async (timeout) => {
        await workbench.runCommand('MLflow: Go to Run…', workbench.quickRow('slow'));
        await workbench.quickInput.fill(typed, { timeout });
        await workbench.quickRow(row).click({ timeout });
      },
      selected.filter({ hasText: row }),
    );
  await goTo('tead', 'steady');
  const [slow] = read("SELECT run_uuid FROM runs WHERE name = 'slow'") as readonly string[];
  await goTo(`http://127.0.0.1:5000/#/experiments/1/runs/${slow}`, 'slow');
  await workbench.runCommand('MLflow: Go to Experiment…', workbench.quickTitle('Go to Experiment'));
  await workbench.quickInput.fill('quality');
  await workbench.quickRow('wine-quality').waitFor();
  await workbench.quickInput.fill(`https://mlflow.example.org/#/experiments/1/runs/${slow}`);
  await workbench.quickRow('wine-quality').click();
  await selected.filter({ hasText: 'wine-quality' }).waitFor();
  await workbench.runCommand('MLflow: Copy Diagnostics', workbench.notifications.filter({ hasText: 'Copied which Python' }));
  const copied = await workbench.clipboard();
  expect(copied).toMatch(
    /^found: entry points log to sqlite:\/\/\/.+\/mlflow\.db; terminals, tasks and debug sessions get MLFLOW_TRACKING_URI=sqlite:\/\/\/.+; Python: /,
  );
  expect(copied).toContain('mlflow.db: ready');

  const row = (text: string | RegExp) => workbench.treeRow('Experiments', text);
  await workbench.expand(row('wine-quality'));
  await workbench.chooseFromContextMenu(row('steady'), 'Add to Favourites', row('Favourites'));
  await workbench.expand(row('Favourites'));
  await expect.poll(async () => await workbench.view('Experiments').locator('.monaco-list-row', { hasText: 'steady' }).count()).toBe(2);
  await workbench.screenshot('favourites');
  await workbench.chooseFromContextMenu(row('slow'), 'Copy Link');
  await expect
    .poll(async () => await workbench.clipboard())
    .toMatch(/^[\w-]+:\/\/mlflow-workbench\.mlflow-workbench\/run\?store=sqlite%3A%2F%2F%2F.+mlflow\.db&id=[\da-f]{32}$/);
  const link = await workbench.clipboard();

  const follow = async (text: string): Promise<void> => {
    await workbench.runCommand('Developer: Open URL', workbench.quickInput);
    await workbench.answer(text);
    const trust = workbench.dialog.filter({ hasText: 'MLflow Workbench' }).filter({ hasText: 'open this URI' });
    await workbench.clickIn(trust, 'Open');
  };
  await workbench.select(row('quick'));
  await follow(link);
  await workbench.view('Experiments').locator('.monaco-list-row.selected').filter({ hasText: 'slow' }).waitFor();
  const asked = workbench.dialog.filter({ hasText: 'Open http://127.0.0.1:9/hidden?' });
  await follow(link.replace(/store=[^&]*/, `store=${encodeURIComponent('http://127.0.0.1:9/hidden')}`));
  await asked.waitFor();
  await workbench.screenshot('link-asked');
  await workbench.clickIn(asked, 'Cancel');
  expect(await workbench.view('Experiments').locator('.monaco-list-row[aria-level="1"]').count()).toBe(1);
});
