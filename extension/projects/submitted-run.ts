import { setTimeout as delay } from 'node:timers/promises';

import type { Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import { killTree, noProcess } from '../shared/process-tree.ts';
import { userEnvironment } from '../shared/process.ts';
import { removeContainers } from './docker-environment.ts';
import { connectControl, removeControlAddress, type ControlConnection, type ControlListener } from '../shared/control.ts';
import { runMarker } from './run-environment.ts';
import type { EndedState, RunFolder, RunPlan, RunState } from './run-folder.ts';
import type { RunEnd } from './run-outcome.ts';

/** ms in which a supervisor begins: on a busy machine a program takes seconds to start. */
const startLimit = 30_000;
const retryInterval = 100;

/** Another window may just be starting the run: until its supervisor has begun, nobody listens. */
const connectOnceStarted = async (folder: RunFolder, plan: RunPlan, listener: ControlListener): Promise<ControlConnection | undefined> => {
  for (;;) {
    // Before the connection is tried: a supervisor that begins in between is not lost.
    const hasBegun = Date.now() - plan.startTime >= startLimit || (await folder.readState()) !== undefined;
    const control = await connectControl(plan.control, listener);
    if (control !== undefined || hasBegun) return control;
    await delay(retryInterval);
  }
};

/** The end that the run has in its store at a moment, as far as anybody can tell. */
export type ReadEnd = (plan: RunPlan, moment: number) => Promise<RunEnd | undefined>;

const unknownEnd: ReadEnd = async () => await Promise.resolve(undefined);

/** A start of an entry point, seen from a window of the editor: its supervisor does the work. */
export class SubmittedRun implements Disposable {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly #readEnd: ReadEnd;
  readonly #changed = new Emitter<RunState>();
  #state: RunState = { phase: 'preparing' };
  #control: ControlConnection | undefined;
  #refreshed: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changed.event;

  private constructor(folder: RunFolder, plan: RunPlan, readEnd: ReadEnd) {
    this.folder = folder;
    this.plan = plan;
    this.#readEnd = readEnd;
  }

  /** Finds out how the run stands; one whose supervisor is gone is brought to its end. */
  static async attach(folder: RunFolder, plan: RunPlan, readEnd: ReadEnd = unknownEnd): Promise<SubmittedRun> {
    const run = new SubmittedRun(folder, plan, readEnd);
    const onClosed = (): void => {
      run.#control = undefined;
      void run.#refresh();
    };
    run.#control = await connectOnceStarted(folder, plan, { onChanged: () => void run.#refresh(), onClosed });
    await run.#refresh();
    return run;
  }

  get state(): RunState {
    return this.#state;
  }

  get hasEnded(): boolean {
    return this.#state.phase === 'ended';
  }

  /** While its supervisor lives, nobody else writes about the run. */
  get isSupervised(): boolean {
    return this.#control !== undefined;
  }

  /** Asks for it; the state tells when it has happened. */
  stop(): void {
    this.#control?.send('stop');
  }

  /** The run goes on. */
  dispose(): void {
    this.#control?.dispose();
    this.#changed.dispose();
  }

  /** One look after the other, so that an older state never replaces a newer one. */
  async #refresh(): Promise<void> {
    this.#refreshed = this.#refreshed.then(async () => {
      const isSupervised = this.isSupervised;
      const state = await this.folder.readState();
      if (!isSupervised && state?.phase !== 'ended') await this.#endLost(state);
      else if (state !== undefined) this.#setState(state);
    });
    await this.#refreshed;
  }

  /** Nobody watches the run any more: what is left of it ends, and says so. On a full disk its end may be in its store alone. */
  async #endLost(state: RunState | undefined): Promise<void> {
    const moment = Date.now();
    const known = await this.#readEnd(this.plan, moment);
    const root = state?.phase === 'running' ? state.process : noProcess;
    await killTree(root, { grace: this.plan.grace, marker: runMarker(this.plan) });
    await removeContainers(this.plan, userEnvironment()).catch(() => {
      // The engine is gone too, and what it ran with it.
    });
    await removeControlAddress(this.plan.control);
    const outcome = { status: 'FAILED', at: 'lost', reason: 'The process that watched over the run ended before the run did' } as const;
    await this.writeEnd({ phase: 'ended', recorded: known !== undefined, ...(known ?? { outcome, endTime: moment }) });
  }

  async writeEnd(state: EndedState): Promise<void> {
    await this.folder.writeState(state).catch(() => {
      // A full disk: it is known here, and the next window finds it out anew.
    });
    this.#setState(state);
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
