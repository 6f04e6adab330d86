import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { userEnvironment } from '../shared/process.ts';
import type { Tag } from '../tracking/run.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';
import { executeRun } from './execute-run.ts';
import { resolveExperiment } from './experiment-choice.ts';
import type { ExecutionPlan, Outcome } from './run-folder.ts';
import { endLine, recordEnd } from './run-outcome.ts';
import type { OpenTrackingStore } from './run-store.ts';
import { createProjectRun, executionPlan, type RunRequest } from './submit-run.ts';

export interface ForegroundRun {
  readonly request: Omit<RunRequest, 'experimentId'>;
  /** Absent: what MLflow's variables say. */
  readonly experimentName?: string;
  readonly address: StoreAddress;
}

export interface ForegroundOptions {
  readonly openStore: OpenTrackingStore;
  readonly say: (line: string) => void;
  /** Aborted: end the run. */
  readonly stop: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

const grace = { interrupt: 10_000, terminate: 5_000 };

/** Runs an entry point in this process, with its output where ours goes. */
export const runInForeground = async (run: ForegroundRun, options: ForegroundOptions): Promise<Outcome> => {
  const { address } = run;
  const plan = await withStore(options.openStore, address, async (tracking) => await begin(run, tracking, options));
  let stopped: { readonly stopTime?: number } = {};
  options.stop.addEventListener('abort', () => (stopped = { stopTime: Date.now() }), { once: true });
  const outcome = await execute(plan, options);
  // A server process that was interrupted with us is gone: the store is opened anew.
  await withStore(options.openStore, address, async (tracking) => await recordEnd(tracking, plan.runId, { outcome, endTime: Date.now(), ...stopped }));
  options.say(endLine(plan.runId, outcome));
  return outcome;
};

const begin = async (
  { request, experimentName, address }: ForegroundRun,
  tracking: TrackingStore,
  { environment }: ForegroundOptions,
): Promise<ExecutionPlan> => {
  const experimentId = await resolveExperiment(tracking, experimentName, environment);
  const complete = { ...request, experimentId };
  return executionPlan(await createProjectRun(complete, tracking), complete, address, grace);
};

const execute = async (plan: ExecutionPlan, { say, stop, environment, openStore }: ForegroundOptions): Promise<Outcome> => {
  const setTags = async (tags: readonly Tag[]): Promise<void> =>
    await withStore(openStore, plan.store, async (tracking) => await tracking.logBatch({ runId: plan.runId, tags }));
  const scratch = await mkdtemp(join(tmpdir(), 'mlflow-run-'));
  try {
    return await executeRun(plan, { environment: userEnvironment(environment), output: 'inherit', scratch, say, stop, setTags, onStarted: async () => {} });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const withStore = async <T>(openStore: OpenTrackingStore, address: StoreAddress, work: (tracking: TrackingStore) => Promise<T>): Promise<T> => {
  const store = await openStore(address);
  try {
    return await work(store.tracking);
  } finally {
    store.dispose();
  }
};
