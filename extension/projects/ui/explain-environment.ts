import * as vscode from 'vscode';

import { executeCommand, type CommandId } from '../../host/commands.ts';
import { sayInformation } from '../../host/messages.ts';
import { addressText, type StoreConnections } from '../../tracking/store-connection.ts';
import type { Interpreters } from './interpreters.ts';

/** What programs started without our doing get, in words that follow “Terminals, tasks and debug sessions”. */
export type ExplainPrograms = (folder: vscode.WorkspaceFolder) => Promise<string>;

export interface ExplainOptions {
  readonly stores: StoreConnections;
  readonly interpreters: Interpreters;
  readonly explainPrograms: ExplainPrograms;
}

const actions: Readonly<Record<string, CommandId>> = {
  'Select Python Interpreter…': 'mlflow.projects.selectInterpreter',
  'Show Stores…': 'mlflow.tracking.showStores',
  'Copy Diagnostics': 'mlflow.copyDiagnostics',
};

/** Answers, for each folder, which Python, which mlflow and which store its programs will use. */
export const explainEnvironment = async (options: ExplainOptions): Promise<void> => {
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const parts = await Promise.all(folders.map(async (folder) => (folders.length > 1 ? `${folder.name}\n` : '') + (await explainFolder(folder, options))));
  const detail = parts.length === 0 ? 'No trusted folder is open.' : parts.join('\n\n');
  const chosen = await sayInformation('What programs started here will use', { modal: true, detail }, ...Object.keys(actions));
  const command = chosen === undefined ? undefined : actions[chosen];
  if (command !== undefined) await executeCommand(command);
};

const explainFolder = async (folder: vscode.WorkspaceFolder, { stores, interpreters, explainPrograms }: ExplainOptions): Promise<string> => {
  const path = folder.uri.fsPath;
  const active = stores.activeFor(path);
  const store = active === undefined ? 'none yet: the first run makes an mlflow.db' : addressText(active.address);
  return [`Python: ${await interpreters.explain(path)}`, `Store: ${store}`, `Terminals, tasks and debug sessions ${await explainPrograms(folder)}`].join('\n');
};
