import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { repository } from '../../scripts/tools.ts';
import { again } from '../support/again.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import { themes, type Workbench } from '../support/workbench.ts';

/** One of what is loaded last, and one whose code is loaded with its first call. */
const keybindings = ['mlflow.copyDiagnostics', 'mlflow.tracking.openStore'].map((command, index) => ({ key: `ctrl+alt+m ${index + 1}`, command }));

const window = editorForFile({ keybindings });

const logRun = (folder: string, name: string): void => {
  const script = `import mlflow; mlflow.set_experiment("wine-quality"); mlflow.start_run(run_name="${name}"); mlflow.log_metric("train/loss", 0.25)`;
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}` };
  expect(spawnSync(pythonPath(), ['-c', script], { cwd: folder, env }).status).toBe(0);
};

test('a folder with a store fills the tree and asks nothing; a run that a terminal logs appears by itself', async () => {
  const folder = await newWineWorkspace(window.editor, 'filled');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  for (const name of ['slow', 'steady', 'quick']) await workbench.treeRow('Experiments', name).waitFor();
  await expect.poll(async () => await workbench.treeRow('Experiments', 'wine-quality').innerText()).toContain('3 runs');
  await expect.poll(async () => await workbench.treeRow('Experiments', 'steady').innerText()).toContain('train/loss 0.34483');
  expect(await workbench.notifications.count()).toBe(0);
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`workspace-${theme}`);
  }
  logRun(folder, 'from-a-terminal');
  await workbench.treeRow('Experiments', 'from-a-terminal').waitFor();
  await expect.poll(async () => await workbench.treeRow('Experiments', 'from-a-terminal').innerText()).toContain('train/loss 0.25');
});

test('an MLproject that loses the focus as soon as it is open has its lenses all the same; it is completed and checked as it is typed', async () => {
  const workbench = await window.openWindow(await newWineWorkspace(window.editor, 'unfocused'));
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  const run = workbench.treeRow('Experiments', 'slow');
  await run.waitFor();
  await workbench.openFile('MLproject');
  await run.click();
  await expect.poll(async () => await workbench.codeLenses.allInnerTexts()).toEqual(expect.arrayContaining(['Run', 'Run with…']));

  await workbench.text.placeCursor(32, 1);
  await workbench.page.keyboard.insertText('  broken:\n    ');
  await workbench.text.showSuggestions('command');
  await workbench.screenshot('mlproject-completion');
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.insertText('comand: python train.py');
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: 'comand' }).first().waitFor();
  await workbench.screenshot('mlproject-problem');
});

/** One of our walkthrough, selected: its words are shown, beside its picture or page. */
const showStep = async (workbench: Workbench, id: string, media: string): Promise<Locator> => {
  const step = workbench.page.locator(`.getting-started-step[data-step-id$="#${id}"]`);
  await again(async (timeout) => {
    if ((await step.getAttribute('aria-expanded', { timeout })) !== 'true') await step.locator('.step-title').click({ timeout });
    await step.and(workbench.page.locator('.expanded')).waitFor({ timeout });
    await workbench.webview.getByText(media).first().waitFor({ timeout });
  });
  return step;
};

const giveUp = async (workbench: Workbench): Promise<void> =>
  await again(async (timeout) => {
    if (await workbench.quickInput.isVisible()) await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden', timeout });
  });

/** Every step shows what it is about, its button does what it says, and it is checked once that has happened. */
const takeFirstSteps = async (workbench: Workbench): Promise<void> => {
  const press = async (id: string, media: string, button: string, outcome: Locator): Promise<void> => {
    const step = await showStep(workbench, id, media);
    await workbench.clickUntil(step.locator('.monaco-button', { hasText: button }), outcome);
    await giveUp(workbench);
  };
  await press('sample', 'Three trainings to look at', 'Create a Sample Project', workbench.quickTitle('Create the Sample Project In…'));
  const told = workbench.notifications.filter({ hasText: 'has a store already: mlflow.db' });
  await press('store', 'A store is where runs live', 'Create a Local Store', told);
  await workbench.runCommand('View: Show Explorer', workbench.page.locator('.explorer-folders-view'));
  await press('runs', 'is running', 'Show Experiments', workbench.view('Experiments'));
  await showStep(workbench, 'log', 'mlflow.set_experiment("first steps")');
  await press('compare', 'choose Compare Runs from the context menu', 'Compare Runs', workbench.quickTitle('Compare Runs'));
  await workbench.screenshot('walkthrough');
  await press('project', 'entry_points:', 'Run Entry Point…', workbench.quickRow('main'));
  const checks = workbench.page.locator('.getting-started-step [data-done-step-id]');
  await expect.poll(async () => await checks.evaluateAll((all) => all.map((check) => check.getAttribute('aria-checked')))).toEqual(Array(6).fill('true'));
};

/** Names of what runs in the window, as VS Code lists it; the list lies over everything until it is closed. */
const runningExtensions = async (workbench: Workbench): Promise<readonly string[]> => {
  const list = workbench.page.locator('.runtime-extensions-editor .monaco-list-row .name');
  // The slowest stand first, and only those that are seen are in the document.
  const size = workbench.page.viewportSize();
  await workbench.page.setViewportSize({ width: 1280, height: 2400 });
  await workbench.runCommand('Developer: Show Running Extensions', list.first());
  const names = await list.allInnerTexts();
  await again(async (timeout) => {
    if (await list.first().isVisible()) await workbench.page.keyboard.press('Escape');
    await list.first().waitFor({ state: 'detached', timeout });
  });
  if (size !== null) await workbench.page.setViewportSize(size);
  return names;
};

test('an empty folder is left alone until it is looked at; it becomes a sample project, with runs to look at, and first steps to take', async () => {
  const folder = await window.editor.newFolder('empty');
  const workbench = await window.openWindow(folder);
  expect(await runningExtensions(workbench)).not.toContain('MLflow Workbench');
  await workbench.showContainer('MLflow');
  const offer = workbench.view('Experiments').getByRole('button', { name: 'Create a Sample Project' });
  await offer.waitFor();
  await workbench.screenshot('welcome-empty');
  expect(await runningExtensions(workbench)).toContain('MLflow Workbench');
  const first = workbench.page.locator('.getting-started-step [data-done-step-id$="#sample"]');
  await workbench.clickUntil(workbench.view('Experiments').getByText('first steps', { exact: true }), first);
  expect(await first.getAttribute('aria-checked')).toBe('false');
  await workbench.clickUntil(offer, workbench.editorTab('MLproject'));
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  for (const name of ['default', 'wide', 'fast']) await workbench.treeRow('Experiments', new RegExp(`^${name}`)).waitFor();
  await workbench.screenshot('sample-project');
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['MLproject', 'mlflow.db', 'train.py', 'wine.py']));
  const count = 'import mlflow; print([len(runs) for runs in [mlflow.search_runs(search_all_experiments=True)]])';
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}` };
  expect(spawnSync(pythonPath(), ['-c', count], { cwd: folder, env, encoding: 'utf8' }).stdout).toBe('[3]\n');

  await workbench.clickUntil(workbench.page.locator('.tab', { hasText: /Walkthrough|Welcome/ }), first);
  await takeFirstSteps(workbench);
});

test('commands that are the first that happens in a window, before anything of the extension is loaded, do what they say', async () => {
  const workbench = await window.openWindow(await window.editor.newFolder('first-moment'));
  expect(await runningExtensions(workbench)).not.toContain('MLflow Workbench');
  await workbench.pressUntil(['Control+Alt+m', '1', 'Control+Alt+m', '2'], workbench.quickRow('SQLite File…'));
  await workbench.notifications.filter({ hasText: 'Copied which Python' }).first().waitFor();
  expect(await workbench.clipboard()).toMatch(/^MLflow Workbench \d+\.\d+\.\d+/m);

  // A window without a folder offers to open one.
  await workbench.goto(`http://127.0.0.1:${window.editor.server.port}/?ew=true`);
  await workbench.showContainer('MLflow');
  for (const offer of ['Open Folder', 'Create a Sample Project']) await workbench.view('Experiments').getByRole('button', { name: offer }).waitFor();
  await workbench.screenshot('welcome-no-folder');
});

const sources = ['.vscode', 'package.json', 'tsconfig.json', 'scripts', 'extension', 'language-server', 'webviews', 'schemas', 'examples', 'media'];

test('F5 in this repository builds the extension, then asks for a window of the example with it', async () => {
  const folder = await window.editor.newFolder('repository');
  for (const name of sources) await cp(join(repository, name), join(folder, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const workbench = await window.openWindow(folder);
  const { page } = workbench;
  await workbench.pressUntil(['Control+Shift+D'], page.locator('.start-debug-action-item').getByText('Extension on the example'));
  const opened: Page[] = [];
  page.context().on('page', (newPage) => opened.push(newPage));
  // It means nothing before the debugger is there, and nothing more while a session begins.
  const press = async (): Promise<number> => {
    if (opened.length === 0) await page.keyboard.press('F5');
    return opened.length;
  };
  await expect.poll(press, { timeout: 240_000, interval: 5_000 }).toBeGreaterThan(0);
  const address = (): string => opened[0]?.url() ?? '';
  await expect.poll(address).toContain('folder=');
  const { searchParams } = new URL(address());
  expect(searchParams.get('folder')).toBe(join(folder, 'examples', 'wine-quality'));
  const [developed] = (JSON.parse(searchParams.get('payload') ?? '[]') as readonly [string, string][]).filter(([key]) => key === 'extensionDevelopmentPath');
  expect(developed?.[1]).toMatch(new RegExp(`${folder}$`));
  // The task that it waits for has built them.
  for (const name of ['extension.cjs', 'server.cjs', 'language-server.cjs', 'webviews/compare.js']) expect(existsSync(join(folder, 'dist', name))).toBe(true);
});
