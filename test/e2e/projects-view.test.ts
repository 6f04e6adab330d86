import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { editorForFile } from '../support/editor-window.ts';

const window = editorForFile();

test('the view shows projects and entry points, follows their files, and runs what it shows', async () => {
  const folder = await window.editor.newFolder('projects');
  for (const name of ['good', 'bad']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'good/MLproject'), 'entry_points:\n  main:\n    command: echo "it ran in $PWD"\n');
  await writeFile(join(folder, 'bad/MLproject'), 'entry_points:\n  main: python train.py\n');
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  const main = workbench.treeRow('Projects', 'main');
  await main.waitFor();
  await expect.poll(async () => await workbench.treeRow('Projects', 'bad').innerText()).toMatch(/line 2/);
  await workbench.screenshot('projects-view');

  await writeFile(join(folder, 'bad/MLproject'), 'entry_points:\n  mended:\n    command: "true"\n');
  await workbench.treeRow('Projects', 'mended').waitFor();

  await workbench.chooseFromContextMenu(main, /^Run Entry Point…/, workbench.terminal);
  await expect.poll(async () => await workbench.terminalText()).toMatch(/it ran in .*good/);
});

test('an empty view makes an MLproject from the scripts of the folder', async () => {
  const folder = await window.editor.newFolder('scaffold');
  await writeFile(
    join(folder, 'train.py'),
    'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--alpha", type=float, default=0.5)\nprint("alpha is", parser.parse_args().alpha)\n',
  );
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  await workbench.clickUntil(workbench.view('Projects').getByRole('button', { name: 'Create MLproject' }), workbench.editorTab('MLproject'));
  const main = workbench.treeRow('Projects', 'main');
  await workbench.chooseFromContextMenu(main, /^Run Entry Point…/, workbench.terminal);
  await expect.poll(async () => await workbench.terminalText()).toMatch(/alpha is 0\.5/);
  await workbench.screenshot('scaffold');
});

test('what an environment takes from outside of its project is shown before it is first used', async () => {
  const folder = await window.editor.newFolder('outside');
  await writeFile(
    join(folder, 'MLproject'),
    'name: outside\ndocker_env: {image: "nowhere.invalid/none:1", volumes: ["$(pwd):/code", "/:/host"]}\nentry_points: {main: {command: "true"}}\n',
  );
  const workbench = await window.openWindow(folder);
  await workbench.showContainer('MLflow');
  const main = workbench.treeRow('Projects', 'main');
  const asked = workbench.dialog.filter({ hasText: '/:/host' });
  await workbench.chooseFromContextMenu(main, /^Run Entry Point…/, asked);
  expect(await asked.innerText()).not.toContain('/code');
  await workbench.screenshot('outside-means');
  await workbench.clickIn(asked, 'Cancel');
  expect(await workbench.terminal.count()).toBe(0);

  await workbench.chooseFromContextMenu(main, /^Run Entry Point…/, asked);
  await workbench.clickIn(asked, 'Run');
  // There is no such image, and maybe no engine.
  await expect.poll(async () => await workbench.terminalText()).toMatch(/Failed after/);
  await workbench.expand(workbench.treeRow('Experiments', 'Default'));
  const runs = workbench.view('Experiments').locator('.monaco-list-row[aria-level="3"]');
  await expect.poll(async () => await runs.count()).toBe(1);
  await workbench.chooseFromContextMenu(main, /^Run Entry Point…/);
  await expect.poll(async () => await runs.count()).toBe(2);
  expect(await asked.count()).toBe(0);
});
