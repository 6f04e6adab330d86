import { dirname, relative } from 'node:path';
import * as vscode from 'vscode';

import { MlflowError } from '../../shared/errors.ts';
import { isProjectFileName, loadProject, type Project } from '../project.ts';

/** Spelled in any letter case, and not below folders that hold other people's code. */
const pattern = '**/[mM][lL][pP][rR][oO][jJ][eE][cC][tT]';
const excluded = '**/{node_modules,.git,.venv,venv,site-packages,mlruns,mlartifacts}/**';
/** A workspace with more is somebody's disk. */
const mostProjects = 500;

export interface FoundProject {
  readonly project: Project;
  readonly file: vscode.Uri;
  /** Relative to its workspace folder, for people. */
  readonly label: string;
  readonly workspaceFolder: vscode.WorkspaceFolder;
}

/** Projects whose file could not be read are left out; their file says why, in the editor. */
export const findProjects = async (): Promise<readonly FoundProject[]> => {
  const files = await vscode.workspace.findFiles(pattern, excluded, mostProjects);
  const found = await Promise.all(files.filter(({ path }) => isProjectFileName(path.slice(path.lastIndexOf('/') + 1))).map(findProject));
  return found.filter((project) => project !== undefined).toSorted((a, b) => (a.file.fsPath < b.file.fsPath ? -1 : 1));
};

const findProject = async (file: vscode.Uri): Promise<FoundProject | undefined> => {
  try {
    return await openProject(file);
  } catch (error) {
    if (error instanceof MlflowError) return undefined;
    throw error;
  }
};

/** Throws with the reason for a file that cannot be read, or is not part of the workspace. */
export const openProject = async (file: vscode.Uri): Promise<FoundProject> => {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(file);
  if (workspaceFolder === undefined || file.scheme !== 'file') {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `${file.fsPath} is not part of this workspace: open its folder to run it`);
  }
  const directory = dirname(file.fsPath);
  const below = relative(workspaceFolder.uri.fsPath, directory);
  return { project: await loadProject(directory), file, workspaceFolder, label: below === '' ? workspaceFolder.name : below };
};
