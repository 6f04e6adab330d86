import { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { ProcessIdentity } from '../shared/process-tree.ts';
import { userEnvironment } from '../shared/process.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import { executeRun } from './execute-run.ts';
import { logOutput } from './output-artifact.ts';
import { removeControlAddress, serveControl, type ControlServer } from '../shared/control.ts';
import type { EndedState, Outcome, RunFolder, RunPlan, RunState } from './run-folder.ts';
import { endLine, recordEnd } from './run-outcome.ts';
import type { OpenTrackingStore } from './run-store.ts';

/** Waits in ms before each try to set the final status; a window of the editor does it when all fail. */
const recordDelays = [0, 1_000, 5_000, 30_000] as const;

interface SupervisionOptions {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly openStore: OpenTrackingStore;
  readonly log: Logger;
  /** The run can be found and stopped from now on. */
  readonly onReady: () => void;
}

/** Starts the entry point, keeps the run's files up to date, stops it when told to, and sets the run's final status. */
export class Supervision {
  readonly #options: SupervisionOptions;
  readonly #stop = new AbortController();
  #stopped: { readonly stopTime?: number } = {};
  #control: ControlServer | undefined;
  #told = Promise.resolve();

  constructor(options: SupervisionOptions) {
    this.#options = options;
  }

  readonly requestStop = (): void => {
    if (this.#stop.signal.aborted) return;
    this.#stopped = { stopTime: Date.now() };
    void this.#tell({ phase: 'stopping' });
    this.#stop.abort();
  };

  async run(): Promise<void> {
    const { plan, onReady } = this.#options;
    this.#control = await serveControl(plan.control, { onWord: (word) => word === 'stop' && this.requestStop() });
    await this.#tell({ phase: 'preparing' });
    onReady();
    const outcome = await this.#execute();
    const ended: EndedState = { phase: 'ended', outcome, endTime: Date.now(), recorded: false, ...this.#stopped };
    await this.#tell(ended);
    await this.#tell({ ...ended, recorded: await this.#recordPatiently(ended) });
    this.#control.dispose();
    await removeControlAddress(plan.control);
  }

  async #execute(): Promise<Outcome> {
    const { folder, plan } = this.#options;
    const output = await open(folder.outputFile, 'a');
    const say = (line: string): void => this.#say(output.fd, line);
    const outcome = await executeRun(plan, {
      environment: userEnvironment(),
      output: output.fd,
      scratch: join(folder.path, 'bin'),
      say,
      stop: this.#stop.signal,
      setTags: async (tags) => await this.#withStore(async (tracking) => await tracking.logBatch({ runId: plan.runId, tags })),
      onStarted: async (process, command) => await this.#tellStarted(process, command),
    });
    say(endLine(plan.runId, outcome));
    await output.close();
    if (plan.logsOutput === true) await this.#logOutput();
    return outcome;
  }

  /** A run has not failed because nobody could keep what it said. */
  async #logOutput(): Promise<void> {
    const { folder, plan, log } = this.#options;
    await logOutput(plan, folder, userEnvironment()).catch((error: unknown) => log.error(errorMessage(error)));
  }

  /** Whoever has asked to stop meanwhile goes on seeing that it stops. */
  async #tellStarted(process: ProcessIdentity, command: string): Promise<void> {
    if (!this.#stop.signal.aborted) await this.#tell({ phase: 'running', process, command });
  }

  /** States reach the file one after the other. A full disk must not keep the run from going on. */
  async #tell(state: RunState): Promise<void> {
    const { folder, log } = this.#options;
    const write = async (): Promise<void> => {
      await folder.writeState(state).catch((error: unknown) => log.error(`Cannot write '${state.phase}': ${errorMessage(error)}`));
      this.#control?.tellChanged();
    };
    this.#told = this.#told.then(write);
    await this.#told;
  }

  #say(output: number, line: string): void {
    try {
      writeSync(output, `${line}\n`);
    } catch (error) {
      this.#options.log.error(`Cannot write '${line}': ${errorMessage(error)}`);
    }
  }

  async #recordPatiently(ended: EndedState): Promise<boolean> {
    for (const wait of recordDelays) {
      await delay(wait);
      try {
        await this.#record(ended);
        return true;
      } catch (error) {
        this.#options.log.error(`Cannot set the run's final status: ${errorMessage(error)}`);
      }
    }
    return false;
  }

  async #record(ended: EndedState): Promise<void> {
    const { runId } = this.#options.plan;
    await this.#withStore(async (tracking) => await recordEnd(tracking, runId, ended));
  }

  async #withStore(work: (tracking: TrackingStore) => Promise<void>): Promise<void> {
    const { plan, openStore } = this.#options;
    const store = await openStore(plan.store);
    try {
      await work(store.tracking);
    } finally {
      store.dispose();
    }
  }
}
