import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { PendingEdits, RunEdit } from '../pending-edits.ts';
import type { Run } from '../run.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readRuns } from '../runs-by-id.ts';
import { addParentsOf, loadForest, loadMore, loadNested } from './load-runs.ts';
import { RunForest } from './run-forest.ts';
import type { StoreChanges } from './store-changes.ts';

/** What a change touches: single runs, or all rows of an experiment. */
export interface TouchedRuns {
  readonly experimentId: ExperimentId;
  readonly runIds: readonly RunId[] | 'all';
}

/** The runs of a store that the tree has loaded, by experiment. While the store is away, what was loaded last. */
export class LoadedRuns {
  readonly #connection: StoreConnection;
  readonly #edits: PendingEdits;
  readonly #forests = new Map<ExperimentId, Promise<RunForest>>();
  readonly #loaded = new Map<ExperimentId, RunForest>();

  constructor(connection: StoreConnection, edits: PendingEdits) {
    this.#connection = connection;
    this.#edits = edits;
  }

  get experimentIds(): readonly ExperimentId[] {
    return [...this.#loaded.keys()];
  }

  of(experimentId: ExperimentId): RunForest | undefined {
    return this.#loaded.get(experimentId);
  }

  async forest(experimentId: ExperimentId): Promise<RunForest> {
    if (this.#connection.state.kind === 'failed') return this.#last(experimentId);
    const loading = this.#forests.get(experimentId) ?? this.#load(experimentId);
    this.#forests.set(experimentId, loading);
    return await loading;
  }

  async nestedIn(experimentId: ExperimentId, runId: RunId): Promise<RunForest> {
    const forest = await this.forest(experimentId);
    const isKnown = forest.isExpanded(runId) || this.#connection.state.kind === 'failed';
    if (!isKnown) await loadNested(this.#connection.tracking, experimentId, forest, runId);
    return forest;
  }

  async showMore(experimentId: ExperimentId, parentId: RunId | undefined): Promise<void> {
    const forest = await this.forest(experimentId);
    if (parentId === undefined) await loadMore(this.#connection.tracking, experimentId, forest);
    else await loadNested(this.#connection.tracking, experimentId, forest, parentId);
  }

  /** However old it is, with the runs that it is nested in. */
  async add(run: Run): Promise<void> {
    const { experimentId, runId } = run.info;
    const forest = await this.forest(experimentId);
    if (forest.get(runId) !== undefined) return;
    forest.add([run]);
    await addParentsOf(this.#connection.tracking, experimentId, forest, [run]);
  }

  /** Each part is read again when it is shown. */
  forget(): void {
    this.#forests.clear();
  }

  /** Reads again what changed, in one request for all runs. */
  async update({ runs, metrics }: StoreChanges): Promise<readonly TouchedRuns[]> {
    // What is being loaded may have been read before the change.
    await Promise.allSettled(this.#forests.values());
    const withMetrics = [...metrics].filter(([runId, experimentId]) => this.of(experimentId)?.get(runId));
    const relevant = [...runs, ...withMetrics].filter(([, experimentId]) => this.#loaded.has(experimentId));
    const byExperiment = Map.groupBy(relevant, ([, experimentId]) => experimentId);
    if (byExperiment.size === 0) return [];
    const runIds = [...new Set(relevant.map(([runId]) => runId))];
    const found = await readRuns(this.#connection.tracking, { experimentIds: [...byExperiment.keys()], runIds });
    const foundIn = Map.groupBy(found, ({ info }) => info.experimentId);
    const updates = [...byExperiment].map(([experimentId, entries]) =>
      this.#updateForest(
        experimentId,
        foundIn.get(experimentId) ?? [],
        entries.map(([runId]) => runId),
      ),
    );
    return (await Promise.all(updates)).flat();
  }

  /** Rows that look otherwise by what a person has said, or has taken back. */
  edit(edit: RunEdit, isWritten: boolean): readonly TouchedRuns[] {
    const isMoved = edit.lifecycleStage !== undefined;
    return [...this.#loaded]
      .filter(([experimentId]) => edit.run === undefined || edit.run.info.experimentId === experimentId)
      .filter(([, forest]) => forest.edit(edit, isWritten))
      .map(([experimentId]) => ({ experimentId, runIds: isMoved ? 'all' : [edit.runId] }));
  }

  #last(experimentId: ExperimentId): RunForest {
    const forest = this.of(experimentId);
    if (forest === undefined) throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'Its runs had not been read before the store went away');
    return forest;
  }

  /** As many runs as were shown before. */
  async #load(experimentId: ExperimentId): Promise<RunForest> {
    try {
      const shown = this.of(experimentId)?.top().length ?? 0;
      const forest = new RunForest((run) => this.#edits.run(this.#connection.id, run));
      await loadForest(this.#connection.tracking, experimentId, { into: forest, count: shown });
      this.#loaded.set(experimentId, forest);
      return forest;
    } catch (error) {
      this.#forests.delete(experimentId);
      throw error;
    }
  }

  async #updateForest(experimentId: ExperimentId, found: readonly Run[], asked: readonly RunId[]): Promise<readonly TouchedRuns[]> {
    const forest = this.of(experimentId);
    if (forest === undefined) return [];
    const present = new Set(found.map(({ info }) => info.runId));
    const change = forest.update(
      found,
      asked.filter((runId) => !present.has(runId)),
    );
    if (change.unknownParents.length > 0) await addParentsOf(this.#connection.tracking, experimentId, forest, found);
    const isMoved = change.moved || change.unknownParents.length > 0;
    return [{ experimentId, runIds: isMoved ? 'all' : change.changed }];
  }
}
