import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { programsBelow } from '../support/programs-below.ts';
import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

/** Command lines of what the extension has started. */
const ourPrograms = (editorPid: number): readonly string[] =>
  programsBelow(editorPid)
    .map(({ command }) => command)
    .filter((command) => /mlflow-workbench-[\d.]+\/dist\/(server|supervisor)/.test(command));

/** Each command that starts something, called as keys, other extensions and menus can call it. */
const called = ['runEntryPoint', 'runEntryPointWith', 'debugEntryPoint', 'runLastEntryPoint', 'runAgain', 'applyParams', 'runGitProject'];

const keybindings = called.map((name, index) => ({
  key: `ctrl+alt+m ${index + 1}`,
  command: `mlflow.projects.${name}`,
  args: { kind: 'run', storeId: 'mlflow.db', runId: 'a'.repeat(32) },
}));

const window = editorForFile({ trusted: false, keybindings });

const starts = ['Run Entry Point…', 'Run Entry Point with Parameters…', 'Run Last Entry Point', 'Run Project from Git…', 'Debug Entry Point…'];

const model = `flavors: {python_function: {loader_module: mlflow.sklearn}}
signature: {inputs: '[{"type": "double", "name": "a"}]'}
`;

const servings = [
  'Serve Model…',
  'Serve Model With…',
  'Predict on a File…',
  'Generate Dockerfile of a Model…',
  'Build Container Image of a Model…',
  'Export Model Folder…',
];

const refusal = (workbench: Workbench) => workbench.notifications.filter({ hasText: /This workspace is not trusted/ });

const clearRefusal = async (workbench: Workbench): Promise<void> => {
  await workbench.runCommand('Notifications: Clear All Notifications');
  await refusal(workbench).waitFor({ state: 'detached' });
};

/** Each says why, anew. */
const refusesLenses = async (workbench: Workbench, ...lenses: readonly RegExp[]): Promise<void> => {
  for (const lens of lenses) {
    await workbench.clickLens(lens, refusal(workbench));
    await clearRefusal(workbench);
  }
};

/** By the palette, the keyboard, the view, and the lenses (at once, by the form, debugging), which are there to say why. */
const refusesToStart = async (workbench: Workbench): Promise<void> => {
  const titles = [...(await workbench.commandTitles('MLflow: Run')), ...(await workbench.commandTitles('MLflow: Debug'))];
  for (const start of starts) expect(titles).not.toContain(`MLflow: ${start}`);
  await workbench.page.keyboard.press('Control+Alt+m');
  await workbench.page.keyboard.press('l');
  await workbench.treeRow('Projects', 'main').hover();
  expect(await workbench.treeRow('Projects', 'main').locator('.action-label').count()).toBe(0);
  await workbench.openFile('MLproject');
  expect(
    await workbench.page
      .locator('.editor-actions')
      .getByRole('button', { name: /Entry Point/ })
      .count(),
  ).toBe(0);
  await refusesLenses(workbench, /^\s*Run$/, /^\s*Run with…$/, /^\s*Debug$/);
  expect(await workbench.webviewFrame.count()).toBe(0);
};

/** To load a model is to run its code: the page of a model is shown, and nothing of it is loaded, served or asked. */
const refusesToServe = async (workbench: Workbench): Promise<void> => {
  const titles = await workbench.commandTitles('MLflow: Model');
  expect(titles).toContain('MLflow: Open Model…');
  for (const start of servings) expect(titles).not.toContain(`MLflow: ${start}`);
  await workbench.openFile('MLmodel');
  await refusesLenses(workbench, /^\s*Serve$/, /^\s*Serve with…$/);
  await workbench.clickLens(/^\s*Open$/, workbench.webviewFrame);
  await workbench.webview.getByRole('table', { name: 'Inputs' }).waitFor();
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: 'Serve', exact: true }), refusal(workbench));
  await workbench.screenshot('untrusted-model');
  await clearRefusal(workbench);
};

/** *Run Again* and the others, which no menu shows now, say why nothing happens. */
const refusesCalls = async (workbench: Workbench): Promise<void> => {
  for (const [index] of called.entries()) {
    await workbench.pressUntil(['Control+Alt+m', String(index + 1)], refusal(workbench));
    await clearRefusal(workbench);
  }
};

/** The explorer's menu has no entry of ours; tasks and terminals ask for trust first, and are not started without. */
const refusesInMenusTasksAndTerminals = async (workbench: Workbench): Promise<void> => {
  const script = workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'train.py' });
  await workbench.runCommand('View: Show Explorer', script);
  const menu = workbench.page.locator('.monaco-menu');
  const entry = menu.getByRole('menuitem', { name: /^Copy Path/ });
  await workbench.attempt(async (timeout) => await script.click({ button: 'right', timeout }), entry);
  expect(await menu.getByRole('menuitem', { name: /Entry Point/ }).count()).toBe(0);
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('Tasks: Run Task', workbench.dialog.filter({ hasText: 'trust the authors' }));
  await workbench.screenshot('untrusted-task');
  await workbench.clickIn(workbench.dialog, 'Cancel');
  // A terminal asks, too: there is none that could be given a variable.
  await workbench.runCommand('Terminal: Create New Terminal', workbench.dialog.filter({ hasText: 'trust the authors' }));
  await workbench.clickIn(workbench.dialog, 'Cancel');
};

/** An empty MLflow server, and what has been asked of it. */
const countRequests = async (): Promise<{ readonly url: string; readonly requests: readonly string[] }> => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};

test('an untrusted workspace runs nothing, says so, and works once it is trusted', async () => {
  const folder = await newWineWorkspace(window.editor);
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [{ label: 'train', type: 'mlflow' }] }));
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'model', 'MLmodel'), model);
  const { url, requests } = await countRequests();
  await writeFile(join(folder, '.env'), `MLFLOW_TRACKING_URI=${url}\n`);
  const ofSettings = await countRequests();
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.stores': [ofSettings.url] }));
  const files = await readdir(folder);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.view('Experiments').getByText('not trusted').waitFor();
  expect(await workbench.view('Experiments').locator('.monaco-list-row').count()).toBe(0);
  expect(await workbench.commandTitles('MLflow: Run Entry Point')).not.toContain('MLflow: Run Entry Point…');
  expect(ourPrograms(window.editor.server.pid)).toEqual([]);
  await workbench.screenshot('untrusted');
  await refusesToStart(workbench);
  await refusesCalls(workbench);
  await refusesToServe(workbench);
  await refusesInMenusTasksAndTerminals(workbench);
  await workbench.showContainer('MLflow');
  expect(ourPrograms(window.editor.server.pid)).toEqual([]);
  expect([requests, ofSettings.requests]).toEqual([[], []]);
  expect(await readdir(folder)).toEqual(files);

  const trust = workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true });
  await workbench.runCommand('Workspaces: Manage Workspace Trust', trust);
  await workbench.clickUntil(trust, workbench.treeRow('Experiments', 'wine-quality'));
  await expect.poll(() => ourPrograms(window.editor.server.pid)).toHaveLength(1);
  await expect.poll(() => ofSettings.requests).not.toEqual([]);
  expect(await workbench.commandTitles('MLflow: Run Entry Point')).toContain('MLflow: Run Entry Point…');

  // A server that a file of the folder names is another question.
  const connect = workbench.treeRow('Experiments', 'Connect…: .env names this server');
  await connect.waitFor();
  await workbench.screenshot('store-of-env');
  expect(requests).toEqual([]);
  const question = workbench.dialog.filter({ hasText: `Connect to ${url}?` });
  await workbench.clickUntil(connect, question);
  await workbench.screenshot('store-of-env-asked');
  await workbench.clickIn(question, 'Connect');
  await connect.waitFor({ state: 'detached' });
  expect(requests).not.toEqual([]);
});
