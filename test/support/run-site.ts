import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import type { RunState } from '../../extension/projects/run-folder.ts';
import type { RunRequest, RunSite, RunStore } from '../../extension/projects/submit-run.ts';
import type { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { ServerProcess } from '../../extension/shared/server-process.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import type { StoreAddress } from '../../extension/tracking/store-connection.ts';
import { asExperimentId } from '../../schemas/ids.ts';

const source = (path: string): string => fileURLToPath(new URL(`../../extension/${path}`, import.meta.url));

export const serverScript = source('server/main.ts');

/** Runs below a folder, by our programs' sources, with little patience. */
export const runSite = (folder: string): RunSite => ({
  root: join(folder, 'runs'),
  supervisorScript: source('projects/supervisor.ts'),
  serverScript,
  grace: { interrupt: 300, terminate: 300 },
});

export interface TestRuns {
  readonly folder: string;
  readonly store: RunStore;
  readonly site: RunSite;
  /** A plain command in `folder`, in experiment 0. */
  request(command: string, values?: Readonly<Record<string, string>>): RunRequest;
}

/** A folder with a store of its own and a place for runs; the server of the store ends with the test. */
export const newTestRuns = async (): Promise<TestRuns> => {
  const folder = mkdtempSync(join(tmpdir(), 'runs-'));
  const address: StoreAddress = { kind: 'sqlite', path: join(folder, 'mlflow.db') };
  const server = new ServerProcess(serverScript, silentLogger);
  onTestFinished(() => server.dispose());
  const { http } = await server.openStore({ path: address.path, create: true });
  return {
    folder,
    store: { tracking: createRestTrackingStore(http), address },
    site: runSite(folder),
    request: (command, values = {}) => ({
      directory: folder,
      entryPoint: { name: 'main', command, parameters: [] },
      values: new Map(Object.entries(values)),
      experimentId: asExperimentId('0'),
      source: { name: folder },
      environment: { manager: 'local' },
    }),
  };
};

export const stateOf = async (run: SubmittedRun, isReached: (state: RunState) => boolean): Promise<RunState> => {
  if (isReached(run.state)) return run.state;
  const { promise, resolve } = Promise.withResolvers<RunState>();
  const listening = run.onDidChange((state) => {
    if (isReached(state)) resolve(state);
  });
  const state = await promise;
  listening.dispose();
  return state;
};

/** The store knows how it ended, too. */
export const recordedEnd = async (run: SubmittedRun): Promise<RunState> => await stateOf(run, (state) => state.phase === 'ended' && state.recorded);

export const outputOf = async (run: SubmittedRun): Promise<string> => await readFile(run.folder.outputFile, 'utf8');

/** Its process id; on Linux, while the command runs. */
export const supervisorOf = async (run: SubmittedRun): Promise<number> => {
  const state = await stateOf(run, ({ phase }) => phase === 'running');
  if (state.phase !== 'running') throw new Error('It does not run');
  const stat = await readFile(`/proc/${state.process.pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
};
