import * as vscode from 'vscode';

import { asRunId, type StoreId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import { setContext } from '../../host/contexts.ts';
import { commonKind, KeptSelection } from '../../host/kept-selection.ts';
import { refreshInterval } from '../../host/row-refreshes.ts';
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

export interface RegistryTreeOptions {
  readonly stores: StoreConnections;
  readonly log: Logger;
}

const orderWords: Readonly<Record<RegistryView['order'], string>> = { name: '', updated: 'newest change first', versions: 'most versions first' };

/** The view *Model Registry*: store → folders → model → version. */
export class RegistryTree implements vscode.TreeDataProvider<RegistryNode>, Disposable {
  readonly #options: RegistryTreeOptions;
  readonly #owned = new Disposables();
  /**
   * Always all rows. When VS Code refreshes the rows below one that it is reading the children of, it puts these children
   * at the root; a refresh of everything gives such a reading up. What has not changed is not read from a store again.
   */
  readonly #changed = this.#owned.own(new vscode.EventEmitter<undefined>());
  readonly #refreshes = this.#owned.own(createBatcher<void>(refreshInterval, async () => this.#inTurn(async () => this.#changed.fire(undefined))));
  readonly #branches = new Map<StoreConnection, RegistryBranch>();
  readonly #treeView: vscode.TreeView<RegistryNode>;
  readonly #selection: KeptSelection<RegistryNode>;
  /** The last of what is done one after the other: VS Code does not find a row while a refresh makes it forget the row's parents. */
  #turn: Promise<unknown> = Promise.resolve();
  #view: RegistryView = { search: '', order: 'name' };

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: RegistryTreeOptions) {
    this.#options = options;
    this.#treeView = this.#owned.own(vscode.window.createTreeView('mlflow.registry', { treeDataProvider: this, showCollapseAll: true, canSelectMany: true }));
    this.#selection = this.#owned.own(
      new KeptSelection(this.#treeView, {
        isThere: (row) => this.#branches.has(row.connection),
        onForgotten: () => this.#refreshes.add(),
        onDidChange: (rows) => setContext('mlflow.selectedModelKind', commonKind(rows)),
      }),
    );
    this.#owned.own(followStores(options.stores, (connection) => this.#follow(connection)));
    this.#owned.own(options.stores.onDidChange(() => this.#refreshes.add()));
    this.#owned.own(onDidChangeSetting('mlflow.experiments.metrics', () => this.#refreshes.add()));
  }

  get selection(): readonly RegistryNode[] {
    return this.#selection.rows;
  }

  get view(): RegistryView {
    return this.#view;
  }

  async getChildren(node?: RegistryNode): Promise<RegistryNode[]> {
    if (node !== undefined) return await this.#readChildren(node);
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
    this.#branches.get(node.connection)?.showMore(node);
    this.#refreshes.add();
  }

  show(change: Partial<RegistryView>): void {
    this.#view = { ...this.#view, ...change };
    const { search, order } = this.#view;
    setContext('mlflow.isRegistrySearched', search !== '');
    this.#treeView.description = [search === '' ? '' : `“${search}”`, orderWords[order]].filter((part) => part !== '').join(' · ');
    for (const branch of this.#branches.values()) branch.startAnew();
    this.#refreshes.add();
  }

  /** Reads everything that is shown again. */
  refresh(): void {
    for (const branch of this.#branches.values()) branch.forget();
    this.#refreshes.add();
  }

  /** Selects the row of a model or of one of its versions, if it is among those that are loaded. */
  async reveal(storeId: StoreId, name: string, version?: number): Promise<void> {
    const branch = this.#branchOfStore(storeId);
    // VS Code puts a row at the wrong place in a view that it has not shown yet.
    await vscode.commands.executeCommand('mlflow.registry.focus');
    const node = version === undefined ? branch.modelNode(name) : branch.versionNode(name, version);
    await this.#inTurn(async () => {
      branch.forget();
      this.#changed.fire(undefined);
      await this.#treeView.reveal(node, { select: true, focus: true, expand: version === undefined });
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #readChildren(node: RegistryNode): Promise<RegistryNode[]> {
    const rows = (await this.#branches.get(node.connection)?.children(node)) ?? [];
    this.#selection.rowsWereRead();
    return [...rows];
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
    this.#refreshes.add();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
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
