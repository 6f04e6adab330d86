import * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { folderRow, icon, moreRow, noteRow, speech, storeRow } from '../../host/tree-rows.ts';
import type { Run, RunStatus } from '../run.ts';
import { runThemeColor } from '../run-theme-color.ts';
import { isProbablyDead } from '../sign-of-life.ts';
import { contextOfStore, lookOfStore, reasonFirst } from '../store-look.ts';
import { leafName } from '../name-folders.ts';
import { pageSize } from './load-runs.ts';
import type { RunCounts } from './run-counts.ts';
import { staleUri } from './stale-rows.ts';
import { experimentDescription, runDescription, runLabel, runSpeech } from './run-text.ts';
import type { StoreBranch } from './store-branch.ts';
import type { ExperimentNode, NoteNode, RunNode, TreeNode } from './tree-nodes.ts';

export interface RowContext {
  readonly branch: StoreBranch;
  readonly counts: RunCounts;
  readonly metrics: readonly string[];
  readonly isChecked: (run: RunReference) => boolean;
  /** Started by us: it can be stopped, and its output shown. */
  readonly isOwn: (run: RunReference) => boolean;
  readonly now: number;
}

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

export const toTreeItem = (node: TreeNode, context: RowContext): vscode.TreeItem => {
  const item = itemOf(node, context);
  item.id = node.id;
  return context.branch.isStale && node.kind !== 'store' && node.kind !== 'note' ? grey(item, node) : item;
};

/** A row as it was before its store went away: nothing can be done to it, and nothing turns. */
const grey = (item: vscode.TreeItem, { id }: TreeNode): vscode.TreeItem => {
  const name = item.iconPath instanceof vscode.ThemeIcon ? item.iconPath.id.replace('~spin', '') : 'circle-outline';
  item.iconPath = icon(name, 'disabledForeground');
  item.resourceUri = staleUri(id);
  item.contextValue = 'stale';
  delete item.checkboxState;
  const { label = '' } = item.accessibilityInformation ?? {};
  item.accessibilityInformation = { label: `${label}, as last read`, role: 'treeitem' };
  return item;
};

const itemOf = (node: TreeNode, context: RowContext): vscode.TreeItem => {
  switch (node.kind) {
    case 'store':
      return storeRow(node.connection, lookOfStore(node.connection), contextOfStore(node.connection));
    case 'favourites':
      return favouritesItem();
    case 'folder':
      return folderRow(leafName(node.path), node.path);
    case 'experiment':
      return experimentItem(node, context);
    case 'run':
      return runItem(node, context);
    case 'more':
      return moreRow(pageSize, { command: 'mlflow.tracking.showMoreRuns', title: 'Show More Runs', arguments: [node] });
    case 'note':
      return noteItem(node);
    default:
      return node satisfies never;
  }
};

const favouritesItem = (): vscode.TreeItem => {
  const item = new vscode.TreeItem('Favourites', Collapsed);
  item.iconPath = icon('star-full');
  item.contextValue = 'favourites';
  return item;
};

/** MLflow's own pages show it too. */
const served = ({ connection }: TreeNode): string => (connection.address.kind === 'server' ? '.server' : '');

const starred = (isFavourite: boolean): string => (isFavourite ? '.favourite' : '');

const experimentItem = (node: ExperimentNode, { branch, counts }: RowContext): vscode.TreeItem => {
  const { connection, experimentId } = node;
  const name = branch.experiment(experimentId)?.name ?? experimentId;
  const forest = branch.forest(experimentId);
  const label = lineText(leafName(name));
  const description = experimentDescription(counts.of(connection.id, experimentId), forest && { runs: forest.top().length, hasMore: forest.hasMore });
  const item = new vscode.TreeItem(label, node.isFavourite === true ? None : Collapsed);
  if (node.isFavourite === true) item.command = { command: 'mlflow.tracking.openRuns', title: 'Open Runs in Table', arguments: [node] };
  item.iconPath = icon('beaker');
  item.description = description;
  item.tooltip = `${name}\nExperiment ID ${experimentId}`;
  item.contextValue = `experiment${served(node)}${starred(branch.isFavourite({ experimentId }))}`;
  item.accessibilityInformation = speech('experiment', label, description);
  return item;
};

/** Without a colour: that of the run, by which it is found in tables and charts. A label has none of its own, and what has gone wrong has to look so. */
const runIcons: Readonly<Record<RunStatus, { readonly name: string; readonly color?: string }>> = {
  RUNNING: { name: 'loading~spin' },
  SCHEDULED: { name: 'history', color: 'testing.iconQueued' },
  FINISHED: { name: 'pass-filled' },
  FAILED: { name: 'error', color: 'testing.iconFailed' },
  KILLED: { name: 'circle-slash', color: 'testing.iconSkipped' },
};

const runIcon = (run: Run): vscode.ThemeIcon => {
  const { name, color = runThemeColor(run) } = runIcons[run.info.status];
  return icon(name, color);
};

const deadIcon = icon('question', 'list.warningForeground');

const runItem = (node: RunNode, { branch, metrics, isChecked, isOwn, now }: RowContext): vscode.TreeItem => {
  const run = branch.run(node);
  if (run === undefined) return new vscode.TreeItem(node.runId, None);
  const item = new vscode.TreeItem(
    runLabel(run),
    node.isFavourite !== true && branch.forest(node.experimentId)?.mayHaveNested(node.runId) === true ? Collapsed : None,
  );
  // Of our own runs a supervisor knows whether they live.
  const isDead = !isOwn(node.run) && isProbablyDead(run, now);
  item.description = [...(isDead ? ['probably dead'] : []), runDescription(run, metrics, now)].join(' · ');
  item.iconPath = isDead ? deadIcon : runIcon(run);
  item.contextValue = `${contextOfRun(run, { own: isOwn(node.run), dead: isDead })}${served(node)}${starred(branch.isFavourite(node))}`;
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

const noteTitles: Readonly<Record<NonNullable<NoteNode['command']>, string>> = {
  'mlflow.tracking.convertStore': 'Convert to SQLite…',
  'mlflow.tracking.connectStore': 'Connect…',
};

const noteItem = (node: NoteNode): vscode.TreeItem => {
  const item = noteRow(reasonFirst(node.text, node.connection), node);
  if (node.command !== undefined) item.command = { command: node.command, title: noteTitles[node.command], arguments: [node] };
  return item;
};
