import * as vscode from 'vscode';

import { asStoreId } from '../../../schemas/ids.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { TextFiles, type TextPlace } from '../../host/text-files.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import type { RegistryStore } from '../registry-store.ts';
import { registryOf } from '../registry-of.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';
import { type Chosen } from './selection.ts';

const scheme = 'mlflow-description';

/** What the address of a description names. */
interface Described {
  readonly store: string;
  readonly name: string;
  readonly version?: number;
}

/** The path is the tab's title; what is meant stands in the query. */
const uriOf = ({ connection, ...node }: ModelNode | VersionNode): vscode.Uri => {
  const described: Described = { store: connection.id, name: node.name, ...(node.kind === 'version' && { version: node.version }) };
  const title = node.name.replaceAll(/[/\\]/g, '_') + (node.kind === 'version' ? ` version ${node.version}` : '');
  return vscode.Uri.from({ scheme, path: `/${title}.md`, query: JSON.stringify(described) });
};

/** The description of a model or of one of its versions. */
const placeOf = (stores: StoreConnections, uri: vscode.Uri): TextPlace => {
  const described = JSON.parse(uri.query) as Described;
  const connection = stores.byId(asStoreId(described.store));
  if (connection === undefined) throw vscode.FileSystemError.Unavailable(`The store ${described.store} is not open in this window`);
  const registry = registryOf(connection);
  return {
    read: async () => {
      const { description = '', creationTimestamp: ctime, lastUpdatedTimestamp: mtime } = await readDescribed(registry, described);
      return { text: description, ctime, mtime };
    },
    write: async (text) => {
      if (described.version === undefined) await registry.updateRegisteredModel(described.name, text);
      else await registry.updateModelVersion(described.name, described.version, text);
    },
    onDidChange: (listener) => connection.onDidChange(({ type }) => (type === 'registry' || type === 'reset') && listener()),
  };
};

const readDescribed = async (registry: RegistryStore, { name, version }: Described) =>
  version === undefined ? await registry.getRegisteredModel(name) : await registry.getModelVersion(name, version);

export const registerDescriptions = (register: RegisterCommand, stores: StoreConnections, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  const files = owned.own(new TextFiles((uri) => placeOf(stores, uri)));
  owned.own(vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }));
  owned.own(register('mlflow.registry.editDescription', (item) => openDescription(chosen(item))));
  return owned;
};

const openDescription = async (nodes: readonly RegistryNode[]): Promise<void> => {
  const node = nodes.find((one) => one.kind === 'model' || one.kind === 'version');
  if (node !== undefined) await vscode.window.showTextDocument(uriOf(node), { preview: false });
};
