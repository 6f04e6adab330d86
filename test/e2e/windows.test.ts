import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { asExperimentId } from '../../schemas/ids.ts';
import { editorForFile } from '../support/editor-window.ts';
import { type Fault, faultsFor, startFaultProxy } from '../support/fault-proxy.ts';
import { startMlflowServer } from '../support/mlflow-server.ts';
import { openFolders, storeRows, writeWorkspaceFile } from '../support/folders-window.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { programsBelow } from '../support/programs-below.ts';
import { connectRemote } from '../support/remote-store.ts';
import { startTcpServer } from '../support/tcp-server.ts';
import { logThreeRuns, newWineFolder, newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

/** Says where it runs and where it logs to, then waits for a file: the test decides when it ends. */
const project = `entry_points:
  main:
    command: 'echo "in $PWD to $MLFLOW_TRACKING_URI"; while [ ! -e go ]; do sleep 0.2; done'
`;

/** A window on two folders, each with a store of three runs and a project. */
const openTwoFolders = async (name: string) => {
  const folders = [await newWineWorkspace(window.editor, `${name}-north`), await newWineFolder(window.editor, `${name}-south`)] as const;
  // Not a copy: runs of two stores have different ids.
  await logThreeRuns(folders[1]);
  for (const folder of folders) await writeFile(join(folder, 'MLproject'), project);
  return { folders, ...(await openFolders(window, name, folders)) };
};

/** The experiment *Default* of each store. */
const defaults = (workbench: Workbench) =>
  workbench
    .view('Experiments')
    .locator('.monaco-list-row')
    .filter({ hasText: /^Default/ });

const secondDefault = (workbench: Workbench) => defaults(workbench).nth(1);

/** Runs in the view, whatever their experiment. */
const runs = (workbench: Workbench) => workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]');

test('two folders in a window: a store each, and each entry point logs to the store of its folder; one that is taken out takes its store along, its run goes on and is there when it is back', async () => {
  const { folders, workbench, workspaceFile } = await openTwoFolders('pair');
  await expect
    .poll(async () => await storeRows(workbench).allInnerTexts())
    .toEqual([expect.stringContaining('pair-north'), expect.stringContaining('pair-south')]);
  await workbench.runCommand('MLflow: Run Entry Point…', workbench.quickRow(/main/));
  await workbench.screenshot('two-folders');
  await workbench.quickInput.press('ArrowDown');
  await workbench.quickInput.press('Enter');
  await expect.poll(async () => await workbench.terminalText()).toContain(`in ${folders[1]}`);
  await expect.poll(async () => (await workbench.terminalText()).replaceAll('\n', '')).toContain(`sqlite:///${join(folders[1], 'mlflow.db')}`);
  await writeFile(join(folders[1], 'go'), '');
  await expect.poll(async () => await workbench.terminalText()).toMatch(/Finished after/);

  await rm(join(folders[1], 'go'));
  await workbench.runCommand('MLflow: Run Last Entry Point');
  await workbench.expand(secondDefault(workbench));
  const statuses = async (): Promise<readonly string[]> =>
    (await runs(workbench).evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))).map(
      (label) => /running|finished/.exec(label ?? '')?.[0] ?? '',
    );
  await expect.poll(statuses).toEqual(['running', 'finished']);
  await writeWorkspaceFile(workspaceFile, [folders[0]]);
  await expect.poll(async () => await storeRows(workbench).count()).toBe(1);
  expect(await storeRows(workbench).first().innerText()).not.toContain('pair-south');
  await writeFile(join(folders[1], 'go'), '');

  await writeWorkspaceFile(workspaceFile, folders);
  await expect.poll(async () => await storeRows(workbench).count()).toBe(2);
  await workbench.expand(secondDefault(workbench));
  await expect.poll(statuses).toEqual(['finished', 'finished']);
});

test('a folder that is deleted on the disk leaves an empty view, which fills when a store is back', async () => {
  const folder = await newWineWorkspace(window.editor, 'deleted');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await rm(folder, { recursive: true });
  await workbench.view('Experiments').getByText('No MLflow store was found').waitFor();
  await workbench.screenshot('folder-deleted');
  await mkdir(folder);
  await workbench.runCommand('MLflow: Create a Local Store');
  await workbench.treeRow('Experiments', 'Default').waitFor();
});

test('two windows on a folder: what one starts, the other sees, and can stop once it is opened anew', async () => {
  const folder = await newWineWorkspace(window.editor, 'shared');
  await writeFile(join(folder, 'MLproject'), project);
  const [first, second] = [await window.openWindow(folder), await window.openWindow(folder)];
  const expectRun = async (workbench: Workbench, status: RegExp): Promise<void> => {
    await workbench.showContainer('MLflow');
    await workbench.expand(workbench.treeRow('Experiments', 'Default'));
    await expect.poll(async () => await runs(workbench).first().getAttribute('aria-label')).toMatch(status);
  };
  await first.runCommand('MLflow: Run Entry Point…');
  await expectRun(first, /running/);
  await expectRun(second, /running/);
  await second.goto(window.editor.server.windowUrl(folder));
  await expectRun(second, /running/);
  await second.runCommand('MLflow: Stop Run');
  await expectRun(first, /killed/);
  await expectRun(second, /killed/);
});

test('a tracking server that is killed comes back by itself, and the tree goes on; an MLproject that does not parse is told by its line, where it is run and where it is shown', async () => {
  const folder = await newWineWorkspace(window.editor, 'killed');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.treeRow('Experiments', 'steady').waitFor();
  const servers = (): readonly number[] =>
    programsBelow(window.editor.server.pid)
      .filter(({ command }) => /dist\/server\.cjs/.test(command))
      .map(({ pid }) => pid);
  const killed = servers();
  expect(killed).not.toEqual([]);
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  await expect.poll(() => servers().filter((pid) => !killed.includes(pid))).toHaveLength(1);
  await writeFile(join(folder, 'MLproject'), project);
  await writeFile(join(folder, 'go'), '');
  await workbench.runCommand('MLflow: Run Entry Point…');
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  await expect.poll(async () => await runs(workbench).first().getAttribute('aria-label')).toMatch(/finished/);
  expect(await workbench.notifications.filter({ hasText: /server/i }).count()).toBe(0);

  await writeFile(join(folder, 'MLproject'), 'name: wine\nentry_points:\n  main: [python\n');
  await workbench.runCommand('MLflow: Run Entry Point…', workbench.notifications.filter({ hasText: /MLproject, line \d/ }));
  await expect.poll(async () => await workbench.treeRow('Projects', 'killed').innerText()).toMatch(/line \d/);
  await workbench.openFile('MLproject');
  await workbench.screenshot('project-unreadable');
});

test('a server of the settings is shown beside the file, live; while it is away it is grey, with the reason, and comes back by itself', async () => {
  const folder = await newWineWorkspace(window.editor, 'with-server');
  const server = await startMlflowServer(await window.editor.newFolder('served'));
  const proxy = await startFaultProxy(server.url);
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.stores': [proxy.url] }));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await expect.poll(async () => await storeRows(workbench).allInnerTexts()).toEqual(['mlflow.db', proxy.url.replace('http://', '')]);
  await workbench.expand(secondDefault(workbench));
  const { tracking } = connectRemote(server.url).connection;
  await tracking.createRun({ experimentId: asExperimentId('0'), runName: 'far away', startTime: Date.now(), tags: [] });
  await workbench.treeRow('Experiments', 'far away').waitFor();
  await workbench.screenshot('store-server');
  const [mlflowPage] = await Promise.all([
    workbench.page.context().waitForEvent('page'),
    workbench.chooseFromContextMenu(workbench.treeRow('Experiments', 'far away'), 'Open in MLflow UI'),
  ]);
  await mlflowPage.waitForURL(/#\/experiments\/0\/runs\/[\da-f]{32}$/, { waitUntil: 'commit' });
  await mlflowPage.close();

  // What a person writes is there before the server answers, and is taken back when it refuses.
  const { promise: refusal, resolve: refuse } = Promise.withResolvers<Extract<Fault, { kind: 'answer' }>>();
  proxy.fault = (request) => (request.endsWith('/runs/update') ? { kind: 'hold', until: refusal } : undefined);
  // The row is drawn anew at every step; it was selected once.
  await workbench.select(workbench.treeRow('Experiments', 'far away'));
  await workbench.answerUntil({ key: 'F2', title: 'Rename Run', text: 'not so far' }, workbench.treeRow('Experiments', 'not so far'));
  refuse({ kind: 'answer', status: 400, body: JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: 'Its name is protected' }) });
  await workbench.notifications.filter({ hasText: 'Its name is protected' }).waitFor();
  await workbench.treeRow('Experiments', 'far away').waitFor();
  await workbench.screenshot('store-server-refused');

  const passing = proxy.requests.length + 4;
  proxy.fault = faultsFor(/search$/, { kind: 'reset' }, { kind: 'cut' }, { kind: 'answer', status: 500 });
  await expect.poll(() => proxy.requests.length).toBeGreaterThan(passing);
  expect(await workbench.treeRow('Experiments', 'cannot be opened').count()).toBe(0);

  const colors = async (): Promise<readonly string[]> =>
    await defaults(workbench).evaluateAll((rows) => rows.map((row) => getComputedStyle(row.querySelector('.label-name') ?? row).color));
  const [ofFile] = await colors();
  expect(await colors()).toEqual([ofFile, ofFile]);
  proxy.fault = () => ({ kind: 'answer', status: 503, body: 'down for repair' });
  await workbench.treeRow('Experiments', 'down for repair').waitFor();
  await expect.poll(async () => (await colors()).map((color) => color === ofFile)).toEqual([true, false]);
  await workbench.treeRow('Experiments', 'far away').locator('.codicon-loading:not(.codicon-modifier-spin)').waitFor();
  await workbench.screenshot('store-server-away');
  proxy.fault = () => undefined;
  await workbench.treeRow('Experiments', 'down for repair').waitFor({ state: 'detached' });
  await workbench.treeRow('Experiments', 'far away').waitFor();
  await expect.poll(colors).toEqual([ofFile, ofFile]);

  await server.stop();
  await proxy.close();
  await workbench.treeRow('Experiments', /does not answer/).waitFor();
  await workbench.screenshot('store-server-ended');
});

test('servers elsewhere are asked through the proxy of the editor, those of this machine and the file are not; a proxy that asks who somebody is says so', async () => {
  const folder = await newWineWorkspace(window.editor, 'behind-proxy');
  const { server } = await startTcpServer();
  const proxy = await startForwardProxy(server.url);
  onTestFinished(() => proxy.close());
  proxy.refuses = true;
  await window.editor.changeSettings({ 'http.proxy': proxy.url });
  onTestFinished(() => window.editor.changeSettings({ 'http.proxy': '' }));
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.stores': ['http://mlflow.example:5000', server.url] }));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'The proxy asks who you are').waitFor();
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await secondDefault(workbench).waitFor();
  const diagnosis = workbench.dialog.filter({ hasText: 'The proxy asks who you are' });
  const row = workbench.treeRow('Experiments', 'mlflow.example:5000');
  await workbench.chooseFromContextMenu(row, 'Diagnose Connection…', diagnosis);
  await workbench.screenshot('server-behind-proxy');
  await workbench.page.keyboard.press('Escape');

  proxy.refuses = false;
  await workbench.chooseFromContextMenu(row, 'Try Again', defaults(workbench).nth(2));
  expect(new Set(proxy.asked)).toEqual(new Set(['mlflow.example:5000']));
});

test('a server that a file of the workspace names is asked nothing before somebody agrees: tree, status bar and diagnosis ask first', async () => {
  const { server } = await startTcpServer();
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const { host } = new URL(proxy.url);
  const folder = await window.editor.newFolder('named');
  await writeFile(join(folder, '.env'), `MLFLOW_TRACKING_URI=${proxy.url}\n`);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'Connect…').waitFor();
  const question = workbench.dialog.filter({ hasText: `Connect to ${proxy.url}?` });
  await workbench.runCommand('MLflow: Diagnose Connection…', question);
  await workbench.screenshot('server-asked-first');
  await workbench.clickIn(question, 'Cancel');
  const item = workbench.statusBar.getByRole('button', { name: 'MLflow store, not connected' });
  await workbench.clickUntil(item, workbench.quickRow(host));
  await workbench.clickUntil(workbench.quickRow(host), question);
  await workbench.clickIn(question, 'Cancel');
  expect(proxy.requests).toEqual([]);

  await workbench.clickUntil(workbench.treeRow('Experiments', 'Connect…'), question);
  await workbench.clickIn(question, 'Connect');
  await workbench.treeRow('Experiments', /^Default/).waitFor();
  await workbench.statusBar.getByRole('button', { name: `MLflow store ${host}` }).waitFor();
});
