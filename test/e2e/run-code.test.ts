import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';

import { outputOf, runQuietly } from '../../scripts/programs.ts';
import { seriousViolationsOn } from '../support/accessibility.ts';
import { editorForFile } from '../support/editor-window.ts';
import { pythonPath } from '../support/python.ts';
import { backToRun, editorText, openRun, pictures, showTab } from '../support/run-in-editor.ts';
import type { Workbench } from '../support/workbench.ts';

/** The folder of the workspace lies below the root of its repository. */
const window = editorForFile({ settings: { 'git.openRepositoryInParentFolders': 'always' } });

const source = (rate: string): string => `import mlflow

rate = ${rate}
`;

/** Two runs of two commits, each with requirements of its own, and changes that were not committed. */
const logRuns = `import sys
import mlflow

store, commits = sys.argv[1], sys.argv[2:]
mlflow.set_tracking_uri(store)
for name, commit, version in (("early", commits[0], "1.0"), ("late", commits[1], "2.0")):
    tags = {"mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL", "mlflow.source.git.commit": commit}
    with mlflow.start_run(run_name=name, tags=tags):
        mlflow.log_param("rounds", name)
        mlflow.log_text(f"mlflow\\nnot-installed-here=={version}\\n", "requirements.txt")
        mlflow.log_text("--- a/train.py\\n+++ b/train.py\\n", "uncommitted.patch")
        mlflow.log_text('File "lab/train.py", line 3\\n', "logs/print.txt")
`;

/** Prints a line when the test says so, and fails when it says that. */
const project = `entry_points:
  main:
    parameters: {rounds: {default: few}}
    command: 'python -u loud.py'
`;

const loud = `import os, time

at = 0
while not os.path.exists("fail"):
    if os.path.exists(f"say{at + 1}"):
        at += 1
        print(f"said {at}")
    time.sleep(0.1)
raise ValueError("told to")
`;

interface Site {
  /** Below the root of its repository. */
  readonly folder: string;
  readonly commits: readonly string[];
}

const newSite = async (): Promise<Site> => {
  const root = await realpath(await window.editor.newFolder('repository'));
  const folder = join(root, 'lab');
  await mkdir(folder);
  const git = async (...args: readonly string[]): Promise<void> =>
    await runQuietly('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(root, '.gitignore'), 'mlflow.db\nmlruns\nsay*\nfail\n');
  await writeFile(join(folder, 'MLproject'), project);
  await writeFile(join(folder, 'loud.py'), loud);
  const commits: string[] = [];
  for (const rate of ['0.1', '0.2']) {
    await writeFile(join(folder, 'train.py'), source(rate));
    await git('add', '.');
    await git('commit', '--quiet', '-m', rate);
    commits.push((outputOf('git', ['-C', root, 'rev-parse', 'HEAD']) ?? '').trim());
  }
  await writeFile(join(folder, 'train.py'), source('0.3'));
  await runQuietly(pythonPath(), ['-c', logRuns, `sqlite:///${join(folder, 'mlflow.db')}`, ...commits], { cwd: folder });
  return { folder, commits };
};

const activeTab = (workbench: Workbench, title: string | RegExp): Locator => workbench.page.locator('.tab.active').filter({ hasText: title });

/** What the button opens, and what can be read there. */
const opens = async (workbench: Workbench, button: string, { title, text }: { readonly title: RegExp; readonly text: RegExp }): Promise<void> => {
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: button }), activeTab(workbench, title));
  await expect.poll(async () => await editorText(workbench)).toMatch(text);
  await workbench.screenshot(`run-code-${button.replaceAll(/\W+/g, '-').toLowerCase()}`);
  await backToRun(workbench);
};

test('code of a run: the source at its commit, what changed since, another run, a patch; its environment, and its params', async () => {
  const { folder, commits } = await newSite();
  const [first = '', second = ''] = commits.map((commit) => commit.slice(0, 8));
  const workbench = await window.openWindow(folder);
  await openRun(workbench, 'Default', workbench.treeRow('Experiments', 'early'));
  await showTab(workbench, 'Code & environment');
  await opens(workbench, 'Source at This Commit', { title: new RegExp(`train\\.py \\(${first}\\)`), text: /rate = 0\.1/ });
  await opens(workbench, 'Compare Source with Working Tree', { title: new RegExp(`${first} ↔ Working Tree`), text: /rate = 0\.1[^]*rate = 0\.3/ });
  await opens(workbench, 'All Changes Since', { title: new RegExp(`${first} ↔ Working Tree`), text: /rate = 0\.3/ });
  await opens(workbench, 'uncommitted.patch', { title: /uncommitted\.patch/, text: /--- a\/train\.py/ });
  const panel = workbench.webview.getByRole('tabpanel');
  await workbench.clickUntil(panel.getByRole('button', { name: /Commit of Another Run/ }), workbench.quickRow('late'));
  await workbench.clickUntil(workbench.quickRow('late'), activeTab(workbench, `${first} ↔ ${second}`));
  await backToRun(workbench);

  await comparesEnvironments(workbench, panel);
  expect(await seriousViolationsOn(await workbench.webviewScripts())).toEqual([]);
  await pictures(workbench, 'run-page-code');
  await workbench.clickUntil(panel.getByRole('button', { name: 'Apply These Params…' }), workbench.webview.getByLabel('rounds', { exact: true }));
  await expect.poll(async () => await workbench.webview.getByLabel('rounds', { exact: true }).inputValue()).toBe('early');
});

const comparesEnvironments = async (workbench: Workbench, panel: Locator): Promise<void> => {
  const rows = panel.getByRole('table', { name: /^Packages that differ/ }).locator('tbody tr');
  await workbench.clickUntil(panel.getByRole('button', { name: 'Compare with Python of the Workspace' }), rows.first());
  await expect.poll(async () => await rows.allInnerTexts()).toEqual(['not-installed-here\t1.0\tnone']);
  await workbench.clickUntil(panel.getByRole('button', { name: 'Compare with Another Run…' }), workbench.quickRow('late'));
  await workbench.quickRow('late').click();
  await expect.poll(async () => await rows.allInnerTexts()).toEqual(['not-installed-here\t1.0\t2.0']);
};

test('the log of a run is followed while it prints, and its traceback leads to the line', async () => {
  const folder = await window.editor.newFolder('loud');
  await writeFile(join(folder, 'MLproject'), project);
  await writeFile(join(folder, 'loud.py'), loud);
  const workbench = await window.openWindow(folder);
  await workbench.openFile('MLproject');
  await workbench.clickLens(/^\s*Run$/, workbench.codeLenses.filter({ hasText: /Stop/ }).first());
  await openRun(workbench, 'Default', workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]').first());
  await showTab(workbench, 'Log');
  const log = workbench.webview.getByRole('region', { name: 'Log' });
  for (const line of [1, 2]) {
    await writeFile(join(folder, `say${line}`), '');
    await expect.poll(async () => await log.innerText()).toContain(`said ${line}`);
  }
  await writeFile(join(folder, 'fail'), '');
  const place = log.getByRole('button', { name: /loud\.py", line 9/ });
  await place.waitFor();
  expect(await seriousViolationsOn(await workbench.webviewScripts())).toEqual([]);
  await pictures(workbench, 'run-page-log');
  await workbench.clickUntil(workbench.webview.getByRole('button', { name: 'Open Log' }), activeTab(workbench, '.log'));
  await expect.poll(async () => await editorText(workbench)).toContain('said 2');
  await backToRun(workbench);
  await workbench.clickUntil(place, workbench.editorTab('loud.py'));
  await workbench.statusBar.getByText('Ln 9, Col 1').waitFor();
});
