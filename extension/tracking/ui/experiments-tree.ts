import * as vscode from 'vscode';

import type { ExperimentId, StoreId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { RunReference } from '../../host/commands.ts';
import { setContext } from '../../host/contexts.ts';
import { commonKind, KeptSelection } from '../../host/kept-selection.ts';
import { refreshInterval, RowRefreshes } from '../../host/row-refreshes.ts';
import { onDidChangeSetting, readSetting } from '../../host/settings.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../follow-stores.ts';
import type { PendingEdits } from '../pending-edits.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import type { CheckedRuns } from './checked-runs.ts';
import { type RunCounts, runningText } from './run-counts.ts';
import type { Favourites } from './favourites.ts';
import { runTooltip } from './run-tooltip.ts';
import { decorateStaleRows } from './stale-rows.ts';
import { StoreBranch } from './store-branch.ts';
import { mergeEvents } from './store-changes.ts';
import { toTreeItem } from './tree-items.ts';
import type { MoreNode, TreeNode } from './tree-nodes.ts';

/** ms; ages in the rows grow by themselves. */
const ageInterval = 60_000;

/** Runs that this machine's editor has started, whichever window did. */
export interface OwnRuns {
  has(run: RunReference): boolean;
  onDidChange(listener: () => void): Disposable;
}

export interface ExperimentsTreeOptions {
  readonly stores: StoreConnections;
  readonly counts: RunCounts;
  readonly checked: CheckedRuns;
  readonly ownRuns: OwnRuns;
  readonly favourites: Favourites;
  readonly edits: PendingEdits;
  readonly log: Logger;
}

/** The view *Experiments*: store → folders → experiment → run → nested runs. */
export class ExperimentsTree implements vscode.TreeDataProvider<TreeNode>, Disposable {
  readonly #options: ExperimentsTreeOptions;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<TreeNode[] | undefined>());
  readonly #refreshes = this.#owned.own(new RowRefreshes<TreeNode>({ fire: (rows) => this.#changed.fire(rows), isTop: ({ kind }) => kind === 'store' }));
  readonly #branches = new Map<StoreConnection, StoreBranch>();
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #selection: KeptSelection<TreeNode>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: ExperimentsTreeOptions) {
    const { stores, counts, checked, ownRuns, favourites, edits } = options;
    this.#options = options;
    this.#owned.own(followStores(stores, (connection) => this.#follow(connection)));
    this.#owned.own(decorateStaleRows());
    const viewOptions = { treeDataProvider: this, showCollapseAll: true, canSelectMany: true, manageCheckboxStateManually: true };
    this.#view = this.#owned.own(vscode.window.createTreeView('mlflow.experiments', viewOptions));
    this.#owned.own(this.#view.onDidChangeCheckboxState(({ items }) => this.#check(items)));
    this.#selection = this.#owned.own(
      new KeptSelection(this.#view, {
        isThere: (row) => row.kind !== 'run' || this.#branchOf(row)?.run(row) !== undefined,
        onForgotten: () => this.#refreshes.add(undefined),
        onDidChange: (rows) => setContext('mlflow.selectedKind', commonKind(rows)),
      }),
    );
    this.#owned.own(stores.onDidChange(() => this.#showStores()));
    this.#owned.own(
      counts.onDidChange(({ connection, experimentIds }) => {
        this.#showRunning();
        this.#refresh((branch) => experimentIds.map((id) => branch.experimentNode(id)), connection);
      }),
    );
    this.#owned.own(checked.onDidChange(() => this.#showChecked()));
    this.#owned.own(ownRuns.onDidChange(() => this.#refreshRows()));
    this.#owned.own(favourites.onDidChange((storeId) => this.#refresh((branch) => [branch.root], stores.byId(storeId))));
    this.#owned.own(edits.onDidChange((change) => this.#refresh((branch) => branch.edited(change), stores.byId(change.storeId))));
    this.#owned.own(onDidChangeSetting('mlflow.experiments.metrics', () => this.#refreshRows()));
    this.#owned.own(everyMinute(() => this.#view.visible && this.#refreshRows()));
    this.#showStores();
  }

  /** The runs that the user has selected in the view. */
  get selectedRuns(): readonly RunReference[] {
    return this.#selection.rows.flatMap((node) => (node.kind === 'run' ? [node.run] : []));
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node !== undefined) return await this.#readChildren(node);
    await this.#options.stores.found;
    return this.#options.stores.all.flatMap((connection) => this.#branches.get(connection)?.root ?? []);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.#branchOf(node)?.parent(node);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const branch = this.#branchOf(node);
    if (branch === undefined) return new vscode.TreeItem('');
    const { counts, checked, ownRuns } = this.#options;
    const metrics = readSetting('mlflow.experiments.metrics');
    return toTreeItem(node, { branch, counts, metrics, isChecked: (run) => checked.has(run), isOwn: (run) => ownRuns.has(run), now: Date.now() });
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const branch = this.#branchOf(node);
    const run = node.kind === 'run' ? branch?.run(node) : undefined;
    if (run !== undefined) item.tooltip = new vscode.MarkdownString(runTooltip(run, branch?.experiment(run.info.experimentId), Date.now()));
    return item;
  }

  async showMore(node: MoreNode): Promise<void> {
    const refreshed = await this.#branchOf(node)?.showMore(node);
    if (refreshed !== undefined) this.#refreshes.add([refreshed]);
  }

  /** Selects a run's row, in however old a corner it stands. */
  async revealRun({ storeId, runId }: RunReference): Promise<void> {
    const branch = this.#branchOfStore(storeId);
    const node = await branch.findRun(runId);
    await this.#select(node, branch.experimentNode(node.experimentId));
  }

  async revealExperiment(storeId: StoreId, experimentId: ExperimentId): Promise<void> {
    const branch = this.#branchOfStore(storeId);
    await this.#select(await branch.findExperiment(experimentId), branch.root);
  }

  async revealStore({ id }: StoreConnection): Promise<void> {
    const { root } = this.#branchOfStore(id);
    await this.#view.reveal(root, { select: true, focus: true, expand: true });
  }

  /** Reads everything that is shown again. */
  refresh(): void {
    for (const branch of this.#branches.values()) branch.reset();
    this.#refreshes.add(undefined);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #readChildren(node: TreeNode): Promise<TreeNode[]> {
    const rows = await this.#refreshes.whileReading(async () => (await this.#branchOf(node)?.children(node)) ?? []);
    this.#selection.rowsWereRead();
    return [...rows];
  }

  #branchOf(node: TreeNode): StoreBranch | undefined {
    return this.#branches.get(node.connection);
  }

  #branchOfStore(storeId: StoreId): StoreBranch {
    const connection = this.#options.stores.byId(storeId);
    const branch = connection && this.#branches.get(connection);
    if (branch === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is not open in this window`);
    return branch;
  }

  /** The row may be new below `stale`. */
  async #select(node: TreeNode, stale: TreeNode): Promise<void> {
    this.#changed.fire([stale]);
    await this.#view.reveal(node, { select: true, focus: true, expand: node.kind !== 'run' });
  }

  #showRunning(): void {
    const { stores, counts } = this.#options;
    const value = stores.all.reduce((sum, { id }) => sum + counts.running(id), 0);
    this.#view.badge = value === 0 ? undefined : { value, tooltip: runningText(value) };
  }

  #showStores(): void {
    this.#showRunning();
    const { all } = this.#options.stores;
    setContext('mlflow.storeCount', all.length);
    setContext('mlflow.folderStoreCount', all.filter(({ address }) => address.kind === 'files').length);
    this.#refreshes.add(undefined);
  }

  #follow(connection: StoreConnection): Disposable {
    const branch = new StoreBranch(connection, this.#options.favourites, this.#options.edits);
    this.#branches.set(connection, branch);
    const owned = new Disposables();
    owned.own({ dispose: () => this.#branches.delete(connection) });
    const batcher = owned.own(createBatcher<StoreEvent>(refreshInterval, (events) => this.#apply(branch, events)));
    owned.own(connection.onDidChange((event) => batcher.add(event)));
    owned.own(connection.onDidChangeState(() => batcher.add({ type: 'reset' })));
    return owned;
  }

  async #apply(branch: StoreBranch, events: readonly StoreEvent[]): Promise<void> {
    try {
      const rows = await branch.apply(mergeEvents(events));
      if (rows.length > 0) this.#refreshes.add(rows);
    } catch (error) {
      this.#options.log.warn(`Cannot refresh ${branch.connection.label}: ${errorMessage(error)}`);
    }
  }

  #refreshRows(): void {
    this.#refresh((branch) => branch.loadedExperiments);
  }

  #refresh(rowsOf: (branch: StoreBranch) => readonly TreeNode[], only?: StoreConnection): void {
    const branches = [...this.#branches.values()].filter(({ connection }) => only === undefined || only === connection);
    const rows = branches.flatMap(rowsOf);
    if (rows.length > 0) this.#refreshes.add(rows);
  }

  #check(items: readonly (readonly [TreeNode, vscode.TreeItemCheckboxState])[]): void {
    const runs = items.flatMap(([node, state]) => (node.kind === 'run' ? [{ node, isChecked: state === vscode.TreeItemCheckboxState.Checked }] : []));
    for (const { node, isChecked } of runs) this.#options.checked.set(node.run, isChecked);
    const others = runs.flatMap(({ node }) => this.#branchOf(node)?.otherRow(node) ?? []);
    if (others.length > 0) this.#refreshes.add(others);
  }

  #showChecked(): void {
    const count = this.#options.checked.all.length;
    setContext('mlflow.checkedRuns', count);
    this.#view.description = count === 0 ? '' : `${count} checked`;
    if (count === 0) this.#refreshRows();
  }
}

const everyMinute = (work: () => void): Disposable => {
  const timer = setInterval(work, ageInterval);
  return { dispose: () => clearInterval(timer) };
};
