import type { ExperimentId, RunId, StoreId } from '../../../schemas/ids.ts';
import { Emitter } from '../../shared/emitter.ts';

export interface Favourite {
  readonly experimentId: ExperimentId;
  /** Absent: the experiment itself. */
  readonly runId?: RunId;
}

/** What VS Code keeps for a workspace. */
interface Memory {
  get<Value>(key: string, otherwise: Value): Value;
  update(key: string, value: unknown): PromiseLike<void>;
}

const key = 'mlflow.favourites';

/** Experiments and runs that the user has starred, kept for the workspace, by their store. */
export class Favourites {
  readonly #memory: Memory;
  readonly #changed = new Emitter<StoreId>();

  readonly onDidChange = this.#changed.event;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  of(storeId: StoreId): readonly Favourite[] {
    const all = this.#all;
    return Object.hasOwn(all, storeId) ? (all[storeId] ?? []) : [];
  }

  has(storeId: StoreId, favourite: Favourite): boolean {
    return this.of(storeId).some((one) => isSame(one, favourite));
  }

  async set(storeId: StoreId, some: readonly Favourite[], isFavourite: boolean): Promise<void> {
    const others = this.of(storeId).filter((one) => !some.some((other) => isSame(one, other)));
    await this.#memory.update(key, { ...this.#all, [storeId]: isFavourite ? [...others, ...some] : others });
    this.#changed.fire(storeId);
  }

  get #all(): Readonly<Record<string, readonly Favourite[]>> {
    return this.#memory.get(key, {});
  }
}

const isSame = (one: Favourite, other: Favourite): boolean => one.experimentId === other.experimentId && one.runId === other.runId;
