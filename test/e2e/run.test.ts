import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { runQuietly } from '../../scripts/programs.ts';
import { slow } from '../support/again.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const startMain = async (workbench: Workbench): Promise<void> => {
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  await workbench.runCommand('MLflow: Run Entry Point…', workbench.quickRow('main'));
  await workbench.quickRow('main').click();
};

test('an entry point runs from the palette: its output, its live metrics, its end', async () => {
  const workbench = await window.openWindow(await newWineWorkspace(window.editor));
  await startMain(workbench);
  await expect.poll(async () => await workbench.terminalText()).toMatch(/epoch\s+\d+\s+train\/loss/);
  const newest = workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]').first();
  await expect.poll(async () => await newest.getAttribute('aria-label')).toMatch(/running.*\bloss/);
  const loss = async (): Promise<string | undefined> => /\bloss [\d.]+/.exec((await newest.getAttribute('aria-label')) ?? '')?.[0];
  const early = await loss();
  await workbench.screenshot('training-dark');
  await expect.poll(loss).not.toBe(early);
  await expect.poll(async () => await newest.getAttribute('aria-label'), { timeout: 120_000 }).toMatch(/finished/);
  await workbench.screenshot('finished-dark');
});

test('a Python without mlflow is named, with ways on; so is one that was looked for, whatever the settings of the machine name, and one that is not there', async () => {
  const folder = await newWineWorkspace(window.editor, 'pythons');
  await runQuietly(pythonPath(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
  const workbench = await window.openWindow(folder);
  const choose = async (python: RegExp): Promise<void> => {
    await workbench.runCommand('MLflow: Select Python Interpreter…', workbench.quickRow(python));
    await workbench.quickRow(python).click();
  };
  // A run that starts before the choice has been written is one with the interpreter of before.
  const isTold = async (told: RegExp): Promise<void> =>
    await workbench.attempt(async () => await startMain(workbench), workbench.notifications.filter({ hasText: told }), slow);
  await choose(/^\/.*\.venv/);
  await isTold(/\.venv.* no mlflow/);
  await workbench.screenshot('run-without-mlflow');
  await choose(/Find It.*\.venv/);
  await isTold(/\.venv.*found in the folder.* no mlflow/);
  await mkdir(join(folder, '.vscode'), { recursive: true });
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.pythonPath': '/nowhere/python' }));
  await isTold(/\/nowhere\/python \(from the setting mlflow\.pythonPath\) does not run/);
  await workbench.screenshot('run-without-python');
});
