import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { addressText, type StoreConnection } from '../store-connection.ts';

/** The only store, or the user's choice; undefined when given up. */
export const pickStore = async (stores: readonly StoreConnection[], title: string): Promise<StoreConnection | undefined> => {
  if (stores.length === 0) throw new MlflowError('INVALID_STATE', 'No store is open: create a local store or open one first');
  if (stores.length === 1) return stores[0];
  const items = stores.map((connection) => ({
    label: iconSafeText(connection.label),
    description: iconSafeText(addressText(connection.address)),
    connection,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Choose a store' }))?.connection;
};
