import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { programsBelow } from '../support/programs-below.ts';
import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';

/** Command lines of what the extension has started. */
const ourPrograms = (editorPid: number): readonly string[] =>
  programsBelow(editorPid)
    .map(({ command }) => command)
    .filter((command) => /mlflow-workbench-[\d.]+\/dist\/(server|supervisor)/.test(command));

const window = editorForFile({ trusted: false });

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
  expect(await readdir(folder)).toEqual(files);

  await workbench.runCommand('Workspaces: Manage Workspace Trust');
  await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
  await workbench.treeRow('Experiments', 'wine-quality').waitFor();
  expect(ourPrograms(window.editor.server.pid)).toHaveLength(1);
  expect(await workbench.commandTitles('MLflow: Run Entry Point')).toContain('MLflow: Run Entry Point…');
});
