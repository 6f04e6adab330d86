import * as vscode from 'vscode';

import { lineText } from './hostile-text.ts';

/** Rows that every tree of stores has. */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

export const icon = (name: string, color?: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));

/** What a screen reader says of a row: its icon in words, its label, what stands in grey. */
export const speech = (...parts: readonly string[]): vscode.AccessibilityInformation => ({ label: parts.filter((part) => part !== '').join(', ') });

interface Look {
  readonly icon: string;
  readonly color?: string;
  readonly description: string;
  readonly tooltip: string;
}

/** `folder` is the fsPath of the workspace folder that the store was found in. */
export const storeRow = (store: { readonly label: string; readonly folder?: string }, look: Look, contextValue: string): vscode.TreeItem => {
  const label = lineText(store.label);
  const description = [folderText(store.folder), look.description].filter((part) => part !== '').join(' · ');
  const item = new vscode.TreeItem(label, Expanded);
  item.iconPath = icon(look.icon, look.color);
  item.description = description;
  item.tooltip = look.tooltip;
  item.contextValue = contextValue;
  item.accessibilityInformation = speech('store', label, description);
  return item;
};

/** Each folder may have an mlflow.db: then their names tell them apart. */
const folderText = (folder: string | undefined): string => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? lineText(folders.find(({ uri }) => uri.fsPath === folder)?.name ?? '', 40) : '';
};

/** A part of names that have `/`. */
export const folderRow = (name: string, path: string): vscode.TreeItem => {
  const label = lineText(name);
  const item = new vscode.TreeItem(label, Collapsed);
  item.iconPath = icon('folder');
  item.tooltip = path;
  item.contextValue = 'folder';
  item.accessibilityInformation = speech('folder', label);
  return item;
};

export const moreRow = (count: number, command: vscode.Command): vscode.TreeItem => {
  const item = new vscode.TreeItem(`Show ${count} more`, None);
  item.iconPath = icon('ellipsis');
  item.contextValue = 'more';
  item.command = command;
  return item;
};

/** `label` is the part of the text that is seen in a narrow side bar. */
export const noteRow = (label: string, { text, severity }: { readonly text: string; readonly severity: 'info' | 'error' }): vscode.TreeItem => {
  const item = new vscode.TreeItem(lineText(label, 400), None);
  item.tooltip = text;
  item.contextValue = 'note';
  item.iconPath = severity === 'error' ? icon('warning', 'list.warningForeground') : icon('info');
  return item;
};
