import * as vscode from 'vscode';

import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../../tracking/store-connection.ts';
import type { Tagged } from '../tag-changes.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';

export const versionsIn = (nodes: readonly RegistryNode[]): readonly VersionNode[] => nodes.filter((node) => node.kind === 'version');
export const modelsIn = (nodes: readonly RegistryNode[]): readonly ModelNode[] => nodes.filter((node) => node.kind === 'model');

/** What has tags and a description. */
export type ModelOrVersionNode = ModelNode | VersionNode;

export const modelsAndVersionsIn = (nodes: readonly RegistryNode[]): readonly ModelOrVersionNode[] =>
  nodes.filter((node) => node.kind === 'model' || node.kind === 'version');

/** What a store calls it. */
export const taggedOf = (node: Pick<ModelNode, 'name'> & { readonly version?: number }): Tagged => ({
  name: node.name,
  ...(node.version !== undefined && { version: node.version }),
});

export const countText = (nodes: readonly ModelOrVersionNode[]): string => {
  const [first] = nodes;
  if (nodes.length > 1) return `${nodes.length} ${nodes.every(({ kind }) => kind === 'version') ? 'versions' : 'models and versions'}`;
  return first === undefined ? '' : lineText(first.name, 80) + (first.kind === 'version' ? ` Version ${first.version}` : '');
};

/** One version, or words when the command was started without any. */
export const oneVersion = (nodes: readonly RegistryNode[]): VersionNode => {
  const [version] = versionsIn(nodes);
  if (version === undefined) throw new MlflowError('INVALID_STATE', 'Select a version in the view Model Registry first');
  return version;
};

export const oneModel = (nodes: readonly RegistryNode[]): ModelNode => {
  const [model] = modelsIn(nodes);
  if (model === undefined) throw new MlflowError('INVALID_STATE', 'Select a model in the view Model Registry first');
  return model;
};

/** The only store that is open, or the user's choice; undefined when given up. */
export const chooseStore = async (stores: StoreConnections, title: string): Promise<StoreConnection | undefined> => {
  const ready = stores.all.filter(({ state }) => state.kind === 'ready');
  if (ready.length === 0) throw new MlflowError('INVALID_STATE', 'No store is open: create a local store or open one first');
  if (ready.length === 1) return ready[0];
  const items = ready.map((connection) => ({
    label: iconSafeText(connection.label),
    description: iconSafeText(addressText(connection.address)),
    connection,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Choose a store' }))?.connection;
};
