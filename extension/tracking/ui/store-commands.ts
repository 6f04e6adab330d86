import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServerProcess } from '../../shared/server-process.ts';
import { readStoreAddress } from '../store-address.ts';
import { addressText, type StoreConnection } from '../store-connection.ts';
import { createSample } from './create-sample.ts';
import { convertFolder } from './convert-store.ts';
import type { WindowStores } from './store-connections.ts';
import { addToSettings, pathIn, pickFolder } from './store-settings.ts';
import { isTreeNode } from './tree-nodes.ts';

export interface StoreCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: WindowStores;
  /** The window's. */
  readonly server: ServerProcess;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

export const registerStoreCommands = ({ register, stores, server, extensionUri, log }: StoreCommandsOptions): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.createLocalStore', () => createLocalStore(stores)));
  owned.own(register('mlflow.tracking.createSample', () => createSample({ server, extensionUri })));
  owned.own(register('mlflow.tracking.openStore', () => openStore(stores)));
  const convert = { stores, http: server.http, log, onConverted: (store: StoreConnection, path: string) => showConverted(stores, store, path) };
  owned.own(register('mlflow.tracking.convertStore', (item) => convertFolder(isTreeNode(item) ? item.connection : undefined, convert)));
  owned.own(register('mlflow.tracking.retryStore', (item) => isTreeNode(item) && stores.byId(item.connection.id)?.open()));
  return owned;
};

const createLocalStore = async (stores: WindowStores): Promise<void> => {
  const folder = await pickFolder('Create the store in');
  if (folder === undefined) return;
  const existing = stores.activeFor(folder.uri.fsPath);
  const progress = { location: vscode.ProgressLocation.Notification, title: lineText(`Creating a store in ${folder.name}`), cancellable: true };
  const store = await vscode.window.withProgress(progress, (_, token) => stores.ensureFor(folder.uri.fsPath, toSignal(token)));
  if (existing !== undefined) void sayInformation(`${folder.name} has a store already: ${store.label}`);
  await vscode.commands.executeCommand('mlflow.experiments.focus');
};

/** The file is in the folder's list of stores from now on, if it is not found by its name. */
const showConverted = async (stores: WindowStores, store: StoreConnection, path: string): Promise<void> => {
  await stores.search();
  const folder = store.folder === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(store.folder));
  if (folder === undefined || stores.byAddress(addressText({ kind: 'sqlite', path })) !== undefined) return;
  await addToSettings(folder, pathIn(folder.uri.fsPath, path));
  await stores.search();
};

/** A dialog chooses either files or folders. */
const kinds = [
  { label: 'SQLite File…', detail: 'An mlflow.db', isFolder: false },
  { label: 'Folder…', detail: 'An mlruns folder', isFolder: true },
  { label: 'Server…', detail: 'The address of an MLflow server', isFolder: undefined },
] as const;

const openStore = async (stores: WindowStores): Promise<void> => {
  const folder = await pickFolder('Open the store in');
  if (folder === undefined) return;
  const kind = await vscode.window.showQuickPick(kinds, { placeHolder: 'What is the store?' });
  if (kind === undefined) return;
  if (kind.isFolder === undefined) return addServer(stores, folder);
  const files = await vscode.window.showOpenDialog({
    title: 'Open a Store',
    openLabel: 'Open',
    defaultUri: folder.uri,
    canSelectFiles: !kind.isFolder,
    canSelectFolders: kind.isFolder,
    ...(!kind.isFolder && { filters: { 'SQLite databases': ['db', 'sqlite', 'sqlite3'], 'All files': ['*'] } }),
  });
  const file = files?.[0];
  if (file === undefined) return;
  await addToSettings(folder, pathIn(folder.uri.fsPath, file.fsPath));
  await stores.search();
  await vscode.commands.executeCommand('mlflow.experiments.focus');
};

const addServer = async (stores: WindowStores, folder: vscode.WorkspaceFolder): Promise<void> => {
  const problemOf = (text: string): string | undefined => (/^https?:\/\/[^\s/]/i.test(text.trim()) ? undefined : 'The address begins with http:// or https://');
  const text = await vscode.window.showInputBox({
    title: 'Open a Store',
    prompt: 'Address of the server; it is asked from the machine that the workspace is on',
    placeHolder: 'https://mlflow.example.org',
    validateInput: problemOf,
  });
  if (text === undefined) return;
  await addToSettings(folder, addressText(readStoreAddress(text, folder.uri.fsPath)));
  await stores.search();
  await vscode.commands.executeCommand('mlflow.experiments.focus');
};
