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

test('a Python without mlflow is named, with ways on', async () => {
  const folder = await newWineWorkspace(window.editor, 'without-mlflow');
  const environment = join(folder, '.venv');
  await runQuietly(pythonPath(), ['-m', 'venv', '--without-pip', environment]);
  const workbench = await window.openWindow(folder);
  await workbench.runCommand('MLflow: Select Python Interpreter…', workbench.quickRow(/^\/.*\.venv/));
  await workbench.quickRow(/^\/.*\.venv/).click();
  await startMain(workbench);
  await workbench.notifications.filter({ hasText: /\.venv.* no mlflow/ }).waitFor();
  await workbench.screenshot('run-without-mlflow');
});

test('Find It looks for an interpreter, whatever the settings of the machine name', async () => {
  const folder = await newWineWorkspace(window.editor, 'found');
  await runQuietly(pythonPath(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
  const workbench = await window.openWindow(folder);
  await workbench.runCommand('MLflow: Select Python Interpreter…', workbench.quickRow(/Find It.*\.venv/));
  await workbench.quickRow(/Find It.*\.venv/).click();
  const told = workbench.notifications.filter({ hasText: /\.venv.*found in the folder.* no mlflow/ });
  // A run that starts before the choice has been written is one with the interpreter of before.
  await workbench.attempt(async () => await startMain(workbench), told, slow);
});

test('a Python that is not there is named, with what named it', async () => {
  const folder = await newWineWorkspace(window.editor, 'no-python');
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.pythonPath': '/nowhere/python' }));
  const workbench = await window.openWindow(folder);
  await startMain(workbench);
  await workbench.notifications.filter({ hasText: /\/nowhere\/python \(from the setting mlflow\.pythonPath\) does not run/ }).waitFor();
  await workbench.screenshot('run-without-python');
});
