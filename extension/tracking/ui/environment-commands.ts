import { appendFile, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { isSystemError, MlflowError } from '../../shared/errors.ts';
import { envLinesToAppend, readEnvFile } from '../env-file.ts';
import { storeVariables, type StoreAddress } from '../store-connection.ts';
import { setsTrackingUri, trackingCell } from '../tracking-cell.ts';
import type { AgreedServers } from './agreed-servers.ts';
import type { ProgramEnvironment } from './program-environment.ts';
import { envFileOf } from './user-variables.ts';

interface EnvironmentCommandsOptions {
  readonly register: RegisterCommand;
  readonly environment: ProgramEnvironment;
  readonly agreed: AgreedServers;
}

export const registerEnvironmentCommands = ({ register, environment, agreed }: EnvironmentCommandsOptions): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.logToServer', async () => await chooseWhetherToLog(environment, agreed)));
  owned.own(register('mlflow.tracking.insertTrackingCell', async () => await insertTrackingCell(environment)));
  owned.own(register('mlflow.tracking.addToEnvFile', async () => await addToEnvFile(environment)));
  return owned;
};

/** Both answers, whatever was said before. */
const chooseWhetherToLog = async (environment: ProgramEnvironment, agreed: AgreedServers): Promise<void> => {
  const folder = await pickFolder();
  const address = folder && environment.storeOf(folder)?.address;
  if (folder === undefined || address === undefined) return;
  if (address.kind !== 'server') throw new MlflowError('INVALID_STATE', `Programs of ${folder.name} log to a store of the folder: ${address.path}`);
  const { url } = address;
  const now = agreed.answerFor(folder.uri.fsPath, url) === true;
  const items = [true, false].map((answer) => ({
    label: answer ? `Log to ${iconSafeText(url)}` : 'Log where the programs themselves say',
    description: answer === now ? 'as it is' : '',
    answer,
  }));
  const title = `Terminals, Tasks and Debug Sessions of ${lineText(folder.name, 60)}`;
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: 'Where do new ones log to?' });
  if (chosen !== undefined) await agreed.setAnswer(folder.uri.fsPath, url, chosen.answer);
};

const pickFolder = async (): Promise<vscode.WorkspaceFolder | undefined> => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
};

const requireAddress = (folder: vscode.WorkspaceFolder, environment: ProgramEnvironment): StoreAddress => {
  const store = environment.storeOf(folder);
  if (store === undefined) throw new MlflowError('INVALID_STATE', `${folder.name} has no store: create a local store or open one first`);
  return store.address;
};

/** Above all other cells; one that is there already is shown instead. */
const insertTrackingCell = async (environment: ProgramEnvironment): Promise<void> => {
  const editor = vscode.window.activeNotebookEditor;
  if (editor === undefined) throw new MlflowError('INVALID_STATE', 'Open a notebook first');
  const folder = vscode.workspace.getWorkspaceFolder(editor.notebook.uri) ?? (await pickFolder());
  if (folder === undefined) return;
  const present = editor.notebook.getCells().find(({ document }) => document.languageId === 'python' && setsTrackingUri(document.getText()));
  if (present === undefined) await insertCell(editor.notebook, trackingCell(requireAddress(folder, environment)));
  else void sayInformation('This notebook sets the tracking URI already.');
  show(editor, present?.index ?? 0);
};

const insertCell = async ({ uri }: vscode.NotebookDocument, text: string): Promise<void> => {
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, [vscode.NotebookEdit.insertCells(0, [new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python')])]);
  if (!(await vscode.workspace.applyEdit(edit))) throw new MlflowError('INVALID_STATE', 'This notebook cannot be changed');
};

const show = (editor: vscode.NotebookEditor, index: number): void => {
  const range = new vscode.NotebookRange(index, index + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
};

const add = 'Add';

/** Shows the line before it is written, and never writes it twice, nor over what a person has set. */
const addToEnvFile = async (environment: ProgramEnvironment): Promise<void> => {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const path = envFileOf(folder);
  const text = await readText(path);
  const variables = storeVariables(requireAddress(folder, environment));
  const present = readEnvFile(text)['MLFLOW_TRACKING_URI'];
  if (present !== undefined) return await showPresent(path, present === variables['MLFLOW_TRACKING_URI']);
  requireSaved(path);
  const lines = envLinesToAppend(text, variables);
  const detail = `${lines.trim()}\n\nKernels of notebooks and Python debug sessions read this file.`;
  if ((await sayInformation(`Add to ${path}?`, { modal: true, detail }, add)) !== add) return;
  await appendFile(path, lines);
  await vscode.window.showTextDocument(vscode.Uri.file(path));
};

const readText = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  });

const requireSaved = (path: string): void => {
  const isDirty = vscode.workspace.textDocuments.some(({ uri, isDirty: dirty }) => dirty && uri.scheme === 'file' && uri.fsPath === path);
  if (isDirty) throw new MlflowError('INVALID_STATE', `${path} has changes that are not saved: save it first`);
};

const showPresent = async (path: string, isSame: boolean): Promise<void> => {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const line = document
    .getText()
    .split(/\r?\n/)
    .findLastIndex((text) => /^\s*(?:export\s+)?'?MLFLOW_TRACKING_URI/.test(text));
  await vscode.window.showTextDocument(document, { selection: document.lineAt(Math.max(0, line)).range });
  const message = isSame ? 'It names the store that is shown already.' : 'It names another store already; remove that line to name the one that is shown.';
  void sayInformation(message);
};
