import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { failureTag } from '../../extension/projects/run-outcome.ts';
import type { RunState } from '../../extension/projects/run-folder.ts';
import { submitRun } from '../../extension/projects/submit-run.ts';
import type { SubmittedRun } from '../../extension/projects/submitted-run.ts';
import { SubmittedRuns } from '../../extension/projects/submitted-runs.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { newTestRuns, recordedEnd, supervisorOf, type TestRuns } from '../support/run-site.ts';

vi.setConfig({ testTimeout: 120_000 });

let runs: TestRuns;
let tracking: TrackingStore | undefined;

/** A window that opens, and what it finds. */
const openWindow = async (): Promise<{ readonly window: SubmittedRuns; readonly run: SubmittedRun | undefined }> => {
  const window = new SubmittedRuns({ site: runs.site, trackingOf: () => tracking, log: silentLogger });
  onTestFinished(() => window.dispose());
  await window.recover(() => true);
  return { window, run: window.all[0] };
};

/** What the files of a run still say when its disk was full at its end, or the machine went down; its process id is now ours. */
const forgetEnd = async (run: SubmittedRun): Promise<void> =>
  await run.folder.writeState({ phase: 'running', process: { pid: process.pid, started: 'long ago' }, command: 'true' });

const submitToItsEnd = async (command: string): Promise<{ readonly run: SubmittedRun; readonly end: RunState }> => {
  const run = await submitRun(runs.request(command), runs.store, runs.site);
  return { run, end: await recordedEnd(run) };
};

beforeEach(async () => {
  runs = await newTestRuns();
  tracking = runs.store.tracking;
});

test.each([
  ['exit 0', { outcome: { status: 'FINISHED' }, recorded: true }],
  ['exit 3', { outcome: { status: 'FAILED', at: 'command' }, recorded: true }],
])('of a run whose end could not be kept, a window tells what its store says: %s', async (command, expected) => {
  const { run, end } = await submitToItsEnd(command);
  await forgetEnd(run);
  const { run: found } = await openWindow();
  expect(found?.state).toMatchObject(expected);
  expect(found?.state).toMatchObject({ endTime: end.phase === 'ended' ? end.endTime : 0 });
});

test('it does so, too, when the store opens later than the window', async () => {
  const { run } = await submitToItsEnd('exit 0');
  await forgetEnd(run);
  tracking = undefined;
  const { window, run: found } = await openWindow();
  expect(found?.state).toMatchObject({ outcome: { status: 'FAILED', at: 'lost' }, recorded: false });
  tracking = runs.store.tracking;
  window.recordEnds();
  await expect.poll(() => found?.state).toMatchObject({ outcome: { status: 'FINISHED' }, recorded: true });
  expect((await tracking.getRun(run.plan.runId)).info.status).toBe('FINISHED');
});

test.runIf(process.platform === 'linux')('a run whose supervisor was killed between two windows is FAILED with the reason, in the store as well', async () => {
  const run = await submitRun(runs.request('sleep 1000'), runs.store, runs.site);
  const supervisor = await supervisorOf(run);
  run.dispose();
  process.kill(supervisor, 'SIGKILL');
  const { run: found } = await openWindow();
  if (found === undefined) throw new Error('It was not found');
  expect(await recordedEnd(found)).toMatchObject({ outcome: { status: 'FAILED', at: 'lost' } });
  const { info, tags } = await runs.store.tracking.getRun(run.plan.runId);
  expect(info.status).toBe('FAILED');
  expect(tags).toContainEqual({ key: failureTag, value: 'The process that watched over the run ended before the run did' });
});
