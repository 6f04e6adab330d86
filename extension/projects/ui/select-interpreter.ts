import { relative, isAbsolute, sep } from 'node:path';
import * as vscode from 'vscode';

import { findInterpreter, listInterpreters, type InterpreterSearch } from '../interpreter.ts';

interface InterpreterItem extends vscode.QuickPickItem {
  /** What the setting becomes; undefined: ask for a file. */
  readonly setting: string | undefined;
}

/** Lets the user choose the interpreter of a folder, and keeps it in the setting `mlflow.pythonPath`. */
export const selectInterpreter = async (search: InterpreterSearch): Promise<void> => {
  const title = 'Python Interpreter for Entry Points';
  const picked = await vscode.window.showQuickPick(itemsOf(search), { title, placeHolder: findInterpreter(search)?.path ?? 'None was found' });
  const setting = picked === undefined ? undefined : (picked.setting ?? (await browse(search)));
  if (setting === undefined) return;
  const folder = vscode.Uri.file(search.workspaceFolder);
  const hasSeveralFolders = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const target = hasSeveralFolders ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('mlflow', folder).update('pythonPath', setting === '' ? undefined : setting, target);
};

const itemsOf = (search: InterpreterSearch): readonly InterpreterItem[] => {
  const found = findInterpreter({ ...search, setting: '' });
  return [
    { label: '$(search) Find It', description: found?.path ?? 'none is there', setting: '' },
    ...listInterpreters(search).map((path): InterpreterItem => ({ label: path, setting: portable(path, search.workspaceFolder) })),
    { label: '$(folder-opened) Browse…', setting: undefined },
  ];
};

/** Inside the folder the setting holds wherever the folder is. */
const portable = (path: string, workspaceFolder: string): string => {
  const below = relative(workspaceFolder, path);
  return below.startsWith('..') || isAbsolute(below) ? path : `\${workspaceFolder}${sep}${below}`;
};

const browse = async ({ workspaceFolder }: InterpreterSearch): Promise<string | undefined> => {
  const options = { defaultUri: vscode.Uri.file(workspaceFolder), openLabel: 'Use This Python', title: 'Python Interpreter' };
  const [file] = (await vscode.window.showOpenDialog(options)) ?? [];
  return file === undefined ? undefined : portable(file.fsPath, workspaceFolder);
};
