import * as vscode from 'vscode';

import { executeCommand } from '../../host/commands.ts';
import { parseModelUri } from '../../registry/model-uri.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';

interface AddressLink {
  /** Uri of the file that the address stands in. */
  readonly document: string;
  readonly uri: string;
}

/** What a command was handed may be anything. */
const readLink = (value: unknown): AddressLink | undefined => {
  if (typeof value !== 'object' || value === null || !('document' in value) || !('uri' in value)) return undefined;
  const { document, uri } = value;
  return typeof document === 'string' && typeof uri === 'string' ? { document, uri } : undefined;
};

/** Opens the page of a model; of a run for `runs:/…` that holds no model. */
export const openAddress = async (value: unknown, stores: StoreConnections): Promise<void> => {
  const link = readLink(value);
  if (link === undefined) return;
  const store = await storeFor(link, stores);
  const address = parseModelUri(link.uri);
  if (address.kind !== 'run' || (await holdsModel(store, address))) {
    await executeCommand('mlflow.models.open', { storeId: store.id, modelUri: link.uri });
    return;
  }
  await executeCommand('mlflow.tracking.openRun', { run: { storeId: store.id, runId: address.runId } });
};

const storeFor = async ({ document, uri }: AddressLink, stores: StoreConnections): Promise<StoreConnection> => {
  await stores.found;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(document));
  const store = (folder === undefined ? undefined : stores.activeFor(folder.uri.fsPath)) ?? stores.all[0];
  if (store === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${uri} is of a store, and none is open here. Open it first (MLflow: Open Store…).`);
  return store;
};

const holdsModel = async ({ artifacts }: StoreConnection, { runId, path }: Extract<ReturnType<typeof parseModelUri>, { kind: 'run' }>): Promise<boolean> => {
  if (path === '') return false;
  const inside = await artifacts.listArtifacts(runId, path.replace(/\/+$/, ''));
  return inside.some((file) => file.path.endsWith('/MLmodel'));
};
