import type { RunId } from '../../schemas/ids.ts';
import { Disposables, type Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import { listRunFolders, type EndedState, type RunFolder, type RunPlan } from './run-folder.ts';
import { readEndIn, recordEnd } from './run-outcome.ts';
import type { RunRequest, RunSite, RunStore } from './submit-run.ts';
import { SubmittedRun, type ReadEnd } from './submitted-run.ts';

export interface SubmittedRunsOptions {
  readonly site: RunSite;
  /** Undefined while the store is not open. */
  readonly trackingOf: (address: StoreAddress) => TrackingStore | undefined;
  readonly log: Logger;
}

/** Runs whose files are kept; the oldest go first. Their entries in the store stay. */
const keptRuns = 200;

/** The runs that a window knows: those it started, and those that are found when it opens. */
export class SubmittedRuns implements Disposable {
  readonly #options: SubmittedRunsOptions;
  readonly #runs = new Map<RunId, SubmittedRun>();
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<SubmittedRun>());

  readonly #readEnd: ReadEnd;

  /** A run is new here, or its state has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(options: SubmittedRunsOptions) {
    this.#options = options;
    this.#readEnd = readEndIn(options.trackingOf);
  }

  /** The newest first. */
  get all(): readonly SubmittedRun[] {
    return [...this.#runs.values()].toSorted((a, b) => b.plan.startTime - a.plan.startTime);
  }

  get active(): readonly SubmittedRun[] {
    return this.all.filter((run) => !run.hasEnded);
  }

  byId(runId: RunId): SubmittedRun | undefined {
    return this.#runs.get(runId);
  }

  async submit(request: RunRequest, store: RunStore): Promise<SubmittedRun> {
    const { submitRun } = await import('./submit-run.ts');
    const run = await submitRun(request, store, this.#options.site);
    this.#options.log.info(`Run ${run.plan.runId}: ${request.entryPoint.name} of ${request.directory}`);
    this.#add(run);
    return run;
  }

  /** Finds the runs of earlier windows, whether they go on or have ended meanwhile. */
  async recover(isOurs: (plan: RunPlan) => boolean): Promise<void> {
    const found = await this.#readPlans();
    const kept = found.toSorted((a, b) => b.plan.startTime - a.plan.startTime);
    await Promise.all(kept.slice(keptRuns).map(({ folder }) => removeEnded(folder)));
    await Promise.all(
      kept.slice(0, keptRuns).map(async ({ folder, plan }) => {
        if (isOurs(plan) && !this.#runs.has(plan.runId)) this.#addRecovered(await SubmittedRun.attach(folder, plan, this.#readEnd));
      }),
    );
  }

  /** Sets the status of what has ended where nobody could: to be called when stores have opened. */
  recordEnds(): void {
    for (const run of this.#runs.values()) void this.#recordEnd(run);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #readPlans(): Promise<readonly { readonly folder: RunFolder; readonly plan: RunPlan }[]> {
    const folders = [...(await listRunFolders(this.#options.site.root)).values()];
    const plans = await Promise.all(folders.map(async (folder) => ({ folder, plan: await this.#readPlan(folder) })));
    return plans.flatMap(({ folder, plan }) => (plan === undefined ? [] : [{ folder, plan }]));
  }

  async #readPlan(folder: RunFolder): Promise<RunPlan | undefined> {
    try {
      return await folder.readPlan();
    } catch (error) {
      this.#options.log.warn(`Cannot read '${folder.path}': ${errorMessage(error)}`);
      return undefined;
    }
  }

  /** Two searches may have found it at once. */
  #addRecovered(run: SubmittedRun): void {
    if (this.#runs.has(run.plan.runId)) run.dispose();
    else this.#add(run);
  }

  #add(run: SubmittedRun): void {
    this.#runs.set(run.plan.runId, this.#owned.own(run));
    this.#owned.own(run.onDidChange(() => this.#onRunChanged(run)));
    this.#onRunChanged(run);
  }

  #onRunChanged(run: SubmittedRun): void {
    this.#changed.fire(run);
    void this.#recordEnd(run);
  }

  async #recordEnd(run: SubmittedRun): Promise<void> {
    const { state, plan } = run;
    if (state.phase !== 'ended' || state.recorded || run.isSupervised) return;
    const tracking = this.#options.trackingOf(plan.store);
    if (tracking === undefined) return;
    try {
      const known = isLost(state) ? await this.#readEnd(plan, state.endTime) : undefined;
      if (known === undefined) await recordEnd(tracking, plan.runId, state);
      await run.writeEnd({ ...state, ...known, recorded: true });
    } catch (error) {
      this.#options.log.warn(`Cannot set the status of run ${plan.runId}: ${errorMessage(error)}`);
    }
  }
}

const isLost = ({ outcome }: EndedState): boolean => outcome.status === 'FAILED' && outcome.at === 'lost';

const removeEnded = async (folder: RunFolder): Promise<void> => {
  const state = await folder.readState();
  if (state?.phase === 'ended') await folder.remove();
};
