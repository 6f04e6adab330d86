import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import { folderRow, icon, moreRow, noteRow, speech, storeRow } from '../../host/tree-rows.ts';
import { leafName } from '../../tracking/name-folders.ts';
import { contextOfStore, lookOfStore, reasonFirst } from '../../tracking/store-look.ts';
import type { ModelVersion } from '../model-version.ts';
import { aliasesOf, modelDescription, versionDescription, type VersionContext } from './model-text.ts';
import { modelsShown, versionsShown, type RegistryBranch } from './registry-branch.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';

export interface RowContext {
  readonly branch: RegistryBranch;
  readonly metrics: readonly string[];
  readonly now: number;
}

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

export const toRegistryItem = (node: RegistryNode, context: RowContext): vscode.TreeItem => {
  const item = itemOf(node, context);
  item.id = node.id;
  return item;
};

const itemOf = (node: RegistryNode, context: RowContext): vscode.TreeItem => {
  switch (node.kind) {
    case 'store':
      return storeRow(node.connection, lookOfStore(node.connection), contextOfStore(node.connection));
    case 'folder':
      return folderRow(leafName(node.path), node.path);
    case 'model':
      return modelItem(node, context);
    case 'version':
      return versionItem(node, context);
    case 'more':
      return moreRow(node.name === undefined ? modelsShown : versionsShown, { command: 'mlflow.registry.showMore', title: 'Show More', arguments: [node] });
    case 'note':
      return noteRow(reasonFirst(node.text, node.connection), node);
    default:
      return node satisfies never;
  }
};

const modelItem = ({ name }: ModelNode, { branch }: RowContext): vscode.TreeItem => {
  const model = branch.model(name);
  const label = lineText(leafName(name));
  const item = new vscode.TreeItem(label, Collapsed);
  item.iconPath = icon('package');
  item.description = model === undefined ? '' : modelDescription(model);
  item.contextValue = 'model';
  item.accessibilityInformation = speech('registered model', label, item.description);
  return item;
};

export const versionContext = ({ name, version }: VersionNode, found: ModelVersion, { branch, metrics, now }: RowContext): VersionContext => ({
  aliases: aliasesOf(branch.model(name), version),
  run: branch.sourceRun(found),
  metrics,
  now,
});

const statusIcons: Readonly<Record<ModelVersion['status'], vscode.ThemeIcon>> = {
  READY: icon('versions'),
  PENDING_REGISTRATION: icon('loading~spin', 'testing.runAction'),
  FAILED_REGISTRATION: icon('error', 'testing.iconFailed'),
};

const versionItem = (node: VersionNode, context: RowContext): vscode.TreeItem => {
  const found = context.branch.version(node);
  const label = `Version ${node.version}`;
  const item = new vscode.TreeItem(label, None);
  item.contextValue = contextOfVersion(found);
  if (found === undefined) return item;
  item.description = versionDescription(found, versionContext(node, found, context));
  item.iconPath = statusIcons[found.status];
  item.accessibilityInformation = speech(label, item.description.replaceAll(' · ', ', '));
  return item;
};

/** Servers without stages leave them out. */
const contextOfVersion = (version: ModelVersion | undefined): string =>
  ['version', version?.status.toLowerCase() ?? 'unknown', ...(version?.currentStage === undefined ? [] : ['staged'])].join('.');
