import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { removeControlAddress, serveControl, type ControlServer } from '../shared/control.ts';
import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { withPathFirst } from '../shared/path-variable.ts';
import { start, userEnvironment, type Ending, type RunningProcess } from '../shared/process.ts';
import { identify, killTree, noProcess, type ProcessIdentity } from '../shared/process-tree.ts';
import { freePort } from '../tracking/tracking-server-process.ts';
import { createScoringClient } from './scoring-client.ts';
import { servingCommand } from './serving-command.ts';
import { servingMarker } from './serving-environment.ts';
import { explainFailure, isPortTaken } from './serving-failure.ts';
import type { ServingFailure, ServingFolder, ServingPhase, ServingPlan } from './serving-folder.ts';

interface SupervisionOptions {
  readonly folder: ServingFolder;
  readonly plan: ServingPlan;
  readonly log: Logger;
  /** It can be found and stopped from now on. */
  readonly onReady: () => void;
}

/** ms between two looks at a server that is starting. */
const pingInterval = 20;
const mostPorts = 5;
/** ms in which the window that has started it connects. */
const firstWindow = 60_000;
/** Bytes of the output's end in which the cause of a failure is looked for. */
const largestTail = 256 * 1024;

/** Starts the server of one model, says when it answers, and ends all of it when it is told to or when nobody wants it any more. */
export class ServingSupervision {
  readonly #options: SupervisionOptions;
  readonly #stop = new AbortController();
  #isKept: boolean;
  #phase: ServingPhase;
  #control: ControlServer | undefined;
  #lease: NodeJS.Timeout | undefined;
  #told = Promise.resolve();

  constructor(options: SupervisionOptions) {
    this.#options = options;
    this.#isKept = options.plan.isKept;
    this.#phase = { phase: 'starting', port: options.plan.port };
  }

  readonly requestStop = (): void => {
    if (this.#stop.signal.aborted) return;
    void this.#tell({ phase: 'stopping' });
    this.#stop.abort();
  };

  async run(): Promise<void> {
    const { plan, onReady } = this.#options;
    this.#control = await serveControl(plan.control, { onWord: (word) => this.#obey(word), onCount: (count) => this.#onWindows(count) });
    if (!this.#isKept) this.#lease = setTimeout(this.requestStop, firstWindow);
    await this.#tell(this.#phase);
    onReady();
    const failure = await this.#serve();
    clearTimeout(this.#lease);
    await this.#tell(failure === undefined ? { phase: 'stopped' } : { phase: 'failed', failure });
    this.#control.dispose();
    await removeControlAddress(plan.control);
  }

  #obey(word: string): void {
    if (word === 'stop') return this.requestStop();
    if (word !== 'keep' && word !== 'end-with-window') return;
    this.#isKept = word === 'keep';
    void this.#tell(this.#phase);
  }

  /** A window that is reloaded comes back; one that is closed does not. */
  #onWindows(count: number): void {
    clearTimeout(this.#lease);
    if (count === 0 && !this.#isKept) this.#lease = setTimeout(this.requestStop, this.#options.plan.limits.lease);
  }

  /** Undefined when it was stopped. */
  async #serve(): Promise<ServingFailure | undefined> {
    let port = this.#options.plan.port;
    try {
      for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
        port = await freePort(port);
        const failure = await this.#serveAt(port);
        if (failure === 'port taken' && attempt < mostPorts) {
          port = 0;
          continue;
        }
        return failure === 'port taken' ? { message: `Every port that was tried was taken meanwhile, ${port} the last. Restart it.` } : failure;
      }
      return undefined;
    } catch (error) {
      return { message: errorMessage(error) };
    }
  }

  async #serveAt(port: number): Promise<ServingFailure | 'port taken' | undefined> {
    const { plan, folder } = this.#options;
    const { limits } = plan;
    const output = await open(folder.outputFile, 'a');
    const { size: begin } = await output.stat();
    let root: ProcessIdentity = noProcess;
    try {
      const child = await this.#start(port, output);
      root = (await identify(child.pid)) ?? noProcess;
      await this.#tell({ phase: 'starting', port, process: root });
      const ending = await this.#watch(child, port, root);
      if (this.#stop.signal.aborted) return undefined;
      if (ending === 'too late')
        return { message: `The model's server did not answer within ${limits.start / 1000} s. Look at its log; large models need longer.` };
      return this.#explain(await readTail(folder.outputFile, begin), ending, port);
    } finally {
      await killTree(root, { grace: limits.grace, marker: servingMarker(plan.id) });
      await output.close();
    }
  }

  async #start(port: number, output: FileHandle): Promise<RunningProcess> {
    const { request } = this.#options.plan;
    // `mlflow models serve` starts `uvicorn` by its name: that of the interpreter's own environment.
    const environment = withPathFirst(userEnvironment(), dirname(request.interpreter));
    return await start(servingCommand(request, port, environment), { streams: ['ignore', output.fd, output.fd], detached: true });
  }

  /** Until it ends by itself, is stopped, or has taken too long to answer. */
  async #watch(child: RunningProcess, port: number, process: ProcessIdentity): Promise<Ending | 'too late' | undefined> {
    const client = createScoringClient(port);
    const over = new AbortController();
    const stopped = new Promise<undefined>((resolve) => this.#stop.signal.addEventListener('abort', () => resolve(undefined), { once: true }));
    const ended = child.ended.finally(() => over.abort());
    try {
      const isLate = this.#awaitAnswer(client.ping, AbortSignal.any([over.signal, this.#stop.signal])).then(async (isReady) => {
        if (!isReady) return 'too late' as const;
        if (!over.signal.aborted && !this.#stop.signal.aborted) await this.#tell({ phase: 'ready', port, since: Date.now(), process });
        return await new Promise<never>(() => {});
      });
      return await Promise.race([ended, stopped, isLate]);
    } finally {
      over.abort();
      client.dispose();
    }
  }

  /** Whether it came in time, or need not come any more. */
  async #awaitAnswer(ping: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + this.#options.plan.limits.start;
    while (!signal.aborted) {
      if (await ping()) return true;
      if (Date.now() > deadline) return false;
      await delay(pingInterval, undefined, { signal }).catch(() => {});
    }
    return true;
  }

  #explain(output: string, ending: Ending | undefined, port: number): ServingFailure | 'port taken' {
    if (this.#phase.phase === 'starting' && isPortTaken(output)) {
      this.#options.log.info(`Port ${port} was taken meanwhile`);
      return 'port taken';
    }
    return explainFailure(output, { interpreter: this.#options.plan.request.interpreter, ending: String(ending?.code ?? ending?.signal ?? 'no reason') });
  }

  /** States reach the file one after the other. A full disk must not end the server. */
  async #tell(phase: ServingPhase): Promise<void> {
    const { folder, log } = this.#options;
    this.#phase = phase;
    const state = { ...phase, isKept: this.#isKept };
    const write = async (): Promise<void> => {
      await folder.writeState(state).catch((error: unknown) => log.error(`Cannot write '${phase.phase}': ${errorMessage(error)}`));
      this.#control?.tellChanged();
    };
    this.#told = this.#told.then(write);
    await this.#told;
  }
}

const readTail = async (path: string, from: number): Promise<string> => {
  const whole = await readFile(path);
  return whole.subarray(Math.max(from, whole.length - largestTail)).toString('utf8');
};
