import * as vscode from 'vscode';

import { asStoreId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import { TextFiles, type TextPlace } from '../../host/text-files.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { followStores } from '../../tracking/follow-stores.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { whenOpened } from '../../tracking/when-opened.ts';
import { readDescribed, writeDescription } from '../description-changes.ts';
import type { RegistryStore } from '../registry-store.ts';
import { registryOf } from '../registry-of.ts';
import type { ModelOrVersionNode } from './selection.ts';

const scheme = 'mlflow-description';

/** What the address of a description names. */
interface Described {
  readonly store: string;
  readonly name: string;
  readonly version?: number;
}

/** The path is the tab's title; what is meant stands in the query. */
export const descriptionUri = ({ connection, ...node }: ModelOrVersionNode): vscode.Uri => {
  const described: Described = { store: connection.id, name: node.name, ...(node.kind === 'version' && { version: node.version }) };
  const title = node.name.replaceAll(/[/\\]/g, '_') + (node.kind === 'version' ? ` version ${node.version}` : '');
  return vscode.Uri.from({ scheme, path: `/${title}.md`, query: JSON.stringify(described) });
};

/** Tabs that come back after a restart are sooner there than their stores. */
const registryWith = async (stores: StoreConnections, { store }: Described): Promise<RegistryStore> => {
  await stores.found;
  const connection = stores.byId(asStoreId(store));
  if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${store} is not open in this window`);
  await whenOpened(connection);
  return registryOf(connection);
};

/** The description of a model or of one of its versions. */
const placeOf = (stores: StoreConnections, uri: vscode.Uri): TextPlace => {
  const described = JSON.parse(uri.query) as Described;
  const isTold = ({ type }: StoreEvent): boolean => type === 'registry' || type === 'reset';
  return {
    read: async () => {
      const { description = '', creationTimestamp, lastUpdatedTimestamp } = await readDescribed(await registryWith(stores, described), described);
      return { text: description, ctime: creationTimestamp, mtime: lastUpdatedTimestamp };
    },
    write: async (text) => writeDescription(await registryWith(stores, described), described, text),
    onDidChange: (listener) => followStores(stores, ({ id, onDidChange }) => onDidChange((event) => id === described.store && isTold(event) && listener())),
  };
};

/** Descriptions as files. */
export const registerDescriptionFiles = (stores: StoreConnections): Disposable => {
  const owned = new Disposables();
  const files = owned.own(new TextFiles((uri) => placeOf(stores, uri)));
  owned.own(vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }));
  return owned;
};
