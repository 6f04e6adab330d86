import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterEach, expect, test } from 'vitest';

import { submitRun } from '../../extension/projects/submit-run.ts';
import { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { isRunning, identify, type ProcessIdentity } from '../../extension/shared/process-tree.ts';
import { nodeCommand, start } from '../../extension/shared/process.ts';
import { newTestRuns, outputOf, recordedEnd, stateOf } from '../support/run-site.ts';

const reloads = process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 10 : 100;

const windowScript = fileURLToPath(new URL('../support/window.ts', import.meta.url));

/** A window that finds the run, and whose extension host is killed. */
const openAndKill = async (run: SubmittedRun): Promise<string> => {
  const window = await start(nodeCommand(windowScript, [run.folder.path]), { streams: ['ignore', 'pipe', 'inherit'] });
  if (window.stdout === null) throw new Error('The window says nothing');
  const [said] = await once(window.stdout, 'data');
  window.kill('SIGKILL');
  await window.ended;
  return String(said).trim();
};

const processesOf = async (run: SubmittedRun): Promise<readonly ProcessIdentity[]> => {
  const pids = [...(await outputOf(run)).matchAll(/^pid=(\d+)$/gm)].map(([, pid]) => Number(pid));
  const found = await Promise.all(pids.map(identify));
  return found.filter((identity) => identity !== undefined);
};

let last: SubmittedRun | undefined;

afterEach(async () => {
  if (last === undefined) return;
  last.stop();
  await stateOf(last, ({ phase }) => phase === 'ended');
  last.dispose();
});

/** Three processes, one of them in a session of its own, and a line for every tenth of a second. */
const command = `echo pid=$$; (echo pid=$BASHPID; sleep 1000) & (setsid bash -c 'echo pid=$$; exec sleep 1000' &); i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.1; done`;

test.runIf(process.platform === 'linux')(
  `${reloads} windows are killed over a run: it goes on, is found each time, and ends whole`,
  async () => {
    const runs = await newTestRuns();
    const first = await submitRun(runs.request(command), runs.store, runs.site);
    last = first;
    await expect.poll(async () => (await processesOf(first)).length).toBe(3);
    const processes = await processesOf(first);
    first.dispose();

    for (let reload = 0; reload < reloads; reload++) expect(await openAndKill(first)).toBe('running');
    expect(await Promise.all(processes.map(isRunning))).toEqual([true, true, true]);

    const again = await SubmittedRun.attach(first.folder, first.plan);
    last = again;
    again.stop();
    expect(await recordedEnd(again)).toMatchObject({ outcome: { status: 'KILLED' } });
    expect(await Promise.all(processes.map(isRunning))).toEqual([false, false, false]);
    expect((await runs.store.tracking.getRun(again.plan.runId)).info.status).toBe('KILLED');
    const ticks = [...readFileSync(again.folder.outputFile, 'utf8').matchAll(/^tick (\d+)$/gm)].map(([, tick]) => Number(tick));
    expect(ticks).toEqual(ticks.map((_, index) => index + 1));
    expect(ticks.length).toBeGreaterThan(reloads);
  },
  240_000,
);
