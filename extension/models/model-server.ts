import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { connectControl, newControlAddress, removeControlAddress, type ControlConnection } from '../shared/control.ts';
import type { Disposable } from '../shared/disposables.ts';
import { Emitter } from '../shared/emitter.ts';
import { nodeCommand, userEnvironment } from '../shared/process.ts';
import { killTree, noProcess } from '../shared/process-tree.ts';
import { startSupervisor } from '../shared/start-supervisor.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import { servingEnvironment, servingMarker } from './serving-environment.ts';
import { hasEnded, ServingFolder, type ServingLimits, type ServingPlan, type ServingRequest, type ServingState } from './serving-folder.ts';

/** Where servers are kept, and the program that they need. */
export interface ServingSite {
  /** Holds one folder for each server. */
  readonly root: string;
  readonly supervisorScript: string;
  readonly limits: ServingLimits;
}

export interface ServingStart {
  readonly request: ServingRequest;
  /** Where `models:/` and `runs:/` are looked up. */
  readonly store?: StoreAddress;
  /** Names of variables that the user lets servers have. */
  readonly allowed: readonly string[];
  /** Tried first. */
  readonly port: number;
  readonly isKept?: boolean;
}

/** ms in which a supervisor begins: on a busy machine a program takes seconds to start. */
const startLimit = 30_000;
const retryInterval = 100;

/** The server of a model, seen from a window of the editor: its supervisor does the work. */
export class ModelServer implements Disposable {
  readonly folder: ServingFolder;
  readonly plan: ServingPlan;
  readonly #changed = new Emitter<void>();
  #state: ServingState;
  #control: ControlConnection | undefined;
  #refreshed: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changed.event;

  private constructor(folder: ServingFolder, plan: ServingPlan) {
    this.folder = folder;
    this.plan = plan;
    this.#state = { phase: 'starting', port: plan.port, isKept: plan.isKept };
  }

  static async start(start: ServingStart, { root, supervisorScript, limits }: ServingSite): Promise<ModelServer> {
    const { request, store, allowed, port, isKept = false } = start;
    const id = randomUUID();
    const plan: ServingPlan = { id, request, port, control: await newControlAddress(), limits, startTime: Date.now(), isKept };
    const folder = new ServingFolder(join(root, id));
    await folder.create(plan);
    const environment = servingEnvironment(userEnvironment(), { id, request, allowed, ...(store !== undefined && { store }) });
    const command = nodeCommand(supervisorScript, [folder.path]);
    await startSupervisor({ ...command, env: { ...environment, ELECTRON_RUN_AS_NODE: '1' } }, folder.supervisorLog);
    return await ModelServer.attach(folder, plan);
  }

  /** Finds out how it stands; what is left of one whose supervisor is gone ends. */
  static async attach(folder: ServingFolder, plan: ServingPlan): Promise<ModelServer> {
    const server = new ModelServer(folder, plan);
    server.#control = await connectOnceStarted(folder, plan, {
      onChanged: () => void server.#refresh(),
      onClosed: () => {
        server.#control = undefined;
        void server.#refresh();
      },
    });
    await server.#refresh();
    return server;
  }

  get state(): ServingState {
    return this.#state;
  }

  get hasEnded(): boolean {
    return hasEnded(this.#state);
  }

  /** Asks for it; the state tells when it has happened. */
  stop(): void {
    this.#control?.send('stop');
  }

  /** Whether it goes on when no window is there for it. */
  keep(isKept: boolean): void {
    this.#control?.send(isKept ? 'keep' : 'end-with-window');
  }

  /** Resolves once all of it has ended. */
  async untilEnded(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listening = this.onDidChange(() => this.hasEnded && resolve());
    if (this.hasEnded) resolve();
    await promise;
    listening.dispose();
  }

  /** The server goes on, as long as another window is there for it or it is kept. */
  dispose(): void {
    this.#control?.dispose();
    this.#changed.dispose();
  }

  /** One look after the other, so that an older state never replaces a newer one. */
  async #refresh(): Promise<void> {
    this.#refreshed = this.#refreshed.then(async () => {
      // Its files may be gone by now.
      if (this.hasEnded) return;
      const isSupervised = this.#control !== undefined;
      const state = await this.folder.readState();
      if (!isSupervised && (state === undefined || !hasEnded(state))) await this.#endLost(state);
      else if (state !== undefined) this.#setState(state);
    });
    await this.#refreshed;
  }

  /** Nobody watches it any more: what is left of it ends, and says so. */
  async #endLost(state: ServingState | undefined): Promise<void> {
    const root = state !== undefined && 'process' in state ? state.process : undefined;
    await killTree(root ?? noProcess, { grace: this.plan.limits.grace, marker: servingMarker(this.plan.id) });
    await removeControlAddress(this.plan.control);
    const failure = { message: 'The process that watched over the server ended, and the server with it. Restart it.' };
    const lost: ServingState = { phase: 'failed', failure, isKept: false };
    await this.folder.writeState(lost);
    this.#setState(lost);
  }

  #setState(state: ServingState): void {
    this.#state = state;
    this.#changed.fire();
  }
}

interface Listener {
  onChanged(): void;
  onClosed(): void;
}

/** Another window may just be starting it: until its supervisor has begun, nobody listens. */
const connectOnceStarted = async (folder: ServingFolder, plan: ServingPlan, listener: Listener): Promise<ControlConnection | undefined> => {
  for (;;) {
    // Before the connection is tried: a supervisor that begins in between is not lost.
    const hasBegun = Date.now() - plan.startTime >= startLimit || (await folder.readState()) !== undefined;
    const control = await connectControl(plan.control, listener);
    if (control !== undefined || hasBegun) return control;
    await delay(retryInterval);
  }
};
