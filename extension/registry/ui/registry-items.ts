import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import { leafName } from '../../tracking/name-folders.ts';
import { contextOfStore, lookOfStore, reasonFirst } from '../../tracking/store-look.ts';
import type { ModelVersion } from '../model-version.ts';
import { aliasesOf, modelDescription, versionDescription, type VersionContext } from './model-text.ts';
import { modelsShown, versionsShown, type RegistryBranch } from './registry-branch.ts';
import type { FolderNode, ModelNode, MoreNode, NoteNode, RegistryNode, StoreNode, VersionNode } from './registry-nodes.ts';

export interface RowContext {
  readonly branch: RegistryBranch;
  readonly metrics: readonly string[];
  readonly now: number;
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

export const toRegistryItem = (node: RegistryNode, context: RowContext): vscode.TreeItem => {
  const item = itemOf(node, context);
  item.id = node.id;
  return item;
};

const itemOf = (node: RegistryNode, context: RowContext): vscode.TreeItem => {
  switch (node.kind) {
    case 'store':
      return storeItem(node);
    case 'folder':
      return folderItem(node);
    case 'model':
      return modelItem(node, context);
    case 'version':
      return versionItem(node, context);
    case 'more':
      return moreItem(node);
    case 'note':
      return noteItem(node);
    default:
      return node satisfies never;
  }
};

const icon = (name: string, color?: string): vscode.ThemeIcon => new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));

/** What a screen reader says of a row: its icon in words, its label, what stands in grey. */
const speech = (...parts: readonly string[]): vscode.AccessibilityInformation => ({ label: parts.filter((part) => part !== '').join(', ') });

const storeItem = ({ connection }: StoreNode): vscode.TreeItem => {
  const label = lineText(connection.label);
  const look = lookOfStore(connection);
  const item = new vscode.TreeItem(label, Expanded);
  item.iconPath = icon(look.icon, look.color);
  item.description = look.description;
  item.tooltip = look.tooltip;
  item.contextValue = contextOfStore(connection);
  item.accessibilityInformation = speech('store', label, look.description);
  return item;
};

const folderItem = ({ path }: FolderNode): vscode.TreeItem => {
  const label = lineText(leafName(path));
  const item = new vscode.TreeItem(label, Collapsed);
  item.iconPath = icon('folder');
  item.tooltip = path;
  item.contextValue = 'folder';
  item.accessibilityInformation = speech('folder', label);
  return item;
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

const moreItem = (node: MoreNode): vscode.TreeItem => {
  const item = new vscode.TreeItem(`Show ${node.name === undefined ? modelsShown : versionsShown} more`, None);
  item.iconPath = icon('ellipsis');
  item.contextValue = 'more';
  item.command = { command: 'mlflow.registry.showMore', title: 'Show More', arguments: [node] };
  return item;
};

const noteItem = ({ text, severity, connection }: NoteNode): vscode.TreeItem => {
  const item = new vscode.TreeItem(lineText(reasonFirst(text, connection), 400), None);
  item.tooltip = text;
  item.contextValue = 'note';
  item.iconPath = severity === 'error' ? icon('warning', 'list.warningForeground') : icon('info');
  return item;
};
