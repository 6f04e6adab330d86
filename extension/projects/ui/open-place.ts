import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Logger } from '../../shared/logger.ts';
import { userEnvironment } from '../../shared/process.ts';
import { fetchProject, type ProjectPlace } from '../fetch-project.ts';
import type { GitTools } from '../git.ts';
import { readProjectAddress } from '../project-address.ts';
import { loadProject } from '../project.ts';
import { withoutCredentials } from '../source-version.ts';
import { openFolder, type FoundProject } from './workspace-projects.ts';

export interface OpenPlaceOptions {
  /** Clones are kept below it. */
  readonly cloneRoot: string;
  readonly log: Logger;
}

/** A folder of the workspace, or a clone that is made first. */
export const openPlace = async (place: ProjectPlace, workspaceFolder: vscode.WorkspaceFolder, options: OpenPlaceOptions): Promise<FoundProject> => {
  const from = workspaceFolder.uri.fsPath;
  const address = readProjectAddress(place.uri, from);
  if (address.kind === 'folder' && place.version === undefined) return await openFolder(vscode.Uri.file(address.directory));
  const { directory, source } = await withGit(
    `Cloning ${withoutCredentials(place.uri)}`,
    options.log,
    async (tools) => await fetchProject(place, { from, cloneRoot: options.cloneRoot, tools }),
  );
  return { project: await loadProject(directory), place, label: lineText(withoutCredentials(place.uri)), workspaceFolder, source };
};

/** Git with a notification that shows how far it is and can be cancelled; it asks nothing, for there is no terminal. */
export const withGit = async <T>(title: string, log: Logger, work: (tools: GitTools) => Promise<T>): Promise<T> => {
  const options = { location: vscode.ProgressLocation.Notification, title: lineText(title), cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const onProgress = (line: string): void => {
      log.debug(`git: ${line}`);
      progress.report({ message: lineText(line) });
    };
    return await work({ environment: { ...userEnvironment(), GIT_TERMINAL_PROMPT: '0' }, signal: toSignal(token), onProgress });
  });
};

/** The folder that a start belongs to when it is none of a folder's; undefined when given up. */
export const pickWorkspaceFolder = async (): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
};
