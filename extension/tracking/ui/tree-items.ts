import * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Run, RunStatus } from '../run.ts';
import { isProbablyDead } from '../sign-of-life.ts';
import type { StoreConnection } from '../store-connection.ts';
import { contextOfStore, lookOfStore, reasonFirst } from '../store-look.ts';
import { leafName } from '../name-folders.ts';
import { pageSize } from './load-runs.ts';
import type { RunCounts } from './run-counts.ts';
import { experimentDescription, runDescription, runLabel, runSpeech } from './run-text.ts';
import type { StoreBranch } from './store-branch.ts';
import type { ExperimentNode, FolderNode, MoreNode, NoteNode, RunNode, StoreNode, TreeNode } from './tree-nodes.ts';

export interface RowContext {
  readonly branch: StoreBranch;
  readonly counts: RunCounts;
  readonly metrics: readonly string[];
  readonly isChecked: (run: RunReference) => boolean;
  /** Started by us: it can be stopped, and its output shown. */
  readonly isOwn: (run: RunReference) => boolean;
  readonly now: number;
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

export const toTreeItem = (node: TreeNode, context: RowContext): vscode.TreeItem => {
  const item = itemOf(node, context);
  item.id = node.id;
  return item;
};

const itemOf = (node: TreeNode, context: RowContext): vscode.TreeItem => {
  switch (node.kind) {
    case 'store':
      return storeItem(node);
    case 'folder':
      return folderItem(node);
    case 'experiment':
      return experimentItem(node, context);
    case 'run':
      return runItem(node, context);
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
  const { icon: name, color, description: stateText, tooltip } = lookOfStore(connection);
  const description = [folderText(connection), stateText].filter((part) => part !== '').join(' · ');
  const item = new vscode.TreeItem(label, Expanded);
  item.iconPath = icon(name, color);
  item.description = description;
  item.tooltip = tooltip;
  item.contextValue = contextOfStore(connection);
  item.accessibilityInformation = speech('store', label, description);
  return item;
};

/** Each folder may have an mlflow.db: then their names tell them apart. */
const folderText = ({ folder }: StoreConnection): string => {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? lineText(folders.find(({ uri }) => uri.fsPath === folder)?.name ?? '', 40) : '';
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

const experimentItem = ({ connection, experimentId }: ExperimentNode, { branch, counts }: RowContext): vscode.TreeItem => {
  const name = branch.experiment(experimentId)?.name ?? experimentId;
  const forest = branch.forest(experimentId);
  const label = lineText(leafName(name));
  const description = experimentDescription(counts.of(connection.id, experimentId), forest && { runs: forest.top().length, hasMore: forest.hasMore });
  const item = new vscode.TreeItem(label, Collapsed);
  item.iconPath = icon('beaker');
  item.description = description;
  item.tooltip = `${name}\nExperiment ID ${experimentId}`;
  item.contextValue = 'experiment';
  item.accessibilityInformation = speech('experiment', label, description);
  return item;
};

const runIcons: Readonly<Record<RunStatus, vscode.ThemeIcon>> = {
  RUNNING: icon('loading~spin', 'testing.runAction'),
  SCHEDULED: icon('history', 'testing.iconQueued'),
  FINISHED: icon('pass', 'testing.iconPassed'),
  FAILED: icon('error', 'testing.iconFailed'),
  KILLED: icon('circle-slash', 'testing.iconSkipped'),
};

const deadIcon = icon('question', 'list.warningForeground');

const runItem = (node: RunNode, { branch, metrics, isChecked, isOwn, now }: RowContext): vscode.TreeItem => {
  const run = branch.run(node);
  if (run === undefined) return new vscode.TreeItem(node.runId, None);
  const item = new vscode.TreeItem(runLabel(run), branch.forest(node.experimentId)?.mayHaveNested(node.runId) === true ? Collapsed : None);
  // Of our own runs a supervisor knows whether they live.
  const isDead = !isOwn(node.run) && isProbablyDead(run, now);
  item.description = [...(isDead ? ['probably dead'] : []), runDescription(run, metrics, now)].join(' · ');
  item.iconPath = isDead ? deadIcon : runIcons[run.info.status];
  item.contextValue = contextOfRun(run, { own: isOwn(node.run), dead: isDead });
  item.checkboxState = checkbox(run, isChecked(node.run));
  item.accessibilityInformation = { label: `${runSpeech(run, metrics, now)}${isDead ? ', probably dead' : ''}`, role: 'treeitem' };
  return item;
};

const contextOfRun = (run: Run, { own, dead }: { readonly own: boolean; readonly dead: boolean }): string => {
  const isOfProject = run.tags.some(({ key, value }) => key === 'mlflow.source.type' && value === 'PROJECT');
  return `run.${run.info.status.toLowerCase()}${own ? '.own' : ''}${dead ? '.dead' : ''}${isOfProject ? '.project' : ''}`;
};

const checkbox = (run: Run, checked: boolean): NonNullable<vscode.TreeItem['checkboxState']> => ({
  state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
  tooltip: checked ? 'Checked for comparison' : 'Check to compare',
  accessibilityInformation: { label: `Compare ${runLabel(run)}`, role: 'checkbox' },
});

const moreItem = (node: MoreNode): vscode.TreeItem => {
  const item = new vscode.TreeItem(`Show ${pageSize} more`, None);
  item.iconPath = icon('ellipsis');
  item.contextValue = 'more';
  item.command = { command: 'mlflow.tracking.showMoreRuns', title: 'Show More Runs', arguments: [node] };
  return item;
};

const noteItem = (node: NoteNode): vscode.TreeItem => {
  const { text, severity, connection, command } = node;
  const item = new vscode.TreeItem(lineText(reasonFirst(text, connection), 400), None);
  item.tooltip = text;
  if (command !== undefined) item.command = { command, title: 'Convert to SQLite…', arguments: [node] };
  item.contextValue = 'note';
  item.iconPath = severity === 'error' ? icon('warning', 'list.warningForeground') : icon('info');
  return item;
};
