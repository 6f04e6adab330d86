import * as vscode from 'vscode';

import { asRunId, type StoreId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import { setContext } from '../../host/contexts.ts';
import { onDidChangeSetting, readSetting } from '../../host/settings.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../../tracking/follow-stores.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { modelTooltip, versionTooltip } from './model-text.ts';
import { RegistryBranch, type RegistryView } from './registry-branch.ts';
import { toRegistryItem, versionContext, type RowContext } from './registry-items.ts';
import type { MoreNode, RegistryNode } from './registry-nodes.ts';
import { watchRegistry } from '../watch-registry.ts';

/** ms between two refreshes while a store changes all the time; VS Code shows the first at once. */
const refreshInterval = 220;

export interface RegistryTreeOptions {
  readonly stores: StoreConnections;
  readonly log: Logger;
}

const orderWords: Readonly<Record<RegistryView['order'], string>> = { name: '', updated: 'newest change first', versions: 'most versions first' };

/** The view *Model Registry*: store → folders → model → version. */
export class RegistryTree implements vscode.TreeDataProvider<RegistryNode>, Disposable {
  readonly #options: RegistryTreeOptions;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<RegistryNode[] | undefined>());
  readonly #refreshes = this.#owned.own(createBatcher<RegistryNode | undefined>(refreshInterval, async (rows) => this.#fire(rows)));
  readonly #branches = new Map<StoreConnection, RegistryBranch>();
  readonly #treeView: vscode.TreeView<RegistryNode>;
  /** While VS Code looks for a row, a refresh would make it forget the parents it has just found: the row would stand at the root then. */
  #revealed: Promise<unknown> = Promise.resolve();
  #view: RegistryView = { search: '', order: 'name' };

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: RegistryTreeOptions) {
    this.#options = options;
    this.#treeView = this.#owned.own(vscode.window.createTreeView('mlflow.registry', { treeDataProvider: this, showCollapseAll: true, canSelectMany: true }));
    this.#owned.own(this.#treeView.onDidChangeSelection(({ selection }) => setContext('mlflow.selectedModelKind', commonKind(selection))));
    this.#owned.own(followStores(options.stores, (connection) => this.#follow(connection)));
    this.#owned.own(options.stores.onDidChange(() => this.#refreshes.add(undefined)));
    this.#owned.own(onDidChangeSetting('mlflow.experiments.metrics', () => this.#refreshes.add(undefined)));
  }

  get selection(): readonly RegistryNode[] {
    return this.#treeView.selection;
  }

  get view(): RegistryView {
    return this.#view;
  }

  async getChildren(node?: RegistryNode): Promise<RegistryNode[]> {
    if (node !== undefined) return [...((await this.#branches.get(node.connection)?.children(node)) ?? [])];
    await this.#options.stores.found;
    return this.#options.stores.all.flatMap((connection) => this.#branches.get(connection)?.root ?? []);
  }

  getParent(node: RegistryNode): RegistryNode | undefined {
    return this.#branches.get(node.connection)?.parent(node);
  }

  getTreeItem(node: RegistryNode): vscode.TreeItem {
    const branch = this.#branches.get(node.connection);
    return branch === undefined ? new vscode.TreeItem('') : toRegistryItem(node, contextOf(branch));
  }

  resolveTreeItem(item: vscode.TreeItem, node: RegistryNode): vscode.TreeItem {
    const text = this.#tooltipOf(node);
    if (text !== undefined) item.tooltip = new vscode.MarkdownString(text);
    return item;
  }

  showMore(node: MoreNode): void {
    const row = this.#branches.get(node.connection)?.showMore(node);
    if (row !== undefined) this.#refreshes.add(row);
  }

  show(change: Partial<RegistryView>): void {
    this.#view = { ...this.#view, ...change };
    const { search, order } = this.#view;
    setContext('mlflow.isRegistrySearched', search !== '');
    this.#treeView.description = [search === '' ? '' : `“${search}”`, orderWords[order]].filter((part) => part !== '').join(' · ');
    for (const branch of this.#branches.values()) branch.startAnew();
    this.#refreshes.add(undefined);
  }

  /** Reads everything that is shown again. */
  refresh(): void {
    for (const branch of this.#branches.values()) branch.forget();
    this.#refreshes.add(undefined);
  }

  /** Selects the row of a model or of one of its versions, if it is among those that are loaded. */
  async reveal(storeId: StoreId, name: string, version?: number): Promise<void> {
    const branch = this.#branchOfStore(storeId);
    // VS Code puts a row at the wrong place in a view that it has not shown yet.
    await vscode.commands.executeCommand('mlflow.registry.focus');
    branch.forget();
    this.#changed.fire([branch.root]);
    const node = version === undefined ? branch.modelNode(name) : branch.versionNode(name, version);
    const revealed = this.#treeView.reveal(node, { select: true, focus: true, expand: version === undefined });
    this.#revealed = Promise.allSettled([this.#revealed, revealed]);
    await revealed;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #branchOfStore(storeId: StoreId): RegistryBranch {
    const connection = this.#options.stores.byId(storeId);
    const branch = connection && this.#branches.get(connection);
    if (branch === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is not open in this window`);
    return branch;
  }

  #follow(connection: StoreConnection): Disposable {
    const branch = new RegistryBranch(connection, () => this.#view);
    this.#branches.set(connection, branch);
    const owned = new Disposables();
    owned.own({ dispose: () => this.#branches.delete(connection) });
    owned.own(connection.onDidChange((event) => touches(branch, event) && this.#readAgain(branch)));
    owned.own(connection.onDidChangeState(() => this.#readAgain(branch)));
    const isLooking = (): boolean => this.#treeView.visible && vscode.window.state.focused;
    if (connection.address.kind === 'server')
      owned.own(watchRegistry(branch.registry, { isLooking, onChange: () => this.#readAgain(branch), log: this.#options.log }));
    return owned;
  }

  #readAgain(branch: RegistryBranch): void {
    branch.forget();
    this.#refreshes.add(branch.root);
  }

  async #fire(rows: readonly (RegistryNode | undefined)[]): Promise<void> {
    await this.#revealed;
    const named = rows.filter((row) => row !== undefined);
    this.#changed.fire(named.length < rows.length ? undefined : [...new Set(named)]);
  }

  #tooltipOf(node: RegistryNode): string | undefined {
    const branch = this.#branches.get(node.connection);
    if (branch === undefined) return undefined;
    const model = node.kind === 'model' ? branch.model(node.name) : undefined;
    if (model !== undefined) return modelTooltip(model, Date.now());
    const version = node.kind === 'version' ? branch.version(node) : undefined;
    return node.kind === 'version' && version !== undefined ? versionTooltip(version, versionContext(node, version, contextOf(branch))) : undefined;
  }
}

const contextOf = (branch: RegistryBranch): RowContext => ({ branch, metrics: readSetting('mlflow.experiments.metrics'), now: Date.now() });

/** Whether an event of the store is about what the branch shows: rows of versions have metrics of their runs. */
const touches = (branch: RegistryBranch, event: StoreEvent): boolean => {
  if (event.type === 'registry' || event.type === 'reset') return true;
  return (event.type === 'runs' || event.type === 'metrics') && branch.showsRun(new Set(event.runs.map(({ runId }) => asRunId(runId))));
};

const commonKind = (nodes: readonly RegistryNode[]): string => {
  const [kind = '', ...others] = new Set(nodes.map((node) => node.kind));
  return others.length === 0 ? kind : '';
};
