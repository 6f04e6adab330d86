import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';

const window = editorForFile();

/** Ends by itself after four minutes, longer than any step takes. */
const project = `entry_points:
  main:
    command: 'for i in $(seq 480); do echo "tick $i"; sleep 0.5; done'
`;

test('a task’s run goes on through a reload, and ends with its task', async () => {
  const folder = await window.editor.newFolder('task-survives');
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, 'MLproject'), project);
  await writeFile(join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [{ label: 'tick', type: 'mlflow', problemMatcher: [] }] }));
  const workbench = await window.openWindow(folder);
  const runTask = async (): Promise<void> => {
    await workbench.runCommand('Tasks: Run Task', workbench.quickRow('tick'));
    await workbench.clickUntil(workbench.quickRow('tick'), workbench.terminal.filter({ hasText: /tick \d/ }));
  };
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Projects', 'main').waitFor();
  await runTask();
  await workbench.reload();
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  const statuses = async (): Promise<readonly string[]> => {
    const labels = await workbench
      .view('Experiments')
      .locator('.monaco-list-row[aria-level="3"]')
      .evaluateAll((rows) => rows.map((row) => row.ariaLabel ?? ''));
    return labels.map((label) => /running|killed/.exec(label)?.[0] ?? label);
  };
  await expect.poll(statuses).toEqual(['running']);
  await workbench.runCommand('MLflow: Show Output of Run');
  await expect.poll(async () => await workbench.terminalText()).toMatch(/tick \d+/);
  await workbench.runCommand('MLflow: Stop Run');
  await expect.poll(statuses).toEqual(['killed']);

  await runTask();
  await expect.poll(statuses).toEqual(['running', 'killed']);
  await workbench.runCommand('Tasks: Terminate Task', workbench.quickRow('tick'));
  await workbench.quickRow('tick').click();
  await expect.poll(statuses).toEqual(['killed', 'killed']);
});
