import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import { seriousViolationsOn } from '../support/accessibility.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { pictures, showTab } from '../support/run-in-editor.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const runPython = async (folder: string, args: readonly string[]): Promise<void> => {
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' };
  await runQuietly(pythonPath(), args, { cwd: folder, env });
};

/** By the keyboard, from its row in the tree; a window that is busy does not know yet that a run is selected. */
const openRun = async (workbench: Workbench, name: string): Promise<FrameLocator> => {
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  const row = workbench.treeRow('Experiments', name);
  await workbench.attempt(
    async () => {
      await workbench.select(row);
      await workbench.page.keyboard.press('Enter');
    },
    workbench.page.locator('.tab.active').filter({ hasText: name }),
  );
  const page = workbench.webview;
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  return page;
};

const metricRow = (page: FrameLocator, key: string): Locator => page.getByRole('grid', { name: 'Metrics', exact: true }).getByRole('row', { name: key });

test('a run is opened from the tree, looked at, tagged, and its note written in an editor; then the page comes back', async () => {
  const folder = await newWineWorkspace(window.editor, 'one-run');
  const workbench = await window.openWindow(folder);
  const page = await openRun(workbench, 'steady');
  await page.getByText('finished').first().waitFor();
  await page.getByRole('row', { name: /^learning_rate 0\.1/ }).waitFor();

  await page.getByRole('button', { name: 'Edit team' }).press('Enter');
  await page.getByRole('textbox', { name: 'Value of team' }).fill('tasting');
  await page.getByRole('textbox', { name: 'Value of team' }).press('Enter');
  await page.getByRole('row', { name: /^team tasting/ }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await page.getByRole('row', { name: /^team cellar/ }).waitFor();

  await workbench.attempt(
    async (timeout) => await page.getByRole('button', { name: 'Edit Note' }).press('Enter', { timeout }),
    workbench.editorTab('steady.md'),
  );
  await workbench.text.placeCursor(1, 1);
  await workbench.page.keyboard.type('## Why\n\nThe **middle** of three rates; [docs](https://mlflow.org).');
  await workbench.text.save();
  await workbench.page.keyboard.press('Control+W');
  await page.getByRole('heading', { name: 'Why' }).waitFor();
  expect(await page.locator('.markdown strong').innerText()).toBe('middle');
  expect(await seriousViolationsOn(await workbench.webviewScripts())).toEqual([]);
  await pictures(workbench, 'run-page-overview');

  await showTab(workbench, 'Metrics');
  await metricRow(page, 'train/loss').locator('.sparkline path').waitFor();
  const cells = await metricRow(page, 'train/loss').getByRole('gridcell').allInnerTexts();
  expect(cells).toEqual(['', '0.34483', '0.34483', '0.34483', '1', '19']);
  expect(await seriousViolationsOn(await workbench.webviewScripts())).toEqual([]);
  await pictures(workbench, 'run-page-metrics');
  await workbench.reload();
  const again = workbench.webview;
  await metricRow(again, 'train/loss').locator('.sparkline path').waitFor();
  await again.getByRole('heading', { name: 'steady', level: 1 }).waitFor();
});

test('a run is followed while Python logs, and stays on the page when it is deleted there', async () => {
  const folder = await newWineWorkspace(window.editor, 'live-run');
  const stop = join(folder, 'stop');
  const logging = runPython(folder, [join(repository, 'test', 'support', 'log_until.py'), stop]);
  const workbench = await window.openWindow(folder);
  const page = await openRun(workbench, 'endless');
  await page.getByText('running').first().waitFor();
  await workbench.badge('MLflow').filter({ hasText: /^1$/ }).waitFor();
  const status = workbench.statusBar.getByRole('button', { name: 'MLflow store mlflow.db, 1 run with status Running', exact: true });
  await status.filter({ hasText: /mlflow\.db\s*1$/ }).waitFor();
  await showTab(workbench, 'Metrics');
  const row = metricRow(page, 'train/loss');
  await row.locator('.sparkline path').waitFor();
  const step = async (): Promise<number> => Number((await row.getByRole('gridcell').last().innerText()).replaceAll(',', ''));
  const shape = async (): Promise<string | null> => await row.locator('.sparkline path').getAttribute('d');
  const [firstStep, firstShape] = [await step(), await shape()];
  await expect.poll(step).toBeGreaterThan(firstStep + 3);
  await expect.poll(shape).not.toBe(firstShape);
  await writeFile(stop, '');
  await logging;
  await page.getByText('finished').first().waitFor();
  await workbench.badge('MLflow').filter({ hasText: /^1$/ }).waitFor({ state: 'hidden' });
  await workbench.statusBar.getByRole('button', { name: 'MLflow store mlflow.db', exact: true }).waitFor();

  await runPython(folder, [
    '-c',
    'import mlflow\nfor run in mlflow.search_runs(search_all_experiments=True, output_format="list"):\n    mlflow.delete_run(run.info.run_id)\n',
  ]);
  await page.getByText('This run is deleted.').waitFor();
  expect(await page.getByRole('button', { name: 'Rename' }).count()).toBe(0);
  await workbench.screenshot('run-page-deleted');
  await page.getByRole('button', { name: 'Restore' }).press('Enter');
  await page.getByText('This run is deleted.').waitFor({ state: 'detached' });
});
