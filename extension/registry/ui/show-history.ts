import * as vscode from 'vscode';

import { asStoreId } from '../../../schemas/ids.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import { followStores } from '../../tracking/follow-stores.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { historyCsv, historyJson } from '../history-export.ts';
import { readRegistryHistory } from '../read-history.ts';
import { whenOpened } from '../../tracking/when-opened.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import { historyMarkdown } from './history-text.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';

const scheme = 'mlflow-history';

/** What the address of a history names: it is read again after a restart. */
interface Shown {
  readonly store: string;
  readonly name: string;
}

const uriOf = ({ connection, name }: ModelNode | VersionNode): vscode.Uri => {
  const shown: Shown = { store: connection.id, name };
  return vscode.Uri.from({ scheme, path: `/History of ${name.replaceAll(/[/\\]/g, '_').slice(0, 100)}.md`, query: JSON.stringify(shown) });
};

export const registerHistory = (register: RegisterCommand, stores: StoreConnections, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  const changed = owned.own(new vscode.EventEmitter<vscode.Uri>());
  const provider = { onDidChange: changed.event, provideTextDocumentContent: (uri: vscode.Uri) => textOf(stores, uri) };
  owned.own(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
  owned.own(followStores(stores, (connection) => connection.onDidChange(({ type }) => type === 'registry' && refresh(connection, (uri) => changed.fire(uri)))));
  owned.own(register('mlflow.registry.showHistory', (...row) => vscode.commands.executeCommand('markdown.showPreview', uriOf(oneOf(chosen(clickedIn(row)))))));
  owned.own(register('mlflow.registry.exportHistory', (...row) => exportHistory(oneOf(chosen(clickedIn(row))))));
  return owned;
};

const oneOf = (nodes: readonly RegistryNode[]): ModelNode | VersionNode => {
  const node = nodes.find((one) => one.kind === 'model' || one.kind === 'version');
  if (node === undefined) throw new MlflowError('INVALID_STATE', 'Select a model in the view Model Registry first');
  return node;
};

/** Histories of this store that are open. */
const refresh = (connection: StoreConnection, tell: (uri: vscode.Uri) => void): void => {
  for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === scheme && shownIn(uri).store === connection.id) tell(uri);
};

const shownIn = ({ query }: vscode.Uri): Shown => JSON.parse(query) as Shown;

const textOf = async (stores: StoreConnections, uri: vscode.Uri): Promise<string> => {
  await stores.found;
  const { store, name } = shownIn(uri);
  const connection = stores.byId(asStoreId(store));
  try {
    if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${store} is not open in this window`);
    await whenOpened(connection);
    return historyMarkdown(name, await readRegistryHistory(connection, name));
  } catch (error) {
    return historyMarkdown(name, { changes: [], problem: errorMessage(error) });
  }
};

const exportHistory = async ({ connection, name }: ModelNode | VersionNode): Promise<void> => {
  const { changes } = await readRegistryHistory(connection, name);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 100)}-history.csv`;
  const uri = await vscode.window.showSaveDialog({
    title: 'Export History',
    filters: { CSV: ['csv'], JSON: ['json'] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, fileName) }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, Buffer.from(uri.path.endsWith('.json') ? historyJson(changes) : historyCsv(changes)));
};
