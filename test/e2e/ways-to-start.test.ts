import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { slow } from '../support/again.ts';
import { newBareRepository } from '../support/bare-repository.ts';
import { editorForFile } from '../support/editor-window.ts';
import type { Workbench } from '../support/workbench.ts';

/** Each way to start something, in the real editor. */

const repository = await newBareRepository();
await repository.commit('main', { 'sub/MLproject': 'entry_points:\n  far:\n    command: echo "far away at $(git log -1 --format=%s)"\n' });

const window = editorForFile({
  env: { ...process.env, ...repository.variables },
  // A view of terminals that is open when a window starts makes one by itself, for which VS Code asks whether the workspace is trusted.
  settings: { 'terminal.integrated.hideOnStartup': 'always' },
});

const terminalShows = async (workbench: Workbench, text: RegExp): Promise<void> => {
  await expect.poll(async () => await workbench.terminalText()).toMatch(text);
};

test('from the tree again, by the keyboard again, from a script, from git', async () => {
  const folder = await window.editor.newFolder('again');
  await writeFile(join(folder, 'MLproject'), 'entry_points:\n  main:\n    parameters: {word: string}\n    command: echo "said" {word}\n');
  await writeFile(join(folder, 'hello.sh'), 'echo "hello from $(basename $PWD)"\n');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.chooseFromContextMenu(workbench.treeRow('Projects', 'main'), /^Run Entry Point…/, workbench.quickInput);
  await workbench.answer("it's me");
  await terminalShows(workbench, /said it's me/);
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  const runs = workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]');
  await expect.poll(async () => await runs.count()).toBe(1);
  await expect.poll(async () => await runs.first().getAttribute('aria-label')).toMatch(/finished/);

  await workbench.chooseFromContextMenu(runs.first(), /^Run Again/);
  await expect.poll(async () => await runs.count()).toBe(2);
  await terminalShows(workbench, /said it's me/);

  await workbench.pressUntil(['Control+Alt+m', 'l'], runs.nth(2), slow);
  expect(await runs.count()).toBe(3);
  await workbench.screenshot('run-again');

  const script = workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'hello.sh' });
  await workbench.runCommand('View: Show Explorer', script);
  await workbench.chooseFromContextMenu(script, /^Run Entry Point…/);
  await terminalShows(workbench, /hello from again/);

  await workbench.runCommand('MLflow: Run Project from Git…', workbench.quickTitle('Run Project from Git'));
  await workbench.answer(`${repository.url}#sub`);
  await workbench.quickRow('The newest').waitFor();
  await workbench.screenshot('git-version');
  await workbench.quickRow('The newest').click();
  await workbench.webview.getByRole('button', { name: 'Run', exact: true }).click();
  await terminalShows(workbench, /far away at change/);
});

test('as a task, whose traceback is a problem at its line, and whose run is opened from the notification of its end', async () => {
  const folder = await window.editor.newFolder('tasks');
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, 'MLproject'), 'entry_points:\n  main:\n    parameters: {limit: float}\n    command: python fail.py {limit}\n');
  await writeFile(join(folder, 'fail.py'), 'import sys\n\n\ndef check(limit):\n    raise ValueError(f"over {limit}")\n\n\ncheck(sys.argv[1])\n');
  const task = { label: 'check the limit', type: 'mlflow', parameters: { limit: 0.5 }, experiment: 'by task' };
  await writeFile(join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Projects', 'main').waitFor();
  // Each entry point is one, too, without a word in tasks.json.
  await workbench.attempt(async (timeout) => {
    await workbench.runCommand('Tasks: Run Task', workbench.quickRow('mlflow'));
    await workbench.quickRow('mlflow').click({ timeout });
  }, workbench.quickRow('MLflow: main'));
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('Tasks: Run Task', workbench.quickRow('check the limit'));
  await workbench.quickRow('check the limit').click();
  await terminalShows(workbench, /ValueError: over 0\.5/);
  await workbench.treeRow('Experiments', 'by task').waitFor();
  await workbench.clickIn(workbench.notifications.filter({ hasText: 'failed after' }), 'Open Run');
  await workbench.webview.locator('.run-name').getByText('failed').waitFor();
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: 'ValueError: over 0.5' }).waitFor();
  expect(await problems.filter({ hasText: 'ValueError: over 0.5' }).innerText()).toMatch(/Ln 5/);
  await workbench.screenshot('task-problem');
});

test('the notification of a failure compares with the run before, and shows the log', async () => {
  const folder = await window.editor.newFolder('notified');
  await writeFile(join(folder, 'MLproject'), "entry_points:\n  main:\n    command: 'echo said it; test ! -e broken'\n");
  const workbench = await window.openWindow(folder);
  await workbench.runCommand('MLflow: Run Entry Point…');
  await terminalShows(workbench, /Finished after/);
  await writeFile(join(folder, 'broken'), '');
  const failed = workbench.notifications.filter({ hasText: 'main' }).filter({ hasText: 'failed after' });
  await workbench.runCommand('MLflow: Run Last Entry Point');
  await failed.waitFor();
  await workbench.screenshot('run-failed');
  await workbench.clickIn(failed, 'Compare with Previous');
  await expect.poll(async () => await workbench.webview.locator('li[data-run]').count()).toBe(2);

  await workbench.runCommand('MLflow: Run Last Entry Point');
  await failed.waitFor();
  await workbench.runCommand('View: Hide Panel');
  await workbench.terminal.waitFor({ state: 'hidden' });
  await workbench.clickIn(failed, 'Show Log');
  await terminalShows(workbench, /said it[^]*Failed after/);
});

test('from a form, which shows the command, becomes a task and is back after a reload, where it starts nothing while the workspace is not trusted', async () => {
  const folder = await window.editor.newFolder('form');
  await writeFile(
    join(folder, 'MLproject'),
    'entry_points:\n  main:\n    parameters:\n      word: string\n      count: {type: float, default: 2}\n      data: {type: path, default: .}\n    command: echo {word} {count} "$FROM_FORM"\n',
  );
  const workbench = await window.openWindow(folder);
  await workbench.openFile('MLproject');
  const form = workbench.webview;
  await workbench.clickLens('Run with…', form.getByLabel('word', { exact: true }));
  await form.getByLabel('word', { exact: true }).fill("it's $HOME");
  await form.getByLabel('Command', { exact: true }).getByText(`echo 'it'"'"'s $HOME' 2 "$FROM_FORM"`).waitFor();
  await form.getByLabel('Experiment').fill('by form');
  await form.getByRole('button', { name: 'Add variable' }).click();
  await form.getByLabel('Name of the variable').fill('FROM_FORM');
  await form.getByLabel('Value of FROM_FORM').fill('and this');
  await workbench.screenshot('run-form');
  await form.getByRole('button', { name: 'Run', exact: true }).click();
  await terminalShows(workbench, /^it's \$HOME 2 and this$/m);

  await workbench.reload();
  await expect.poll(async () => await workbench.webview.getByLabel('word', { exact: true }).inputValue()).toBe("it's $HOME");
  await workbench.webview.getByLabel('Fill with an earlier start').waitFor();
  await workbench.webview.getByRole('button', { name: 'Save as Task' }).click();
  await workbench.editorTab('tasks.json').waitFor();
  const { tasks } = JSON.parse(await readFile(join(folder, '.vscode/tasks.json'), 'utf8')) as { tasks: unknown };
  expect(tasks).toEqual([
    {
      label: 'Run main',
      type: 'mlflow',
      project: '.',
      entryPoint: 'main',
      parameters: { word: "it's $HOME" },
      experiment: 'by form',
      env: { FROM_FORM: 'and this' },
    },
  ]);

  await window.editor.restart({ trusted: false });
  await workbench.goto(window.editor.server.windowUrl(folder));
  const restored = workbench.webview.getByLabel('word', { exact: true });
  await workbench.clickUntil(workbench.page.locator('.tab').filter({ hasText: 'Run main' }), restored);
  await expect.poll(async () => await restored.inputValue()).toBe("it's $HOME");
  expect(await workbench.dialog.count()).toBe(0);
  const refusal = workbench.webview.getByRole('alert').filter({ hasText: 'This workspace is not trusted' });
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: 'Run', exact: true }), refusal);
  await workbench.screenshot('run-form-untrusted');
  expect(await workbench.dialog.count()).toBe(0);
  expect(await workbench.terminal.count()).toBe(0);
});
