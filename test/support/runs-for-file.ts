import { watch } from 'node:fs';

import { afterEach, beforeEach, vi } from 'vitest';

import { submitRun, type RunRequest, type RunSite } from '../../extension/projects/submit-run.ts';
import type { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import type { Run } from '../../extension/tracking/run.ts';
import { newTestRuns, outputOf, stateOf, type TestRuns } from './run-site.ts';

export interface RunsOfFile {
  /** Of the test that is going on. */
  readonly runs: TestRuns;
  /** Starts a plain command. */
  submit(command: string, values?: Readonly<Record<string, string>>): Promise<SubmittedRun>;
  start(request: RunRequest, site?: RunSite): Promise<SubmittedRun>;
  /** Has this one ended with the test, too. */
  own(run: SubmittedRun): SubmittedRun;
  /** What a window does that closes. */
  leave(run: SubmittedRun): void;
  inStore(run: SubmittedRun): Promise<Run['info']>;
}

/** A store and a place for runs for each test of a file; what it has started is stopped when it ends. */
export const runsForFile = (): RunsOfFile => {
  // Each run starts a server and a supervisor; a busy machine takes its time.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let current: TestRuns | undefined;
  const started = new Set<SubmittedRun>();
  beforeEach(async () => {
    current = await newTestRuns();
  });
  afterEach(async () => {
    for (const run of started) await endRun(run);
    started.clear();
  });
  const runs = (): TestRuns => {
    if (current === undefined) throw new Error('The runs are there from the first test on');
    return current;
  };
  const own = (run: SubmittedRun): SubmittedRun => {
    started.add(run);
    return run;
  };
  const start: RunsOfFile['start'] = async (request, site = runs().site) => own(await submitRun(request, runs().store, site));
  return {
    get runs() {
      return runs();
    },
    submit: async (command, values) => await start(runs().request(command, values)),
    start,
    own,
    leave: (run) => {
      run.dispose();
      started.delete(run);
    },
    inStore: async ({ plan }) => (await runs().store.tracking.getRun(plan.runId)).info,
  };
};

const endRun = async (run: SubmittedRun): Promise<void> => {
  if (!run.hasEnded) run.stop();
  await stateOf(run, ({ phase }) => phase === 'ended');
  run.dispose();
};

/** Resolves with the numbers that the run's output shows as `pid=…`, once there are so many. */
export const pidsOf = async (run: SubmittedRun, count: number): Promise<readonly number[]> => {
  const find = async (): Promise<number[]> => [...(await outputOf(run)).matchAll(/^pid=(\d+)$/gm)].map(([, pid]) => Number(pid));
  const { promise, resolve } = Promise.withResolvers<readonly number[]>();
  const look = (): void => void find().then((pids) => pids.length >= count && resolve(pids));
  const watcher = watch(run.folder.outputFile, look);
  look();
  const pids = await promise;
  watcher.close();
  return pids;
};

/** How many of these processes are there. */
export const alive = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map(identify))).filter((identity) => identity !== undefined).length;
