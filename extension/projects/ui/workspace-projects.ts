import { dirname, join, posix, relative } from 'node:path';
import * as vscode from 'vscode';

import type { Disposable } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import { isProjectFileName, loadProject, type Project } from '../project.ts';

/** Spelled in any letter case, and not below folders that hold other people's code. */
const pattern = '**/[mM][lL][pP][rR][oO][jJ][eE][cC][tT]';
const excluded = '**/{node_modules,.git,.venv,venv,site-packages,mlruns,mlartifacts}/**';
/** A workspace with more is somebody's disk. */
const mostProjects = 500;

export interface FoundProject {
  readonly project: Project;
  readonly file: vscode.Uri;
  /** For people: relative to its workspace folder, whose name comes first when there are several. */
  readonly label: string;
  readonly workspaceFolder: vscode.WorkspaceFolder;
}

/** A file that MLflow would refuse, with its reason. */
export interface UnreadableProject {
  readonly file: vscode.Uri;
  readonly label: string;
  readonly problem: string;
}

/** In the order of their paths. */
export const findProjects = async (): Promise<readonly (FoundProject | UnreadableProject)[]> => {
  const files = await vscode.workspace.findFiles(pattern, excluded, mostProjects);
  const found = await Promise.all(files.filter(({ path }) => isProjectFileName(posix.basename(path))).map(findProject));
  return found.toSorted((a, b) => (a.file.fsPath < b.file.fsPath ? -1 : 1));
};

export const isReadable = (found: FoundProject | UnreadableProject): found is FoundProject => 'project' in found;

/** Tells of MLproject files that come, change or go. */
export const watchProjects = (onChange: () => void): Disposable => {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  const folders = vscode.workspace.onDidChangeWorkspaceFolders(onChange);
  watcher.onDidCreate(onChange);
  watcher.onDidChange(onChange);
  watcher.onDidDelete(onChange);
  return vscode.Disposable.from(watcher, folders);
};

const findProject = async (file: vscode.Uri): Promise<FoundProject | UnreadableProject> => {
  try {
    return await openProject(file);
  } catch (error) {
    return { file, label: labelOf(file), problem: errorMessage(error) };
  }
};

const labelOf = (file: vscode.Uri): string => {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  const below = folder === undefined ? '' : relative(folder.uri.fsPath, dirname(file.fsPath));
  if (below === '') return folder?.name ?? dirname(file.fsPath);
  const hasSeveralFolders = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return folder !== undefined && hasSeveralFolders ? join(folder.name, below) : below;
};

/** Throws with the reason for a file that cannot be read, or is not part of the workspace. */
export const openProject = async (file: vscode.Uri): Promise<FoundProject> => {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(file);
  if (workspaceFolder === undefined || file.scheme !== 'file') {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${file.fsPath} is not part of this workspace: open its folder to run it`);
  }
  return { project: await loadProject(dirname(file.fsPath)), file, workspaceFolder, label: labelOf(file) };
};
