import type { ExperimentId, StoreId } from '../../../schemas/ids.ts';
import { type Batcher, createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { followStores } from '../follow-stores.ts';
import { Emitter } from '../../shared/emitter.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { RunCount, StoreConnection, StoreConnections } from '../store-connection.ts';

/** ms between two counts of a store: a count reads an index of all runs. */
const interval = 200;

export interface CountsChange {
  readonly connection: StoreConnection;
  readonly experimentIds: readonly ExperimentId[];
}

type Counts = ReadonlyMap<ExperimentId, RunCount>;

/** How many runs each experiment of each open store has; kept true by the stores' events. */
export class RunCounts implements Disposable {
  readonly #log: Logger;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<CountsChange>());
  readonly #counts = new Map<StoreId, Counts>();

  readonly onDidChange = this.#changed.event;

  constructor(stores: StoreConnections, log: Logger) {
    this.#log = log;
    this.#owned.own(followStores(stores, (connection) => this.#follow(connection)));
  }

  of(storeId: StoreId, experimentId: ExperimentId): RunCount | undefined {
    return this.#counts.get(storeId)?.get(experimentId);
  }

  running(storeId: StoreId): number {
    return [...(this.#counts.get(storeId)?.values() ?? [])].reduce((sum, { running }) => sum + running, 0);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #follow(connection: StoreConnection): Disposable {
    const owned = new Disposables();
    const batcher: Batcher<'count'> = owned.own(createBatcher(interval, () => this.#count(connection)));
    owned.own(connection.onDidChangeState(() => batcher.add('count')));
    owned.own(
      connection.onDidChange((event) => {
        if (event.type === 'runs' || event.type === 'reset') batcher.add('count');
      }),
    );
    owned.own({ dispose: () => this.#counts.delete(connection.id) });
    batcher.add('count');
    return owned;
  }

  async #count(connection: StoreConnection): Promise<void> {
    if (connection.state.kind !== 'ready') return;
    try {
      const before = this.#counts.get(connection.id) ?? new Map<ExperimentId, RunCount>();
      const now = await connection.runCounts();
      this.#counts.set(connection.id, now);
      const experimentIds = differences(before, now);
      if (experimentIds.length > 0) this.#changed.fire({ connection, experimentIds });
    } catch (error) {
      this.#log.debug(`Cannot count the runs of ${connection.id}: ${errorMessage(error)}`);
    }
  }
}

/** Their status is all that is counted: a run whose program has died without a word has it, too. */
export const runningText = (running: number): string => `${running} ${running === 1 ? 'run' : 'runs'} with status Running`;

const differences = (before: Counts, now: Counts): readonly ExperimentId[] =>
  [...new Set([...before.keys(), ...now.keys()])].filter(
    (id) => before.get(id)?.runs !== now.get(id)?.runs || before.get(id)?.running !== now.get(id)?.running,
  );
