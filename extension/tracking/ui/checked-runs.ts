import type { RunReference } from '../../host/commands.ts';
import { Emitter } from '../../shared/emitter.ts';

/** Runs that the user has ticked, across experiments and stores. */
export class CheckedRuns {
  readonly #runs = new Map<string, RunReference>();
  readonly #changed = new Emitter<void>();

  readonly onDidChange = this.#changed.event;

  get all(): readonly RunReference[] {
    return [...this.#runs.values()];
  }

  has(run: RunReference): boolean {
    return this.#runs.has(keyOf(run));
  }

  set(run: RunReference, checked: boolean): void {
    if (checked) this.#runs.set(keyOf(run), run);
    else this.#runs.delete(keyOf(run));
    this.#changed.fire();
  }

  clear(): void {
    this.#runs.clear();
    this.#changed.fire();
  }
}

const keyOf = ({ storeId, runId }: RunReference): string => JSON.stringify([storeId, runId]);
