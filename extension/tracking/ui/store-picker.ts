import * as vscode from 'vscode';

import { executeCommand, type CommandId } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { addressText, awaitsAgreement, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import { lookOfStore } from '../store-look.ts';

interface StoreItem extends vscode.QuickPickItem {
  readonly store?: StoreConnection;
  readonly command?: CommandId;
}

/** Every store of the window with its state, and the ways to more; the chosen one is shown in the tree. */
export const showStores = async (stores: StoreConnections, reveal: (store: StoreConnection) => Promise<void>): Promise<void> => {
  const items: readonly StoreItem[] = [
    ...stores.all.map((store) => storeItem(store, stores)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(add) Open a Store…', command: 'mlflow.tracking.openStore' },
    { label: '$(database) Create a Local Store', command: 'mlflow.tracking.createLocalStore' },
    { label: '$(question) Which Python, MLflow and Store?', command: 'mlflow.projects.explainEnvironment' },
  ];
  const options = { title: 'MLflow Stores', placeHolder: 'Choose a store to show', matchOnDescription: true, matchOnDetail: true };
  const picked = await vscode.window.showQuickPick(items, options);
  if (picked?.command !== undefined) await executeCommand(picked.command);
  if (picked?.store === undefined) return;
  const { state, address } = picked.store;
  if (awaitsAgreement(picked.store)) return executeCommand('mlflow.tracking.connectStore', { kind: 'store', connection: picked.store });
  if (state.kind === 'failed' && address.kind === 'server') return executeCommand('mlflow.tracking.diagnoseStore', { kind: 'store', connection: picked.store });
  await reveal(picked.store);
};

const storeItem = (store: StoreConnection, stores: StoreConnections): StoreItem => {
  const { icon } = lookOfStore(store);
  return {
    label: `$(${icon}) ${iconSafeText(store.label, 80)}`,
    description: iconSafeText(addressText(store.address)),
    detail: iconSafeText(detailOf(store, stores), 400),
    store,
  };
};

const detailOf = (store: StoreConnection, stores: StoreConnections): string => {
  const { state, folder } = store;
  const logsHere = folder !== undefined && stores.activeFor(folder) === store ? ['programs started in its folder log here'] : [];
  switch (state.kind) {
    case 'opening':
      return 'opening…';
    case 'failed':
      return [state.message, ...(state.willRetry === true ? ['tried again by itself'] : [])].join(' · ');
    case 'ready':
      return [state.readOnlyReason === undefined ? 'open' : `read-only: ${state.readOnlyReason}`, ...logsHere].join(' · ');
    default:
      return state satisfies never;
  }
};
