import * as vscode from 'vscode';

import type { ArtifactReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { artifactScheme, documentUri, readDocumentUri, storeKey } from '../artifact-document.ts';

export const toUri = ({ run, path }: ArtifactReference): vscode.Uri =>
  vscode.Uri.from({ scheme: artifactScheme, ...documentUri(run.storeId, run.runId, path) });

/** The store that a document's authority names, once it is open or has failed. */
export const storeOfUri = async (stores: StoreConnections, { authority }: vscode.Uri): Promise<StoreConnection> => {
  await stores.found;
  const store = stores.all.find(({ id }) => storeKey(id) === authority);
  if (store === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The store of this artifact is not open here. Open it first (MLflow: Open Store…).');
  await settled(store);
  return store;
};

/** After a restart editors come back before the stores have been opened. */
const settled = async (store: StoreConnection): Promise<void> => {
  if (store.state.kind !== 'opening') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = store.onDidChangeState(({ kind }) => kind !== 'opening' && resolve());
  try {
    await promise;
  } finally {
    subscription.dispose();
  }
};

export const toReference = async (stores: StoreConnections, uri: vscode.Uri): Promise<ArtifactReference> => {
  const { runId, path } = readDocumentUri(uri);
  const { id } = await storeOfUri(stores, uri);
  return { run: { storeId: id, runId }, path: path.join('/') };
};
