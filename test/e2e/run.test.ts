import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';
import { newWineWorkspace } from '../support/wine-workspace.ts';

const window = editorForFile();

const isRunning = /epoch\s+\d+\s+train\/loss/;

test('an entry point runs from the palette: its output, its live metrics, its end', async () => {
  const workbench = await window.openWindow(await newWineWorkspace(window.editor));
  await workbench.showContainer('MLflow');
  await workbench.expand(workbench.treeRow('Experiments', 'wine-quality'));
  await workbench.runCommand('MLflow: Run Entry Point…');
  await workbench.quickRow('main').click();
  await expect.poll(async () => await workbench.terminalText(), { timeout: 60_000 }).toMatch(isRunning);
  const row = workbench.treeRow('Experiments', 'train/loss');
  await workbench.screenshot('running-dark');
  await expect.poll(async () => await row.getAttribute('aria-label')).toMatch(/running/);
  await expect.poll(async () => await row.getAttribute('aria-label'), { timeout: 120_000 }).toMatch(/finished/);
  await workbench.screenshot('finished-dark');
});
