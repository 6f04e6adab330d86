import { join, posix, relative } from 'node:path';
import * as vscode from 'vscode';

import type { Disposable } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { ProjectPlace } from '../fetch-project.ts';
import type { Project } from '../project.ts';
import type { RunSource } from '../source-version.ts';

/** Spelled in any letter case, and not below folders that hold other people's code. */
const pattern = '**/[mM][lL][pP][rR][oO][jJ][eE][cC][tT]';
const excluded = '**/{node_modules,.git,.venv,venv,site-packages,mlruns,mlartifacts}/**';
/** A workspace with more is somebody's disk. */
const mostProjects = 500;

export interface FoundProject {
  readonly project: Project;
  /** What `mlflow run` would be given. */
  readonly place: ProjectPlace;
  /** For people: a git address, or a folder relative to its workspace folder, whose name comes first when there are several. */
  readonly label: string;
  readonly workspaceFolder: vscode.WorkspaceFolder;
  /** Where what was cloned comes from. */
  readonly source?: RunSource;
}

/** One that lies in the workspace, with its file. */
export interface WorkspaceProject extends FoundProject {
  readonly file: vscode.Uri;
}

/** A file that MLflow would refuse, with its reason. */
export interface UnreadableProject {
  readonly file: vscode.Uri;
  readonly label: string;
  readonly problem: string;
}

/** In the order of their paths. */
export const findProjects = async (): Promise<readonly (WorkspaceProject | UnreadableProject)[]> => {
  const [files, { isProjectFileName }] = await Promise.all([vscode.workspace.findFiles(pattern, excluded, mostProjects), import('../project.ts')]);
  const found = await Promise.all(files.filter(({ path }) => isProjectFileName(posix.basename(path))).map(findProject));
  return found.toSorted((a, b) => (a.file.fsPath < b.file.fsPath ? -1 : 1));
};

export const isReadable = <Found extends FoundProject>(found: Found | UnreadableProject): found is Found => 'project' in found;

/** Tells of MLproject files that come, change or go. */
export const watchProjects = (onChange: () => void): Disposable => {
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  const folders = vscode.workspace.onDidChangeWorkspaceFolders(onChange);
  watcher.onDidCreate(onChange);
  watcher.onDidChange(onChange);
  watcher.onDidDelete(onChange);
  return vscode.Disposable.from(watcher, folders);
};

const findProject = async (file: vscode.Uri): Promise<WorkspaceProject | UnreadableProject> => {
  const folder = vscode.Uri.joinPath(file, '..');
  try {
    return { ...(await openFolder(folder)), file };
  } catch (error) {
    return { file, label: labelOf(folder), problem: errorMessage(error) };
  }
};

const labelOf = (directory: vscode.Uri): string => {
  const folder = vscode.workspace.getWorkspaceFolder(directory);
  const below = folder === undefined ? '' : relative(folder.uri.fsPath, directory.fsPath);
  if (below === '') return folder?.name ?? directory.fsPath;
  const hasSeveralFolders = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return folder !== undefined && hasSeveralFolders ? join(folder.name, below) : below;
};

/** Throws with the reason for what cannot be read, or is not part of the workspace. */
export const openFolder = async (directory: vscode.Uri): Promise<FoundProject> => {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(directory);
  if (workspaceFolder === undefined || directory.scheme !== 'file') {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${directory.fsPath} is not part of this workspace: open its folder to run it`);
  }
  const { loadProject } = await import('../project.ts');
  return { project: await loadProject(directory.fsPath), place: { uri: directory.fsPath }, workspaceFolder, label: labelOf(directory) };
};

export const workspacePaths = (): readonly string[] => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
