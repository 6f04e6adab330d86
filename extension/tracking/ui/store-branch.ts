import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Experiment } from '../experiment.ts';
import { byLeafName, contentOf, folderOf, parentFolder } from '../name-folders.ts';
import { type EditsChange, PendingEdits } from '../pending-edits.ts';
import type { Run } from '../run.ts';
import { awaitsAgreement, type StoreConnection } from '../store-connection.ts';
import { failureOf } from '../store-look.ts';
import type { Favourite, Favourites } from './favourites.ts';
import { FavouriteRuns } from './favourite-runs.ts';
import { LoadedRuns, type TouchedRuns } from './loaded-runs.ts';
import { LoadedExperiments } from './loaded-experiments.ts';
import type { RunForest } from './run-forest.ts';
import type { StoreChanges } from './store-changes.ts';
import type { ExperimentNode, FolderNode, MoreNode, RunNode, StoreNode, TreeNode } from './tree-nodes.ts';
import { TreeNodes } from './tree-nodes.ts';

const optInText = 'Convert to SQLite…: mlflow 3.13 and later open this folder only with MLFLOW_ALLOW_FILE_STORE=true';

const upgradeAdvice = ". 'Back Up and Upgrade Store…' makes it writable";

/** One store's part of the tree: what of it is loaded, and which rows a change touches. */
export class StoreBranch {
  readonly connection: StoreConnection;
  readonly #nodes: TreeNodes;
  readonly #experiments: LoadedExperiments;
  readonly #runs: LoadedRuns;
  readonly #favourites: Favourites;
  readonly #favouriteRuns: FavouriteRuns;

  constructor(connection: StoreConnection, favourites: Favourites, edits = new PendingEdits()) {
    this.connection = connection;
    this.#nodes = new TreeNodes(connection);
    this.#experiments = new LoadedExperiments(connection, edits);
    this.#runs = new LoadedRuns(connection, edits);
    this.#favourites = favourites;
    this.#favouriteRuns = new FavouriteRuns(connection, favourites, edits);
  }

  get root(): StoreNode {
    return this.#nodes.store();
  }

  /** What is shown was read before the store went away. */
  get isStale(): boolean {
    return this.connection.state.kind === 'failed';
  }

  experiment(experimentId: ExperimentId): Experiment | undefined {
    return this.#experiments.get(experimentId);
  }

  forest(experimentId: ExperimentId): RunForest | undefined {
    return this.#runs.of(experimentId);
  }

  run(node: RunNode): Run | undefined {
    return this.forest(node.experimentId)?.get(node.runId) ?? this.#favouriteRuns.get(node.runId);
  }

  /** Rows of the experiments that are loaded: their ages and counts change by themselves. */
  get loadedExperiments(): readonly ExperimentNode[] {
    return this.#runs.experimentIds.map((experimentId) => this.#nodes.experiment(experimentId));
  }

  isFavourite({ experimentId, runId }: Favourite): boolean {
    return this.#favourites.has(this.connection.id, runId === undefined ? { experimentId } : { experimentId, runId });
  }

  /** The other row of a run that stands among the favourites, too. */
  otherRow({ experimentId, runId, isFavourite }: RunNode): RunNode | undefined {
    if (isFavourite === true) return this.#nodes.run(experimentId, runId);
    return this.isFavourite({ experimentId, runId }) ? this.#nodes.favouriteRun(experimentId, runId) : undefined;
  }

  experimentNode(experimentId: ExperimentId): ExperimentNode {
    return this.#nodes.experiment(experimentId);
  }

  async children(node: TreeNode): Promise<readonly TreeNode[]> {
    try {
      return await this.#childrenOf(node);
    } catch (error) {
      return [this.#nodes.note(node, errorMessage(error), 'error')];
    }
  }

  parent(node: TreeNode): TreeNode | undefined {
    switch (node.kind) {
      case 'store':
      case 'note':
        return undefined;
      case 'favourites':
        return this.root;
      case 'folder':
        return this.#folderNode(parentFolder(node.path));
      case 'experiment':
        if (node.isFavourite === true) return this.#nodes.favourites();
        return this.#folderNode(this.#folderOf(node.experimentId));
      case 'run':
        return node.isFavourite === true ? this.#nodes.favourites() : this.#parentOfRun(node);
      case 'more':
        return node.parentId === undefined ? this.#nodes.experiment(node.experimentId) : this.#nodes.run(node.experimentId, node.parentId);
      default:
        return node satisfies never;
    }
  }

  async showMore({ experimentId, parentId }: MoreNode): Promise<TreeNode> {
    await this.#runs.showMore(experimentId, parentId);
    return parentId === undefined ? this.#nodes.experiment(experimentId) : this.#nodes.run(experimentId, parentId);
  }

  /** The row of a run wherever it stands, loaded for it if need be; a run that is deleted has none. */
  async findRun(runId: RunId): Promise<RunNode> {
    const run = await this.connection.tracking.getRun(runId);
    const { experimentId, lifecycleStage, runName } = run.info;
    const experiments = await this.#experiments.read();
    if (lifecycleStage === 'deleted') throw new MlflowError('INVALID_STATE', `The run “${runName}” is deleted: restore it to see it`);
    if (!experiments.has(experimentId)) throw new MlflowError('INVALID_STATE', `The experiment of “${runName}” is deleted: restore it to see its runs`);
    await this.#runs.add(run);
    return this.#nodes.run(experimentId, runId);
  }

  async findExperiment(experimentId: ExperimentId): Promise<ExperimentNode> {
    if (this.#experiments.get(experimentId) === undefined) this.#experiments.forget();
    if (!(await this.#experiments.read()).has(experimentId)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no active experiment ${experimentId}`);
    return this.#nodes.experiment(experimentId);
  }

  /** Forgets what is loaded; each part is read again when it is shown. */
  reset(): void {
    this.#experiments.forget();
    this.#runs.forget();
  }

  /** Reads again what changed, in one request for all runs, and names the rows to refresh. */
  async apply(changes: StoreChanges): Promise<readonly TreeNode[]> {
    if (changes.reset) {
      this.reset();
      return [this.root];
    }
    const touched = [
      ...(await this.#runs.update(changes)).flatMap((runs) => this.#rowsOf(runs)),
      ...(this.#favouriteRuns.isTouchedBy(changes) ? [this.#nodes.favourites()] : []),
    ];
    if (!changes.experiments || !this.#experiments.isRead) return touched;
    this.#experiments.forget();
    return [this.root];
  }

  /** Rows that look otherwise by what a person has said. */
  edited({ edits, outcome }: EditsChange): readonly TreeNode[] {
    const isWritten = outcome === 'written';
    return edits.flatMap((edit): readonly TreeNode[] => {
      if (edit.kind === 'experiment') return this.#experiments.edit(edit, isWritten) ? [this.root] : [];
      const isFavourite = this.#favouriteRuns.edit(edit, isWritten);
      return [...this.#runs.edit(edit, isWritten).flatMap((runs) => this.#rowsOf(runs)), ...(isFavourite ? [this.#nodes.favourites()] : [])];
    });
  }

  async #childrenOf(node: TreeNode): Promise<readonly TreeNode[]> {
    switch (node.kind) {
      case 'store':
        return this.#childrenOfStore(node);
      case 'favourites':
        return this.#favouriteRows();
      case 'folder':
        return this.#contentOf(node.path);
      case 'experiment':
        return this.#runsOf(node);
      case 'run':
        return this.#nestedIn(node);
      case 'more':
      case 'note':
        return [];
      default:
        return node satisfies never;
    }
  }

  async #childrenOfStore(node: StoreNode): Promise<readonly TreeNode[]> {
    const { state, address } = this.connection;
    if (state.kind === 'failed' && awaitsAgreement({ state }))
      return [this.#nodes.note(node, `Connect…: ${state.message}`, 'info', 'mlflow.tracking.connectStore')];
    const failure = failureOf(this.connection);
    if (failure !== undefined) return [this.#nodes.note(node, failure, 'error'), ...(await this.#rowsAtTop())];
    if (state.kind !== 'ready') return [];
    const notes = [
      ...(state.readOnlyReason === undefined
        ? []
        : [this.#nodes.note(node, `${state.readOnlyReason}${state.canUpgrade === true ? upgradeAdvice : ''}`, 'info')]),
      ...(address.kind === 'files' ? [this.#nodes.note(node, optInText, 'info', 'mlflow.tracking.convertStore')] : []),
    ];
    return [...notes, ...(await this.#rowsAtTop())];
  }

  async #rowsAtTop(): Promise<readonly TreeNode[]> {
    const rows = await this.#contentOf('');
    return this.#favourites.of(this.connection.id).length === 0 ? rows : [this.#nodes.favourites(), ...rows];
  }

  async #favouriteRows(): Promise<readonly TreeNode[]> {
    const [experiments, runs] = await Promise.all([this.#experiments.read(), this.#favouriteRuns.read()]);
    const starred = this.#favourites.of(this.connection.id).filter(({ experimentId, runId }) => runId === undefined && experiments.has(experimentId));
    return [
      ...starred.map(({ experimentId }) => this.#nodes.favouriteExperiment(experimentId)),
      ...runs.map(({ info }) => this.#nodes.favouriteRun(info.experimentId, info.runId)),
    ];
  }

  async #contentOf(path: string): Promise<readonly TreeNode[]> {
    const experiments = await this.#experiments.read();
    const { folders, items } = contentOf(experiments.values(), path);
    return [
      ...folders.map((folder) => this.#nodes.folder(folder)),
      ...items.toSorted(byLeafName).map(({ experimentId }) => this.#nodes.experiment(experimentId)),
    ];
  }

  async #runsOf(node: ExperimentNode): Promise<readonly TreeNode[]> {
    const forest = await this.#runs.forest(node.experimentId);
    const rows = forest.top().map((run) => this.#nodes.run(node.experimentId, run.info.runId));
    if (rows.length === 0) return [this.#nodes.note(node, 'No runs yet', 'info')];
    return forest.hasMore && !this.isStale ? [...rows, this.#nodes.more(node.experimentId)] : rows;
  }

  async #nestedIn({ experimentId, runId }: RunNode): Promise<readonly TreeNode[]> {
    const forest = await this.#runs.nestedIn(experimentId, runId);
    const rows = forest.nestedIn(runId).map((run) => this.#nodes.run(experimentId, run.info.runId));
    return forest.hasMoreNested(runId) && !this.isStale ? [...rows, this.#nodes.more(experimentId, runId)] : rows;
  }

  #rowsOf({ experimentId, runIds }: TouchedRuns): readonly TreeNode[] {
    return runIds === 'all' ? [this.#nodes.experiment(experimentId)] : runIds.map((runId) => this.#nodes.run(experimentId, runId));
  }

  #folderOf(experimentId: ExperimentId): string {
    const experiment = this.#experiments.get(experimentId);
    return experiment === undefined ? '' : folderOf(experiment.name);
  }

  #folderNode(path: string): StoreNode | FolderNode {
    return path === '' ? this.root : this.#nodes.folder(path);
  }

  #parentOfRun({ experimentId, runId }: RunNode): TreeNode {
    const forest = this.forest(experimentId);
    const run = forest?.get(runId);
    const parent = run === undefined ? undefined : forest?.parentIn(run);
    return parent === undefined ? this.#nodes.experiment(experimentId) : this.#nodes.run(experimentId, parent.info.runId);
  }
}
