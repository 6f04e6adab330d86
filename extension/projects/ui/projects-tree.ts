import * as vscode from 'vscode';

import type { EntryPointReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import type { EntryPoint } from '../entry-point.ts';
import type { Project } from '../project.ts';
import { findProjects, isReadable, watchProjects, type UnreadableProject, type WorkspaceProject } from './workspace-projects.ts';

type ProjectNode = { readonly kind: 'project'; readonly found: WorkspaceProject | UnreadableProject };
/** What commands take for an entry point is in it. */
type EntryPointNode = EntryPointReference & { readonly kind: 'entryPoint'; readonly file: vscode.Uri; readonly declared: EntryPoint };
type Node = ProjectNode | EntryPointNode;

/** The view *Projects*: MLproject file → entry point. It reads files only, so it is there in untrusted workspaces too. */
class ProjectsTree implements vscode.TreeDataProvider<Node> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(onDidChange: vscode.Event<void>) {
    this.onDidChangeTreeData = onDidChange;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return (await findProjects()).map((found) => ({ kind: 'project', found }));
    if (node.kind === 'entryPoint' || !isReadable(node.found)) return [];
    const { file, project } = node.found;
    return project.entryPoints.map((declared) => ({ kind: 'entryPoint', uri: project.directory, entryPoint: declared.name, file, declared }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'project' ? projectItem(node.found) : entryPointItem(node);
  }
}

const projectItem = (found: WorkspaceProject | UnreadableProject): vscode.TreeItem => {
  const item = new vscode.TreeItem(lineText(found.label), vscode.TreeItemCollapsibleState.Expanded);
  item.id = found.file.toString();
  item.command = open(found.file);
  if (isReadable(found)) {
    item.description = environmentText(found.project);
    item.iconPath = new vscode.ThemeIcon('package');
    item.contextValue = 'project';
    return item;
  }
  // Another item: once mended it is to open, and not to be as closed as it was.
  item.id = `${found.file.toString()}#unreadable`;
  item.collapsibleState = vscode.TreeItemCollapsibleState.None;
  item.description = lineText(found.problem);
  item.tooltip = found.problem;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  item.contextValue = 'project.unreadable';
  return item;
};

const environmentText = ({ environment }: Project): string => {
  switch (environment.kind) {
    case 'python':
      return environment.file === undefined ? '' : 'python_env';
    case 'conda':
      return 'conda';
    case 'docker':
      return lineText(`docker ${environment.image}`);
    case 'none':
      return 'Databricks Spark job';
    default:
      return environment satisfies never;
  }
};

const entryPointItem = ({ uri, entryPoint, file, declared }: EntryPointNode): vscode.TreeItem => {
  const item = new vscode.TreeItem(lineText(entryPoint));
  const command = lineText(declared.command ?? '', 400);
  item.id = JSON.stringify([uri, entryPoint]);
  item.description = command;
  item.tooltip = command === '' ? 'It has no command' : command;
  item.iconPath = new vscode.ThemeIcon('symbol-event');
  item.contextValue = 'entryPoint';
  item.command = open(file);
  return item;
};

const open = (file: vscode.Uri): vscode.Command => ({ command: 'vscode.open', title: 'Open', arguments: [file] });

export const registerProjectsTree = (): Disposable => {
  const owned = new Disposables();
  const changed = owned.own(new vscode.EventEmitter<void>());
  owned.own(watchProjects(() => changed.fire()));
  owned.own(vscode.window.createTreeView('mlflow.projects', { treeDataProvider: new ProjectsTree(changed.event), showCollapseAll: true }));
  return owned;
};
