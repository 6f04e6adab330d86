import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { themes, type Workbench } from '../support/workbench.ts';

const window = editorForFile();

/** Prints a line twice a second, for three minutes: longer than any step takes, and it ends by itself. */
const project = `entry_points:
  main:
    command: 'for i in $(seq 360); do echo "tick $i of $MLFLOW_RUN_ID"; sleep 0.5; done'
`;

const lens = (workbench: Workbench, text: RegExp) => workbench.codeLenses.filter({ hasText: text }).first();

test('a run is started by its lens, goes on through a reload, is found again and stopped', async () => {
  const folder = await window.editor.newFolder('ticking');
  await writeFile(join(folder, 'MLproject'), project);
  const workbench = await window.openWindow(folder);
  await workbench.openFile('MLproject');
  await workbench.clickLens(/^\s*Run$/, lens(workbench, /Stop/));
  await expect.poll(async () => await workbench.terminalText()).toMatch(/tick 3 of \w{32}/);
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`running-${theme}`);
  }

  await workbench.reload();
  await lens(workbench, /Stop/).waitFor();
  await workbench.runCommand('MLflow: Show Output of Run');
  await expect.poll(async () => await workbench.terminalText()).toMatch(/tick \d+ of \w{32}/);
  await workbench.clickLens(/Stop/, lens(workbench, /last: stopped/));
  await expect.poll(async () => await workbench.terminalText()).toMatch(/Stopped after/);
  await workbench.screenshot('run-stopped');
});
