import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { programsBelow } from '../support/programs-below.ts';
import { pythonPath } from '../support/python.ts';
import { newWineFolder, newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

const window = editorForFile();

const project = `name: wine
entry_points:
  main:
    parameters:
      epochs: {type: float, default: 40}
      alpha: {type: float, default: 0.001}
    command: >-
      python train.py --epochs {epochs}
      --alpha "{alpha}"
`;

/** Each text has something to be said about: then the server is there. */
const openProject = async (workbench: Workbench): Promise<void> => {
  await workbench.openFile('MLproject');
  await workbench.page.locator('.squiggly-warning').first().waitFor();
};

/** The project anew, with another text. */
const openProjectWith = async (workbench: Workbench, file: string, text: string): Promise<void> => {
  await workbench.runCommand('View: Close All Editors');
  await workbench.editorTab('MLproject').waitFor({ state: 'detached' });
  await writeFile(file, text);
  await openProject(workbench);
};

/** Makes a version of the model `wine` with the alias `champion` from the run `quick`. */
const registerModel = (folder: string): void => {
  const script = [
    'import mlflow',
    'client = mlflow.MlflowClient()',
    'experiments = [experiment.experiment_id for experiment in client.search_experiments()]',
    'run = client.search_runs(experiments, "attributes.run_name = \'quick\'")[0]',
    'client.create_registered_model("wine")',
    'client.create_model_version("wine", f"runs:/{run.info.run_id}/model", run.info.run_id)',
    'client.set_registered_model_alias("wine", "champion", "1")',
  ].join('\n');
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}` };
  const { status, stderr } = spawnSync(pythonPath(), ['-c', script], { cwd: folder, env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
};

const quickRun = (folder: string): string => {
  const database = new Database(join(folder, 'mlflow.db'), { readonly: true });
  const id = String(database.prepare("SELECT run_uuid FROM runs WHERE name = 'quick'").pluck().get());
  database.close();
  return id;
};

/** Ids of the language servers that the editor runs. */
const servers = (): readonly number[] =>
  programsBelow(window.editor.server.pid).flatMap(({ pid, command }) => (command.includes('language-server.cjs') ? [pid] : []));

test('a project is edited: hover, completion, a quick fix, a rename with the script; it is formatted, and the problems of others are listed', async () => {
  const folder = await newWineFolder(window.editor, 'edited');
  const file = join(folder, 'MLproject');
  await writeFile(file, project);
  const workbench = await window.openWindow(folder);
  await openProject(workbench);
  await explainsOptions(workbench);
  await fixesQuotes(workbench, file);
  await renames(workbench, folder);
  await openProjectWith(
    workbench,
    file,
    'nmae: wine\n# main\nentry_points:\n    main:\n        # trains\n        command:   >-\n            python\n              train.py\n',
  );
  await formats(workbench, file);
  await listsProblemsOfOthers(workbench, folder);
});

/** Of the script's options those that are not passed yet are offered. */
const explainsOptions = async (workbench: Workbench): Promise<void> => {
  await workbench.text.placeCursor(9, 9);
  await workbench.runCommand('Show or Focus Hover', workbench.text.hover('L2 penalty on the weights'));
  await workbench.screenshot('mlproject-hover-dark');
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('End');
  await workbench.page.keyboard.type(' --');
  await workbench.text.showSuggestions('--hidden-units');
  expect(await workbench.text.suggestions.filter({ hasText: '--epochs' }).count()).toBe(0);
  await workbench.screenshot('mlproject-options-dark');
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('File: Revert File', workbench.page.locator('.tab.active:not(.dirty)'));
};

const fixesQuotes = async (workbench: Workbench, file: string): Promise<void> => {
  const problems = await workbench.showProblems();
  await problems.filter({ hasText: 'quote' }).first().waitFor();
  await workbench.text.placeCursor(9, 18);
  const action = await workbench.text.showQuickFix('Remove the quotes');
  await workbench.screenshot('mlproject-quick-fix-dark');
  await action.click();
  await workbench.text.save();
  await expect.poll(async () => readFile(file, 'utf8')).toContain('--alpha {alpha}');
};

/** Through declaration and command; what concerns the script waits for a word. */
const renames = async (workbench: Workbench, folder: string): Promise<void> => {
  await workbench.text.placeCursor(5, 9);
  const input = workbench.page.locator('.rename-box input');
  await workbench.pressUntil(['F2'], input);
  await input.fill('rounds');
  await input.press('Enter');
  const preview = workbench.page.locator('.panel');
  await preview.locator('.monaco-list-row').filter({ hasText: 'train.py' }).first().waitFor();
  await preview
    .getByText(/Rename the option of train\.py|train\.py/)
    .first()
    .waitFor();
  await workbench.screenshot('mlproject-rename-dark');
  await preview.getByRole('button', { name: 'Apply' }).click();
  await workbench.page.locator('.tab.active.dirty').waitFor();
  await workbench.runCommand('File: Save All Files');
  await expect.poll(async () => readFile(join(folder, 'MLproject'), 'utf8')).toContain('--epochs {rounds}');
  expect(await readFile(join(folder, 'MLproject'), 'utf8')).toContain('rounds: {type: float');
  expect(await readFile(join(folder, 'train.py'), 'utf8')).not.toContain('--rounds');
};

const formats = async (workbench: Workbench, file: string): Promise<void> => {
  await workbench.runCommand('Format Document', workbench.page.locator('.tab.active.dirty'));
  await workbench.text.save();
  const expected = 'nmae: wine\n# main\nentry_points:\n  main:\n    # trains\n    command: >-\n      python\n        train.py\n';
  await expect.poll(async () => readFile(file, 'utf8')).toBe(expected);
};

/** Of files that are not open; they go when the file is mended elsewhere. */
const listsProblemsOfOthers = async (workbench: Workbench, folder: string): Promise<void> => {
  await writeFile(join(folder, 'mlproject.yaml'), 'name: wine\n');
  const problems = await workbench.showProblems();
  const foreign = problems.filter({ hasText: 'mlproject.yaml' });
  await foreign.first().waitFor();
  await workbench.screenshot('mlproject-workspace-problems-dark');
  await rm(join(folder, 'mlproject.yaml'));
  await foreign.first().waitFor({ state: 'detached' });
};

test('a server that is killed three times is started again each time, and the status of the file tells', async () => {
  const folder = await newWineFolder(window.editor, 'crash');
  await writeFile(join(folder, 'MLproject'), 'nmae: wine\n');
  const workbench = await window.openWindow(folder);
  await openProject(workbench);
  const problems = await workbench.showProblems();
  for (const killed of [1, 2, 3]) {
    await problems.filter({ hasText: 'nmae' }).first().waitFor();
    const [server] = servers();
    if (server === undefined) throw new Error(`There is no server to kill for the ${killed}. time`);
    process.kill(server, 'SIGKILL');
    await expect.poll(() => servers().find((pid) => pid !== server)).toBeDefined();
  }
  await problems.filter({ hasText: 'nmae' }).first().waitFor();
  await workbench.text.placeCursor(1, 1);
  await workbench.page.keyboard.type('x');
  await problems.filter({ hasText: 'xnmae' }).first().waitFor();
  await workbench.text.hoverOver(workbench.statusBar.getByRole('button', { name: /language status/i }).first(), 'running again, after 3 crashes');
  await workbench.screenshot('language-status-dark');
  const before = servers();
  await workbench.page
    .getByRole('button', { name: 'Restart' })
    .or(workbench.page.getByText('Restart', { exact: true }))
    .first()
    .click();
  await expect.poll(() => servers().filter((pid) => !before.includes(pid))).toHaveLength(1);
});

test('models of the open store are offered where an address begins, and explained with their metrics; addresses lead to their pages', async () => {
  const folder = await newWineWorkspace(window.editor, 'models');
  registerModel(folder);
  await writeFile(
    join(folder, 'MLproject'),
    'nmae: wine\nentry_points:\n  main:\n    parameters:\n      model: {type: uri, default: models:/}\n' +
      `    command: echo {model} runs:/${quickRun(folder)}\n`,
  );
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  await openProject(workbench);
  await workbench.text.placeCursor(5, 43);
  const champion = await workbench.text.showSuggestions('models:/wine@champion');
  await workbench.screenshot('mlproject-models-dark');
  await champion.click();
  await workbench.text.placeCursor(5, 46);
  await workbench.runCommand('Show or Focus Hover', workbench.text.hover(/Made by the run quick[^]*train\/loss/));
  await workbench.screenshot('mlproject-model-hover-dark');
  await workbench.page.keyboard.press('Escape');
  await workbench.text.placeCursor(5, 46);
  await workbench.runCommand('Open Link', workbench.page.locator('.tab.active').filter({ hasText: 'wine@champion' }));
  // This version was registered without files.
  await workbench.webview.getByText('There is no MLmodel file').waitFor();
  await workbench.openFile('MLproject');
  await workbench.text.placeCursor(6, 35);
  await workbench.runCommand('Open Link', workbench.page.locator('.tab.active').filter({ hasText: 'quick' }));
});
