import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

import { readEnvFile } from '../env-file.ts';
import { environmentsIn, type VariableSource } from '../program-variables.ts';

/** Where a person may have set variables for all programs of a folder: in the editor's environment, a setting, a file. */
export const userVariables = async (folder: vscode.WorkspaceFolder, envFile = envFileOf(folder)): Promise<readonly VariableSource[]> => [
  { name: 'the environment that the editor was started in', variables: process.env },
  terminalSetting(folder),
  { name: envFile, variables: await readVariables(envFile) },
];

/** What tasks.json sets: a terminal's environment would be laid over it. */
export const taskVariables = ({ uri }: vscode.WorkspaceFolder): readonly VariableSource[] =>
  environmentsIn(vscode.workspace.getConfiguration(undefined, uri).get('tasks')).map((variables) => ({ name: 'tasks.json', variables }));

const platforms: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'windows', darwin: 'osx' };

const terminalSetting = ({ uri }: vscode.WorkspaceFolder): VariableSource => {
  const name = `terminal.integrated.env.${platforms[process.platform] ?? 'linux'}`;
  return { name: `the setting ${name}`, variables: { ...vscode.workspace.getConfiguration(undefined, uri).get<Record<string, unknown>>(name) } };
};

/** The file that VS Code's Python extension gives to programs. */
export const envFileOf = ({ uri }: vscode.WorkspaceFolder): string => {
  const setting = vscode.workspace.getConfiguration(undefined, uri).get<unknown>('python.envFile');
  const path = typeof setting === 'string' ? setting.replace('${workspaceFolder}', uri.fsPath) : '';
  return path === '' || path.includes('${') ? join(uri.fsPath, '.env') : path;
};

const readVariables = async (path: string): Promise<Readonly<Record<string, string>>> => await readFile(path, 'utf8').then(readEnvFile, () => ({}));
