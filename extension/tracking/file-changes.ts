import type { RunId, ExperimentId } from '../../schemas/ids.ts';
import type { StoreEvent } from '../../schemas/workbench-api.ts';

interface ChangedRun {
  readonly runId: RunId;
  readonly experimentId: ExperimentId;
}

/** What looks at a store's files have found to be new, whoever looked, until somebody tells it. */
export class FileChanges {
  /** Nothing is kept while nobody listens. */
  isListening = false;
  #experiments = false;
  #registry = false;
  #runs = new Map<RunId, ChangedRun>();
  #metrics = new Map<RunId, ChangedRun & { readonly keys: Set<string> }>();

  experiments(): void {
    this.#experiments = this.isListening;
  }

  registry(): void {
    this.#registry = this.isListening;
  }

  run(run: ChangedRun): void {
    if (this.isListening) this.#runs.set(run.runId, { runId: run.runId, experimentId: run.experimentId });
  }

  metrics({ runId, experimentId }: ChangedRun, keys: readonly string[]): void {
    if (!this.isListening || keys.length === 0) return;
    const known = this.#metrics.get(runId)?.keys ?? [];
    this.#metrics.set(runId, { runId, experimentId, keys: new Set([...known, ...keys]) });
  }

  /** One event for each kind; what is taken is not told again. */
  take(): readonly StoreEvent[] {
    const events: StoreEvent[] = [
      ...(this.#experiments ? [{ type: 'experiments' } as const] : []),
      ...(this.#runs.size > 0 ? [{ type: 'runs', runs: [...this.#runs.values()] } as const] : []),
      ...(this.#metrics.size > 0 ? [{ type: 'metrics', runs: [...this.#metrics.values()].map((run) => ({ ...run, keys: [...run.keys] })) } as const] : []),
      ...(this.#registry ? [{ type: 'registry' } as const] : []),
    ];
    [this.#experiments, this.#registry] = [false, false];
    this.#runs.clear();
    this.#metrics.clear();
    return events;
  }
}
