import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { again } from '../support/again.ts';
import { debugpyPython, newEnvironment } from '../support/debugpy.ts';
import { editorForFile } from '../support/editor-window.ts';
import { writePythonEnvironmentsExtension } from '../support/python-environments-extension.ts';

const window = editorForFile({ addExtensions: writePythonEnvironmentsExtension });

const script = `import sys

import mlflow

with mlflow.start_run():
    values = sys.argv[1:]
    mlflow.log_param("seen", values)
    print("after the breakpoint", values)
`;

test('an entry point stops at a breakpoint, goes on, and is a run like any other', async () => {
  const folder = await window.editor.newFolder('debug');
  await mkdir(join(folder, '.vscode'));
  const python = await debugpyPython();
  await writeFile(join(folder, '.vscode/settings.json'), JSON.stringify({ 'mlflow.pythonPath': python }));
  await writeFile(
    join(folder, 'MLproject'),
    'entry_points:\n  main:\n    parameters: {word: {default: "x y"}}\n    command: python -u train.py --word {word}\n',
  );
  await writeFile(join(folder, 'train.py'), script);
  const workbench = await window.openWindow(folder);
  await workbench.openFile('train.py');
  await workbench.text.placeCursor(7, 1);
  await workbench.runCommand('Debug: Toggle Breakpoint', workbench.page.locator('.codicon-debug-breakpoint').first());
  await workbench.openFile('MLproject');
  await workbench.clickLens(/^\s*Debug$/);
  await workbench.page.locator('.debug-top-stack-frame-line').waitFor({ timeout: 120_000 });
  await workbench.editorTab('train.py').waitFor();
  await workbench.screenshot('debug-breakpoint');
  await workbench.runCommand('Debug: Continue');
  await workbench.page.locator('.debug-top-stack-frame-line').waitFor({ state: 'detached' });

  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  const run = workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]').first();
  await expect.poll(async () => await run.getAttribute('aria-label')).toMatch(/finished/);
  await workbench.runCommand('MLflow: Show Output of Run');
  await expect.poll(async () => await workbench.terminalText()).toMatch(/after the breakpoint \['--word', 'x y'\]/);
});

test('a debugger that the selected Python does not have is installed on demand; ending the session ends the run', async () => {
  const folder = await window.editor.newFolder('debug-stop');
  await mkdir(join(folder, '.vscode'));
  const python = await newEnvironment(join(folder, 'selected', '.venv'));
  // What is selected there comes before the setting.
  await writeFile(join(folder, '.vscode/settings.json'), JSON.stringify({ 'mlflow.pythonPath': '/nowhere/python' }));
  await writeFile(join(folder, 'MLproject'), 'entry_points:\n  main:\n    command: python wait.py\n');
  await writeFile(join(folder, 'wait.py'), 'import time\nprint("waiting", flush=True)\ntime.sleep(1000)\n');
  const workbench = await window.openWindow(folder);
  const chosen = workbench.dialog.filter({
    hasText: `Python: ${python} (selected in Python Environments, which comes before the setting mlflow.pythonPath: /nowhere/python)`,
  });
  await workbench.runCommand('MLflow: Which Python, MLflow and Store?', chosen);
  await workbench.screenshot('which-python-selected');
  // Our own list could only write the setting, which would change nothing.
  await workbench.clickIn(chosen, 'Select Python Interpreter…');
  await workbench.notifications.filter({ hasText: 'The Python of this folder is selected in Python Environments' }).waitFor();
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.openFile('MLproject');
  const missing = workbench.notifications.filter({ hasText: `${python} has no debugpy` });
  await workbench.clickLens(/^\s*Debug$/, missing);
  await workbench.clickIn(missing, 'Install debugpy');
  await expect.poll(async () => await workbench.terminalText()).toMatch(/^waiting$/m);
  await again(async (timeout) => {
    await workbench.page.keyboard.press('Shift+F5');
    await expect.poll(async () => await workbench.terminalText(), { timeout }).toMatch(/Stopped after/);
  });
});
