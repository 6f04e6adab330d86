import type { RunId } from '../../../schemas/ids.ts';
import { editRun, type PendingEdits, type RunEdit } from '../pending-edits.ts';
import type { Run } from '../run.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readRuns } from '../runs-by-id.ts';
import type { Favourites } from './favourites.ts';
import type { StoreChanges } from './store-changes.ts';

/** The starred runs of a store, read in one request; those that are deleted are left out until they are restored. */
export class FavouriteRuns {
  readonly #connection: StoreConnection;
  readonly #favourites: Favourites;
  readonly #edits: PendingEdits;
  #runs: ReadonlyMap<RunId, Run> = new Map();

  constructor(connection: StoreConnection, favourites: Favourites, edits: PendingEdits) {
    this.#connection = connection;
    this.#favourites = favourites;
    this.#edits = edits;
  }

  get(runId: RunId): Run | undefined {
    const run = this.#runs.get(runId);
    const look = run && this.#edits.run(this.#connection.id, run);
    return look?.info.lifecycleStage === 'deleted' ? undefined : look;
  }

  /** In the order in which they were starred; while the store is away, what was read last. */
  async read(): Promise<readonly Run[]> {
    const wanted = this.#wanted;
    if (wanted.length > 0 && this.#connection.state.kind !== 'failed') {
      const experimentIds = [...new Set(wanted.map(({ experimentId }) => experimentId))];
      const runIds = wanted.map(({ runId }) => runId);
      this.#runs = new Map((await readRuns(this.#connection.tracking, { experimentIds, runIds })).map((run) => [run.info.runId, run]));
    }
    return wanted.flatMap(({ runId }) => this.get(runId) ?? []);
  }

  isTouchedBy({ runs, metrics }: StoreChanges): boolean {
    return this.#wanted.some(({ runId }) => runs.has(runId) || metrics.has(runId));
  }

  /** Whether it is one of these; what is written is so from now on. */
  edit(edit: RunEdit, isWritten: boolean): boolean {
    const run = this.#runs.get(edit.runId);
    if (run !== undefined && isWritten) this.#runs = new Map([...this.#runs, [edit.runId, editRun(run, edit)]]);
    return run !== undefined;
  }

  get #wanted() {
    return this.#favourites.of(this.#connection.id).flatMap(({ experimentId, runId }) => (runId === undefined ? [] : [{ experimentId, runId }]));
  }
}
