import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Experiment } from '../experiment.ts';
import { byLeafName, contentOf, folderOf, parentFolder } from '../name-folders.ts';
import type { Run } from '../run.ts';
import type { StoreConnection } from '../store-connection.ts';
import { addParentsOf, loadForest, loadMore, loadNested } from './load-runs.ts';
import type { RunForest } from './run-forest.ts';
import { readExperiments, readRuns } from './run-queries.ts';
import type { StoreChanges } from './store-changes.ts';
import type { ExperimentNode, FolderNode, MoreNode, RunNode, StoreNode, TreeNode } from './tree-nodes.ts';
import { TreeNodes } from './tree-nodes.ts';

const optInText = 'Convert to SQLite…: mlflow 3.13 and later open this folder only with MLFLOW_ALLOW_FILE_STORE=true';

const upgradeAdvice = ". 'Back Up and Upgrade Store…' makes it writable";

/** One store's part of the tree: what of it is loaded, and which rows a change touches. */
export class StoreBranch {
  readonly connection: StoreConnection;
  readonly #nodes: TreeNodes;
  #experiments: Promise<ReadonlyMap<ExperimentId, Experiment>> | undefined;
  #known: ReadonlyMap<ExperimentId, Experiment> = new Map();
  readonly #forests = new Map<ExperimentId, Promise<RunForest>>();
  readonly #loaded = new Map<ExperimentId, RunForest>();

  constructor(connection: StoreConnection) {
    this.connection = connection;
    this.#nodes = new TreeNodes(connection);
  }

  get root(): StoreNode {
    return this.#nodes.store();
  }

  experiment(experimentId: ExperimentId): Experiment | undefined {
    return this.#known.get(experimentId);
  }

  forest(experimentId: ExperimentId): RunForest | undefined {
    return this.#loaded.get(experimentId);
  }

  run(node: RunNode): Run | undefined {
    return this.#loaded.get(node.experimentId)?.get(node.runId);
  }

  /** Rows of the experiments that are loaded: their ages and counts change by themselves. */
  get loadedExperiments(): readonly ExperimentNode[] {
    return [...this.#loaded.keys()].map((experimentId) => this.#nodes.experiment(experimentId));
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
      case 'folder':
        return this.#folderNode(parentFolder(node.path));
      case 'experiment':
        return this.#folderNode(this.#folderOf(node.experimentId));
      case 'run':
        return this.#parentOfRun(node);
      case 'more':
        return node.parentId === undefined ? this.#nodes.experiment(node.experimentId) : this.#nodes.run(node.experimentId, node.parentId);
      default:
        return node satisfies never;
    }
  }

  async showMore({ experimentId, parentId }: MoreNode): Promise<TreeNode> {
    const forest = await this.#forest(experimentId);
    if (parentId === undefined) await loadMore(this.connection.tracking, experimentId, forest);
    else await loadNested(this.connection.tracking, experimentId, forest, parentId);
    return parentId === undefined ? this.#nodes.experiment(experimentId) : this.#nodes.run(experimentId, parentId);
  }

  /** The row of a run wherever it stands, loaded for it if need be; a run that is deleted has none. */
  async findRun(runId: RunId): Promise<RunNode> {
    const run = await this.connection.tracking.getRun(runId);
    const { experimentId, lifecycleStage, runName } = run.info;
    await this.#readExperiments();
    if (lifecycleStage === 'deleted') throw new MlflowError('INVALID_STATE', `The run “${runName}” is deleted: restore it to see it`);
    if (!this.#known.has(experimentId)) throw new MlflowError('INVALID_STATE', `The experiment of “${runName}” is deleted: restore it to see its runs`);
    const forest = await this.#forest(experimentId);
    if (forest.get(runId) === undefined) {
      forest.add([run]);
      await addParentsOf(this.connection.tracking, experimentId, forest, [run]);
    }
    return this.#nodes.run(experimentId, runId);
  }

  async findExperiment(experimentId: ExperimentId): Promise<ExperimentNode> {
    if (!this.#known.has(experimentId)) this.#experiments = undefined;
    if (!(await this.#readExperiments()).has(experimentId)) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no active experiment ${experimentId}`);
    return this.#nodes.experiment(experimentId);
  }

  /** Forgets what is loaded; each part is read again when it is shown. */
  reset(): void {
    this.#experiments = undefined;
    this.#forests.clear();
  }

  /** Reads again what changed, in one request for all runs, and names the rows to refresh. */
  async apply(changes: StoreChanges): Promise<readonly TreeNode[]> {
    if (changes.reset) {
      this.reset();
      return [this.root];
    }
    const touched = await this.#updateRuns(changes);
    if (!changes.experiments || this.#experiments === undefined) return touched;
    this.#experiments = undefined;
    return [this.root];
  }

  async #childrenOf(node: TreeNode): Promise<readonly TreeNode[]> {
    switch (node.kind) {
      case 'store':
        return this.#childrenOfStore(node);
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
    const { state, address, label } = this.connection;
    if (state.kind === 'failed')
      return [this.#nodes.note(node, address.kind === 'server' ? state.message : state.message.replaceAll(address.path, label), 'error')];
    if (state.kind === 'opening') return [];
    const notes = [
      ...(state.readOnlyReason === undefined
        ? []
        : [this.#nodes.note(node, `${state.readOnlyReason}${state.canUpgrade === true ? upgradeAdvice : ''}`, 'info')]),
      ...(address.kind === 'files' ? [this.#nodes.note(node, optInText, 'info', 'mlflow.tracking.convertStore')] : []),
    ];
    return [...notes, ...(await this.#contentOf(''))];
  }

  async #contentOf(path: string): Promise<readonly TreeNode[]> {
    const experiments = await this.#readExperiments();
    const { folders, items } = contentOf(experiments.values(), path);
    return [
      ...folders.map((folder) => this.#nodes.folder(folder)),
      ...items.toSorted(byLeafName).map(({ experimentId }) => this.#nodes.experiment(experimentId)),
    ];
  }

  async #runsOf(node: ExperimentNode): Promise<readonly TreeNode[]> {
    const forest = await this.#forest(node.experimentId);
    const rows = forest.top().map((run) => this.#nodes.run(node.experimentId, run.info.runId));
    if (rows.length === 0) return [this.#nodes.note(node, 'No runs yet', 'info')];
    return forest.hasMore ? [...rows, this.#nodes.more(node.experimentId)] : rows;
  }

  async #nestedIn({ experimentId, runId }: RunNode): Promise<readonly TreeNode[]> {
    const forest = await this.#forest(experimentId);
    if (!forest.isExpanded(runId)) await loadNested(this.connection.tracking, experimentId, forest, runId);
    const rows = forest.nestedIn(runId).map((run) => this.#nodes.run(experimentId, run.info.runId));
    return forest.hasMoreNested(runId) ? [...rows, this.#nodes.more(experimentId, runId)] : rows;
  }

  #readExperiments(): Promise<ReadonlyMap<ExperimentId, Experiment>> {
    this.#experiments ??= this.#loadExperiments();
    return this.#experiments;
  }

  async #loadExperiments(): Promise<ReadonlyMap<ExperimentId, Experiment>> {
    try {
      const experiments = await readExperiments(this.connection.tracking);
      this.#known = new Map(experiments.map((experiment) => [experiment.experimentId, experiment]));
      return this.#known;
    } catch (error) {
      this.#experiments = undefined;
      throw error;
    }
  }

  #forest(experimentId: ExperimentId): Promise<RunForest> {
    const loading = this.#forests.get(experimentId) ?? this.#loadForest(experimentId);
    this.#forests.set(experimentId, loading);
    return loading;
  }

  /** As many runs as were shown before. */
  async #loadForest(experimentId: ExperimentId): Promise<RunForest> {
    try {
      const shown = this.#loaded.get(experimentId)?.top().length ?? 0;
      const forest = await loadForest(this.connection.tracking, experimentId, shown);
      this.#loaded.set(experimentId, forest);
      return forest;
    } catch (error) {
      this.#forests.delete(experimentId);
      throw error;
    }
  }

  async #updateRuns({ runs, metrics }: StoreChanges): Promise<readonly TreeNode[]> {
    // What is being loaded may have been read before the change.
    await Promise.allSettled(this.#forests.values());
    const relevant = [...runs, ...[...metrics].filter(([runId, experimentId]) => this.#loaded.get(experimentId)?.get(runId))].filter(([, experimentId]) =>
      this.#loaded.has(experimentId),
    );
    const byExperiment = Map.groupBy(relevant, ([, experimentId]) => experimentId);
    if (byExperiment.size === 0) return [];
    const found = await readRuns(this.connection.tracking, [...byExperiment.keys()], [...new Set(relevant.map(([runId]) => runId))]);
    const touched = [...byExperiment].map(([experimentId, entries]) =>
      this.#updateForest(
        experimentId,
        found.filter((run) => run.info.experimentId === experimentId),
        entries.map(([runId]) => runId),
      ),
    );
    return (await Promise.all(touched)).flat();
  }

  async #updateForest(experimentId: ExperimentId, found: readonly Run[], asked: readonly RunId[]): Promise<readonly TreeNode[]> {
    const forest = this.#loaded.get(experimentId);
    if (forest === undefined) return [];
    const present = new Set(found.map((run) => run.info.runId));
    const change = forest.update(
      found,
      asked.filter((runId) => !present.has(runId)),
    );
    if (change.unknownParents.length > 0) await addParentsOf(this.connection.tracking, experimentId, forest, found);
    if (change.moved || change.unknownParents.length > 0) return [this.#nodes.experiment(experimentId)];
    return change.changed.map((runId) => this.#nodes.run(experimentId, runId));
  }

  #folderOf(experimentId: ExperimentId): string {
    const experiment = this.#known.get(experimentId);
    return experiment === undefined ? '' : folderOf(experiment.name);
  }

  #folderNode(path: string): StoreNode | FolderNode {
    return path === '' ? this.root : this.#nodes.folder(path);
  }

  #parentOfRun({ experimentId, runId }: RunNode): TreeNode {
    const forest = this.#loaded.get(experimentId);
    const run = forest?.get(runId);
    const parent = run === undefined ? undefined : forest?.parentIn(run);
    return parent === undefined ? this.#nodes.experiment(experimentId) : this.#nodes.run(experimentId, parent.info.runId);
  }
}
