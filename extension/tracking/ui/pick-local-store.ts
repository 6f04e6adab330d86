import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { addressText, type StoreConnection, type StoreConnections, type StoreFile } from '../store-connection.ts';
import { isTreeNode } from './tree-nodes.ts';

export type FileConnection = StoreConnection & { readonly file: StoreFile };

/** The local store of a row, the only one there is, or the user's choice; undefined when given up. */
export const pickLocalStore = async (stores: StoreConnections, item: unknown, placeHolder: string): Promise<FileConnection | undefined> => {
  if (!vscode.workspace.isTrusted) throw new MlflowError('PERMISSION_DENIED', 'Stores are opened in trusted workspaces only');
  const clicked = isTreeNode(item) ? stores.byId(item.connection.id) : undefined;
  if (clicked !== undefined && isLocal(clicked)) return clicked;
  const local = stores.all.filter(isLocal);
  if (local.length === 0) throw new MlflowError('INVALID_STATE', 'There is no local store in this workspace');
  if (local.length === 1) return local[0];
  const rows = local.map((connection) => ({ label: iconSafeText(connection.label), description: iconSafeText(addressText(connection.address)), connection }));
  return (await vscode.window.showQuickPick(rows, { placeHolder }))?.connection;
};

const isLocal = (connection: StoreConnection): connection is FileConnection => connection.address.kind === 'sqlite' && connection.file !== undefined;
