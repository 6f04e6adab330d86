import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { whenOpened } from '../../tracking/when-opened.ts';
import { folderFiles, type ModelFiles } from '../model-files.ts';
import { localFolderOf, needsStore, type ModelReference } from '../model-reference.ts';
import { openStoreModel, type StoreModel } from '../store-model-files.ts';

/** A model with all that is needed to look at it or to serve it. */
export interface OpenModel {
  readonly reference: ModelReference;
  readonly label: string;
  /** The store that it is of; absent for folders and other places. */
  readonly store?: StoreConnection;
  /** fsPath: its Python, its store and its terminal are those of this folder. */
  readonly workspaceFolder: string;
  /** Absent for places that only MLflow itself can read. */
  readonly files?: ModelFiles;
  readonly origin?: StoreModel;
}

export const openModel = async (reference: ModelReference, stores: StoreConnections, signal?: AbortSignal): Promise<OpenModel> => {
  const { modelUri } = reference;
  const folder = localFolderOf(modelUri);
  const workspaceFolder = workspaceFolderOf(folder, reference.storeId === undefined ? undefined : stores.byId(reference.storeId));
  if (folder !== undefined) return { reference: { modelUri: folder }, label: basename(folder), workspaceFolder, files: folderFiles(folder) };
  if (!needsStore(modelUri)) return { reference, label: modelUri, workspaceFolder };
  const store = await storeOf(reference, workspaceFolder, stores);
  const origin = await openStoreModel(store, modelUri, signal);
  return { reference: { storeId: store.id, modelUri }, label: labelOf(modelUri), store, workspaceFolder, files: origin.files, origin };
};

const storeOf = async ({ storeId, modelUri }: ModelReference, folder: string, stores: StoreConnections): Promise<StoreConnection> => {
  await stores.found;
  const store = storeId === undefined ? (stores.activeFor(folder) ?? stores.all[0]) : stores.byId(storeId);
  if (store === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${modelUri} is of a store that is not open here. Open it first (MLflow: Open Store…).`);
  await whenOpened(store);
  return store;
};

/** `wine@champion`, `wine/3`, `m-…`. */
const labelOf = (modelUri: string): string => modelUri.replace(/^(?:models|runs):\/+/, '');

const workspaceFolderOf = (folder: string | undefined, store: StoreConnection | undefined): string => {
  const inside = folder === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  const first = inside?.uri.fsPath ?? store?.folder ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? folder;
  if (first !== undefined) return first;
  throw new MlflowError('INVALID_STATE', 'Open a folder first: a model is served by the Python of a folder.');
};

/** The folder of a model, of the URI that a menu hands: its MLmodel file, or the folder itself. */
export const referenceToUri = async (uri: vscode.Uri): Promise<ModelReference> => {
  const { type } = await vscode.workspace.fs.stat(uri);
  return { modelUri: (type & vscode.FileType.Directory) !== 0 ? uri.fsPath : dirname(uri.fsPath) };
};
