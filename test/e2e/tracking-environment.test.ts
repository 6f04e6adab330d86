import Database from 'better-sqlite3';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

import { again } from '../support/again.ts';
import { debugpyPython, writeDebugpyExtension } from '../support/debugpy.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

/** Each terminal writes down which store its programs are told of, before anybody types. Tasks have a shell of their own. */
const settings = {
  'terminal.integrated.profiles.linux': { telling: { path: '/bin/bash', args: ['-c', 'echo "$MLFLOW_TRACKING_URI" > .vscode/told; exec bash'] } },
  'terminal.integrated.defaultProfile.linux': 'telling',
  'terminal.integrated.automationProfile.linux': { path: '/bin/bash' },
  'terminal.integrated.environmentChangesRelaunch': false,
};

const window = editorForFile({ addExtensions: writeDebugpyExtension, settings });

/** Says nothing of where it logs to. Told to wait, it does so in the middle of its run for a file `go`. */
const script = `import os, sys, time

import mlflow

mlflow.set_experiment("wine-quality")
with mlflow.start_run(run_name=sys.argv[1]) as run:
    mlflow.log_metric("loss", 2, step=1)
    while sys.argv[2:] and not os.path.exists(sys.argv[2]):
        time.sleep(0.1)
    mlflow.log_metric("loss", 1, step=2)
    print(f"Run ID: {run.info.run_id}")
`;

interface Site {
  readonly folder: string;
  /** Below it, where mlflow's own default would make another store. */
  readonly source: string;
  readonly storeUri: string;
}

const newSite = async (name: string): Promise<Site> => {
  const folder = await newWineWorkspace(window.editor, name);
  const source = join(folder, 'src');
  await mkdir(source);
  await mkdir(join(folder, '.vscode'), { recursive: true });
  await writeFile(join(source, 'train.py'), script);
  return { folder, source, storeUri: `sqlite:///${join(folder, 'mlflow.db')}` };
};

const writeJson = async ({ folder }: Site, name: string, content: unknown): Promise<void> =>
  await writeFile(join(folder, '.vscode', name), JSON.stringify(content));

const openSite = async ({ folder }: Site): Promise<Workbench> => {
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  return workbench;
};

/** Opens a terminal in the folder, and gives the store that it was told of. */
const openTerminal = async (workbench: Workbench, folder: string): Promise<string> => {
  const told = join(folder, '.vscode', 'told');
  await rm(told, { force: true });
  const read = async (): Promise<string> => {
    const text = await readFile(told, 'utf8');
    if (!text.endsWith('\n')) throw new Error('It is still being written');
    return text.trim();
  };
  return await again(async (timeout) => {
    await workbench.page.keyboard.press('Control+Shift+Backquote');
    return await vi.waitFor(read, { timeout, interval: 50 });
  });
};

const typeInTerminal = async (workbench: Workbench, { folder }: Site, line: string): Promise<void> => {
  await openTerminal(workbench, folder);
  await expect.poll(async () => await workbench.terminalText()).toMatch(/[$#]\s*$/);
  await workbench.terminal.locator('textarea').focus();
  await workbench.page.keyboard.type(line);
  await workbench.page.keyboard.press('Enter');
};

const runTask = async (workbench: Workbench, label: string): Promise<void> => {
  await workbench.runCommand('Tasks: Run Task', workbench.quickRow(label));
  await workbench.clickUntil(workbench.quickRow(label), workbench.page.locator('.terminal-wrapper.active').filter({ hasText: 'Executing task' }));
};

const debug = async (workbench: Workbench, name: string): Promise<void> => {
  await workbench.runCommand('Debug: Select and Start Debugging', workbench.quickRow(name));
  await workbench.quickRow(name).click();
};

const untilTerminals = async (workbench: Workbench, folder: string, value: string): Promise<void> =>
  await expect.poll(async () => await openTerminal(workbench, folder)).toBe(value);

test('a terminal, a task and a debug session log to the store that is shown, with plain import mlflow', async () => {
  const site = await newSite('shown');
  const [python, record] = [await debugpyPython(), join(site.folder, 'sessions.jsonl')];
  const task = { label: 'train', type: 'shell', command: pythonPath(), args: ['train.py', 'from-task'], options: { cwd: site.source }, problemMatcher: [] };
  await writeJson(site, 'tasks.json', { version: '2.0.0', tasks: [task] });
  const launch = { request: 'launch', program: join(site.source, 'train.py'), cwd: site.source, python, record };
  await writeJson(site, 'launch.json', {
    configurations: [
      { ...launch, name: 'ours', type: 'mlflow-python', args: ['from-our-debugger'] },
      { ...launch, name: 'theirs', type: 'debugpy', args: ['from-debugpy'] },
      { ...launch, name: 'own value', type: 'debugpy', env: { MLFLOW_TRACKING_URI: `sqlite:///${join(site.source, 'own.db')}` }, args: ['elsewhere'] },
    ],
  });
  const workbench = await openSite(site);
  await typeInTerminal(workbench, site, `cd src && ${pythonPath()} train.py from-terminal`);
  await workbench.treeRow('Experiments', 'from-terminal').waitFor();
  await expect.poll(async () => await workbench.terminalText()).toMatch(/Run ID: \w{32}/);
  await workbench.screenshot('tracking-environment');
  await followRunLink(workbench);
  await runTask(workbench, 'train');
  await workbench.treeRow('Experiments', 'from-task').waitFor();
  await debug(workbench, 'ours');
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'from-our-debugger').waitFor();
  await debug(workbench, 'theirs');
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'from-debugpy').waitFor();
  await debug(workbench, 'own value');
  await expect.poll(async () => await readdir(site.source)).toContain('own.db');
  const sessions = (await readFile(record, 'utf8'))
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(sessions).toEqual([
    { name: 'theirs', env: { MLFLOW_TRACKING_URI: site.storeUri } },
    { name: 'own value', env: { MLFLOW_TRACKING_URI: `sqlite:///${join(site.source, 'own.db')}` } },
  ]);
});

/** The id that the script has printed is a link to its run. */
const followRunLink = async (workbench: Workbench): Promise<void> => {
  const printed = workbench.terminal.locator('.xterm-rows > div').filter({ hasText: 'Run ID:' }).last();
  const opened = workbench.page.locator('.tab.active').filter({ hasText: 'from-terminal' });
  await workbench.attempt(async () => {
    // Rows of the screen lie below what takes the mouse.
    const { x, y } = (await printed.boundingBox()) ?? { x: 0, y: 0 };
    await workbench.page.mouse.move(x + 40, y + 8);
    await workbench.page.mouse.move(x + 60, y + 8, { steps: 4 });
    await workbench.page.keyboard.down('Control');
    await workbench.page.mouse.click(x + 60, y + 8);
    await workbench.page.keyboard.up('Control');
  }, opened);
};

test('what a person has set wins: by a setting, in .env, in tasks.json, or by turning it off', async () => {
  const site = await newSite('set');
  await writeFile(join(site.folder, '.env'), 'OTHER=1\r\nLAST=2');
  const workbench = await openSite(site);
  await untilTerminals(workbench, site.folder, site.storeUri);
  await writeJson(site, 'settings.json', { 'terminal.integrated.env.linux': { MLFLOW_TRACKING_URI: 'http://mine:1' } });
  await untilTerminals(workbench, site.folder, 'http://mine:1');
  await writeJson(site, 'settings.json', { 'mlflow.tracking.environment': false });
  await untilTerminals(workbench, site.folder, '');
  await writeJson(site, 'settings.json', {});
  await untilTerminals(workbench, site.folder, site.storeUri);
  const task = {
    label: 'tell',
    type: 'shell',
    command: 'echo "<$MLFLOW_TRACKING_URI>"',
    options: { env: { MLFLOW_TRACKING_URI: 'http://task:1' } },
    problemMatcher: [],
  };
  await writeJson(site, 'tasks.json', { version: '2.0.0', tasks: [task] });
  // A terminal's environment would be laid over that of the task.
  await untilTerminals(workbench, site.folder, '');
  await runTask(workbench, 'tell');
  await expect.poll(async () => await workbench.terminalText()).toContain('<http://task:1>');
  await writeJson(site, 'tasks.json', { version: '2.0.0', tasks: [] });

  await addToEnvFile(workbench, site);
  await untilTerminals(workbench, site.folder, site.storeUri);
  await writeFile(join(site.folder, '.env'), 'MLFLOW_TRACKING_URI=http://file:1\n');
  await untilTerminals(workbench, site.folder, '');
});

/** Once, with the line shown first, and in the line ends of the file. */
const addToEnvFile = async (workbench: Workbench, { folder, storeUri }: Site): Promise<void> => {
  await workbench.runCommand('MLflow: Add Tracking URI to .env…', workbench.dialog.filter({ hasText: `MLFLOW_TRACKING_URI=${storeUri}` }));
  await workbench.screenshot('tracking-environment-env-file');
  await workbench.clickIn(workbench.dialog, 'Add');
  const added = `OTHER=1\r\nLAST=2\r\nMLFLOW_TRACKING_URI=${storeUri}\r\n`;
  await expect.poll(async () => await readFile(join(folder, '.env'), 'utf8')).toBe(added);
  await workbench.runCommand('MLflow: Add Tracking URI to .env…', workbench.notifications.filter({ hasText: 'names the store that is shown already' }));
  expect(await readFile(join(folder, '.env'), 'utf8')).toBe(added);
};

test('a notebook gets a cell that sets the tracking URI, once', async () => {
  const site = await newSite('notebook');
  const file = join(site.folder, 'look.ipynb');
  const cell = { cell_type: 'code', metadata: {}, source: ['1 + 1'], outputs: [], execution_count: null };
  const metadata = { language_info: { name: 'python' } };
  await writeFile(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
  const workbench = await openSite(site);
  await workbench.openFile('look.ipynb');
  const cells = workbench.page.locator('.notebookOverlay .code-cell-row');
  await cells.first().waitFor();
  await workbench.runCommand('MLflow: Insert Tracking Cell', cells.filter({ hasText: 'set_tracking_uri' }));
  await workbench.screenshot('tracking-cell');
  await workbench.runCommand('MLflow: Insert Tracking Cell', workbench.notifications.filter({ hasText: 'sets the tracking URI already' }));
  await workbench.runCommand('File: Save');
  const saved = async () => (JSON.parse(await readFile(file, 'utf8')) as { readonly cells: readonly { readonly source: string | readonly string[] }[] }).cells;
  await expect.poll(async () => (await saved()).length).toBe(2);
  expect([(await saved())[0]?.source].flat().join('')).toBe(`import mlflow\n\nmlflow.set_tracking_uri('${site.storeUri}')`);
});

test('programs log to a server after one question, and not before', async () => {
  const folder = await window.editor.newFolder('server-only');
  const url = 'http://127.0.0.1:9';
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'mlflow.stores': [url] }));
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', '127.0.0.1:9').waitFor();
  expect(await workbench.notifications.count()).toBe(0);
  expect(await openTerminal(workbench, folder)).toBe('');
  const question = workbench.notifications.filter({ hasText: `log to ${url}?` });
  await question.waitFor();
  await workbench.screenshot('tracking-environment-server');
  await workbench.clickIn(question, 'Log There');
  await untilTerminals(workbench, folder, url);
  expect(await workbench.notifications.count()).toBe(0);
});

test('a script that was started in a terminal goes on when the editor is closed, and its run is complete', async () => {
  const site = await newSite('closed');
  const workbench = await openSite(site);
  const go = join(site.folder, 'go');
  await typeInTerminal(workbench, site, `cd src && setsid nohup ${pythonPath()} train.py goes-on ${go} >/dev/null 2>&1 &`);
  await workbench.treeRow('Experiments', 'goes-on').waitFor();
  await workbench.page.goto('about:blank');
  await window.editor.server.stop();
  await writeFile(go, '');
  const database = new Database(join(site.folder, 'mlflow.db'), { readonly: true });
  const status = database.prepare("SELECT status FROM runs WHERE name = 'goes-on'").pluck();
  await expect.poll(() => status.get()).toBe('FINISHED');
  const steps = database.prepare("SELECT step FROM metrics JOIN runs USING (run_uuid) WHERE name = 'goes-on' ORDER BY step").pluck();
  expect(steps.all()).toEqual([1, 2]);
  database.close();
});
