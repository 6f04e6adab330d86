import { globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { crashExtensionHost } from '../support/extension-host.ts';
import { programsOfRun } from '../support/programs-of-run.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

/** Of the real window; `test/projects/reloads.test.ts` kills as many extension hosts over one run. */
const reloads = process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 10 : 100;

/** ms */
const limit = 500_000 + reloads * 30_000;

/** Prints a line twice a second, for as long as the test may take, and ends by itself; with a daemon in a session of its own. */
const project = `entry_points:
  main:
    command: 'setsid -f sleep ${limit / 1_000}; for i in $(seq ${limit / 500}); do echo "tick $i of $MLFLOW_RUN_ID"; sleep 0.5; done'
`;

const lens = (workbench: Workbench, text: RegExp) => workbench.codeLenses.filter({ hasText: text }).first();

const ticksIn = (text: string): readonly number[] => [...text.matchAll(/^tick (\d+) of/gm)].map(([, tick]) => Number(tick));

/** What the only run of this editor has printed, from its first line on. */
const printedTicks = (folder: string): readonly number[] => {
  const [file = ''] = globSync('user-data/**/runs/*/output.log', { cwd: dirname(folder) });
  return ticksIn(readFileSync(join(dirname(folder), file), 'utf8'));
};

/** A line that was printed from now on: the terminal of an extension host that is gone shows none. */
const followsItsOutput = async (workbench: Workbench, folder: string): Promise<void> => {
  const now = printedTicks(folder).length;
  await lens(workbench, /Stop/).waitFor();
  await workbench.runCommand('MLflow: Show Output of Run');
  await expect.poll(async () => Math.max(...ticksIn(await workbench.terminalText()))).toBeGreaterThan(now);
};

test(
  'a run is started by its lens, goes on through reloads, a crash of the extension host and a closed editor, is found again and stopped whole',
  async () => {
    const folder = await window.editor.newFolder('ticking');
    await writeFile(join(folder, 'MLproject'), project);
    const workbench = await window.openWindow(folder);
    await workbench.openFile('MLproject');
    // Once, however slow the start is.
    await workbench.clickLens(/^\s*Run$/, workbench.statusBar.getByText('Starting main').or(lens(workbench, /Stop/)).first());
    const runIdIn = (text: string): string => /^tick \d+ of (\w{32})$/m.exec(text)?.[1] ?? '';
    await expect.poll(async () => runIdIn(await workbench.terminalText())).not.toBe('');
    const runId = runIdIn(await workbench.terminalText());
    const early = programsOfRun(runId);
    for (const theme of themes) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`running-${theme}`);
    }
    // Its shell and the daemon; between two lines there is another `sleep`.
    const stay = programsOfRun(runId).filter((pid) => early.includes(pid));
    expect(stay).toHaveLength(2);

    for (let reload = 0; reload < reloads; reload++) {
      await workbench.reload();
      await lens(workbench, /Stop/).waitFor();
    }
    await followsItsOutput(workbench, folder);
    await crashExtensionHost(window.editor.server.pid);
    await followsItsOutput(workbench, folder);
    await window.editor.restart();
    await workbench.goto(window.editor.server.windowUrl(folder));
    await followsItsOutput(workbench, folder);
    expect(programsOfRun(runId)).toEqual(expect.arrayContaining(stay));

    await workbench.clickLens(/Stop/, lens(workbench, /last: stopped/));
    await expect.poll(async () => await workbench.terminalText()).toMatch(/Stopped after/);
    await workbench.screenshot('run-stopped');
    expect(programsOfRun(runId)).toEqual([]);
    const ticks = printedTicks(folder);
    expect(ticks).toEqual(ticks.map((_, index) => index + 1));
    await workbench.showContainer('MLflow');
    await workbench.expand(workbench.treeRow('Experiments', 'Default'));
    const runs = workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]');
    await expect.poll(async () => await runs.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')).join())).toMatch(/killed/);
    expect(await runs.count()).toBe(1);
  },
  limit,
);
