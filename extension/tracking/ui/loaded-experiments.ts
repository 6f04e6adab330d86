import type { ExperimentId } from '../../../schemas/ids.ts';
import type { Experiment } from '../experiment.ts';
import { editExperiment, type ExperimentEdit, type PendingEdits } from '../pending-edits.ts';
import type { StoreConnection } from '../store-connection.ts';
import { readExperiments } from '../runs-by-id.ts';

/** The experiments of a store that the tree has read, as a person has left them. While the store is away, those that were read last. */
export class LoadedExperiments {
  readonly #connection: StoreConnection;
  readonly #edits: PendingEdits;
  #reading: Promise<void> | undefined;
  /** Those that have gone since are among them as deleted: they may come back. */
  #known: ReadonlyMap<ExperimentId, Experiment> = new Map();

  constructor(connection: StoreConnection, edits: PendingEdits) {
    this.#connection = connection;
    this.#edits = edits;
  }

  /** Whether they have been read, or are being read. */
  get isRead(): boolean {
    return this.#reading !== undefined;
  }

  get(experimentId: ExperimentId): Experiment | undefined {
    const known = this.#known.get(experimentId);
    const shown = known && this.#edits.experiment(this.#connection.id, known);
    return shown?.lifecycleStage === 'deleted' ? undefined : shown;
  }

  async read(): Promise<ReadonlyMap<ExperimentId, Experiment>> {
    if (this.#connection.state.kind !== 'failed') await (this.#reading ??= this.#load());
    return new Map([...this.#known.keys()].flatMap((id) => this.get(id) ?? []).map((experiment) => [experiment.experimentId, experiment]));
  }

  /** They are read again when they are shown. */
  forget(): void {
    this.#reading = undefined;
  }

  /** Whether it is one of these; what is written is so from now on. */
  edit(edit: ExperimentEdit, isWritten: boolean): boolean {
    const known = this.#known.get(edit.experimentId) ?? edit.experiment;
    if (known === undefined) return false;
    this.#known = new Map([...this.#known, [edit.experimentId, isWritten ? editExperiment(known, edit) : known]]);
    return true;
  }

  async #load(): Promise<void> {
    try {
      const experiments = await readExperiments(this.#connection.tracking);
      const gone = [...this.#known.values()].map((experiment): Experiment => ({ ...experiment, lifecycleStage: 'deleted' }));
      this.#known = new Map([...gone, ...experiments].map((experiment) => [experiment.experimentId, experiment]));
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }
}
