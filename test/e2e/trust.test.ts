import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { programsBelow } from '../support/programs-below.ts';
import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';
import type { Workbench } from '../support/workbench.ts';

/** Command lines of what the extension has started. */
const ourPrograms = (editorPid: number): readonly string[] =>
  programsBelow(editorPid)
    .map(({ command }) => command)
    .filter((command) => /mlflow-workbench-[\d.]+\/dist\/(server|supervisor)/.test(command));

const window = editorForFile({ trusted: false });

const starts = ['Run Entry Point…', 'Run Entry Point with Parameters…', 'Run Last Entry Point', 'Run Project from Git…'];

/** By the palette, the keyboard, the view, and the lens, which is there to say why. */
const refusesToStart = async (workbench: Workbench): Promise<void> => {
  const titles = await workbench.commandTitles('MLflow: Run');
  for (const start of starts) expect(titles).not.toContain(`MLflow: ${start}`);
  await workbench.page.keyboard.press('Control+Alt+m');
  await workbench.page.keyboard.press('l');
  await workbench.treeRow('Projects', 'main').hover();
  expect(await workbench.treeRow('Projects', 'main').locator('.action-label').count()).toBe(0);
  await workbench.openFile('MLproject');
  await workbench.clickLens(/^\s*Run$/, workbench.notifications.filter({ hasText: /This workspace is not trusted/ }));
};

test('an untrusted workspace runs nothing, says so, and works once it is trusted', async () => {
  const folder = await newWineWorkspace(window.editor);
  const files = await readdir(folder);
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.view('Experiments').getByText('not trusted').waitFor();
  expect(await workbench.view('Experiments').locator('.monaco-list-row').count()).toBe(0);
  expect(await workbench.commandTitles('MLflow: Run Entry Point')).not.toContain('MLflow: Run Entry Point…');
  expect(ourPrograms(window.editor.server.pid)).toEqual([]);
  await workbench.screenshot('untrusted');
  await refusesToStart(workbench);
  expect(ourPrograms(window.editor.server.pid)).toEqual([]);
  expect(await readdir(folder)).toEqual(files);

  const trust = workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true });
  await workbench.runCommand('Workspaces: Manage Workspace Trust', trust);
  await trust.click();
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  expect(ourPrograms(window.editor.server.pid)).toHaveLength(1);
  expect(await workbench.commandTitles('MLflow: Run Entry Point')).toContain('MLflow: Run Entry Point…');
});
