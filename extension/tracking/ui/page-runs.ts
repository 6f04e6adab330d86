import type { LayoutRuns, RunsOfExperiments } from '../../../schemas/compare-layout.ts';
import type { CompareSnapshot } from '../../../schemas/webview-protocol.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import { readSnapshot } from './compare-runs.ts';
import { findRunsById, findRunsOf, type RunPointer } from './find-runs.ts';

/** What a page is opened with. */
export interface ComparedRuns {
  readonly runs: readonly RunPointer[];
  /** Where they were taken from, when they were not chosen one by one. */
  readonly source?: RunsOfExperiments;
  readonly notes?: readonly string[];
}

/** The runs that one page compares: those it was opened with, or those that its layout names, once they are found. */
export class PageRuns {
  readonly #stores: StoreConnections;
  #current: ComparedRuns;
  /** Named by a layout, and not looked for yet. */
  #named: LayoutRuns | undefined;

  constructor(stores: StoreConnections, runs: ComparedRuns) {
    this.#stores = stores;
    this.#current = runs;
  }

  get all(): readonly RunPointer[] {
    return this.#current.runs;
  }

  get source(): RunsOfExperiments | undefined {
    return this.#current.source;
  }

  /** In the words of a layout file. */
  get asLayout(): LayoutRuns {
    return this.#current.source ?? this.#current.runs.map(({ runId }) => runId);
  }

  name(named: LayoutRuns | undefined): void {
    this.#named = named;
  }

  /** What was chosen one by one is no longer all of an experiment. */
  set(runs: readonly RunPointer[]): void {
    this.#named = undefined;
    this.#current = { runs };
  }

  /** Undefined while a store that may have them is opening: its state changes soon. */
  async read(): Promise<CompareSnapshot | undefined> {
    await this.#stores.found;
    if (this.#isOpening()) return undefined;
    if (this.#named !== undefined) this.#current = await this.#find(this.#named);
    this.#named = undefined;
    return { ...(await readSnapshot(this.#stores, this.#current.runs)), notes: this.#current.notes ?? [] };
  }

  async #find(named: LayoutRuns): Promise<ComparedRuns> {
    const stores = this.#stores.all.filter(({ state }) => state.kind === 'ready');
    if (!('experiments' in named)) return { runs: (await findRunsById(stores, named)).pointers };
    const { pointers, notes } = await findRunsOf(stores, named);
    return { runs: pointers, notes, source: named };
  }

  #isOpening(): boolean {
    return this.#concerned().some(({ state }) => state.kind === 'opening');
  }

  #concerned(): readonly StoreConnection[] {
    if (this.#named !== undefined) return this.#stores.all;
    return [...new Set(this.all.map(({ store }) => store))].flatMap((store) => this.#stores.byAddress(store) ?? []);
  }
}
