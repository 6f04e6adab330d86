import { relative, isAbsolute, sep } from 'node:path';
import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { readSetting } from '../../host/settings.ts';
import { findInterpreter, listInterpreters, type InterpreterSearch } from '../../shared/interpreter.ts';
import { selectInExtension } from './python-extensions.ts';

interface InterpreterItem extends vscode.QuickPickItem {
  /** What the setting becomes; undefined: ask for a file. */
  readonly setting: string | undefined;
}

/** Lets the user choose the interpreter of a folder: in the extension that selects it, or else for the setting `mlflow.pythonPath`. */
export const selectInterpreter = async (search: InterpreterSearch): Promise<void> => {
  if (search.selected !== undefined) return await selectInExtension(search.selected.origin, vscode.Uri.file(search.workspaceFolder));
  const title = 'Python Interpreter for Entry Points';
  const picked = await vscode.window.showQuickPick(itemsOf(search), { title, placeHolder: findInterpreter(search)?.path ?? 'None was found' });
  const setting = picked === undefined ? undefined : (picked.setting ?? (await browse(search)));
  if (setting === undefined) return;
  await keep(setting, vscode.Uri.file(search.workspaceFolder));
};

/** In the folder's own settings, which win over all others. */
const keep = async (setting: string, folder: vscode.Uri): Promise<void> => {
  const write = async (value: string | undefined): Promise<void> =>
    await vscode.workspace.getConfiguration('mlflow', folder).update('pythonPath', value, vscode.ConfigurationTarget.WorkspaceFolder);
  if (setting !== '') return await write(setting);
  await write(undefined);
  // Where the user's or the workspace's settings name an interpreter, an empty text is what says: look for one.
  if (readSetting('mlflow.pythonPath', folder) !== '') await write('');
};

const itemsOf = (search: InterpreterSearch): readonly InterpreterItem[] => {
  const found = findInterpreter({ ...search, setting: '' });
  return [
    { label: '$(search) Find It', description: iconSafeText(found?.path ?? 'none is there', 1000), setting: '' },
    ...listInterpreters(search).map((path): InterpreterItem => ({ label: iconSafeText(path, 1000), setting: portable(path, search.workspaceFolder) })),
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
