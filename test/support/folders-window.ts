import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { again, slow } from './again.ts';
import type { EditorOfFile } from './editor-window.ts';
import type { Workbench } from './workbench.ts';

export const storeRows = (workbench: Workbench) => workbench.view('Experiments').locator('.monaco-list-row[aria-level="1"]');

export const writeWorkspaceFile = async (file: string, folders: readonly string[]): Promise<void> =>
  await writeFile(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));

/**
 * A window on folders that have a store each, by a workspace file. VS Code in a browser now and then takes the file
 * for an empty one, until it is loaded again.
 */
export const openFolders = async (
  window: EditorOfFile,
  name: string,
  folders: readonly string[],
): Promise<{ readonly workbench: Workbench; readonly workspaceFile: string }> => {
  const workspaceFile = join(await window.editor.newFolder(name), `${name}.code-workspace`);
  await writeWorkspaceFile(workspaceFile, folders);
  const workbench = await window.openWindow(workspaceFile);
  await again(
    async (timeout) => {
      await workbench.showContainer('MLflow');
      await storeRows(workbench)
        .nth(folders.length - 1)
        .waitFor({ timeout });
    },
    async () => await workbench.goto(window.editor.server.windowUrl(workspaceFile)),
    slow,
  );
  return { workbench, workspaceFile };
};
