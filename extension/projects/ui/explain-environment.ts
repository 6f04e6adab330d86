import * as vscode from 'vscode';

import { executeCommand, type CommandId } from '../../host/commands.ts';
import { addressText, type StoreConnections } from '../../tracking/store-connection.ts';
import type { Interpreters } from './interpreters.ts';

const actions: Readonly<Record<string, CommandId>> = {
  'Select Python Interpreter…': 'mlflow.projects.selectInterpreter',
  'Show Stores…': 'mlflow.tracking.showStores',
  'Copy Diagnostics': 'mlflow.copyDiagnostics',
};

/** Answers, for each folder, which Python, which mlflow and which store its programs will use. */
export const explainEnvironment = async (stores: StoreConnections, interpreters: Interpreters): Promise<void> => {
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  const parts = await Promise.all(folders.map(async ({ name, uri }) => explainFolder(folders.length > 1 ? `${name}\n` : '', uri.fsPath, stores, interpreters)));
  const detail = parts.length === 0 ? 'No trusted folder is open.' : parts.join('\n\n');
  const chosen = await vscode.window.showInformationMessage('What programs started here will use', { modal: true, detail }, ...Object.keys(actions));
  const command = chosen === undefined ? undefined : actions[chosen];
  if (command !== undefined) await executeCommand(command);
};

const explainFolder = async (head: string, path: string, stores: StoreConnections, interpreters: Interpreters): Promise<string> => {
  const active = stores.activeFor(path);
  const store = active === undefined ? 'none yet: the first run makes an mlflow.db' : addressText(active.address);
  return `${head}Python: ${await interpreters.explain(path)}\nStore: ${store}`;
};
