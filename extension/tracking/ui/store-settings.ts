import { isAbsolute, relative } from 'node:path';
import * as vscode from 'vscode';

import { readSetting } from '../../host/settings.ts';
import { MlflowError } from '../../shared/errors.ts';

/** The folder itself when there is one; otherwise the user's choice, undefined when given up. */
export const pickFolder = async (placeHolder: string): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (!vscode.workspace.isTrusted) throw new MlflowError('PERMISSION_DENIED', 'Stores are opened in trusted workspaces only');
  if (folders.length === 0) throw new MlflowError('INVALID_STATE', 'Open a folder first: a store belongs to one');
  return folders.length === 1 ? folders[0] : await vscode.window.showWorkspaceFolderPick({ placeHolder });
};

/** Relative inside the folder, so that the setting works on other machines too. */
export const pathIn = (folder: string, path: string): string => {
  const inside = relative(folder, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
};

/** The folder has this store too, from now on. */
export const addToSettings = async (folder: vscode.WorkspaceFolder, store: string): Promise<void> => {
  const known = readSetting('mlflow.stores', folder.uri);
  if (known.includes(store)) return;
  const target = (vscode.workspace.workspaceFolders?.length ?? 0) > 1 ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('mlflow', folder.uri).update('stores', [...known, store], target);
};
