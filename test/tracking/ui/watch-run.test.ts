import { expect, onTestFinished, test } from 'vitest';

import type { RunChange } from '../../../extension/host/run-part.ts';
import { silentLogger } from '../../../extension/shared/logger.ts';
import { watchRun } from '../../../extension/tracking/ui/watch-run.ts';
import { newAppStore } from '../../support/app-store.ts';

const newRun = async () => {
  const { store } = newAppStore();
  const experimentId = await store.tracking.createExperiment({ name: 'wine' });
  const { info } = await store.tracking.createRun({ experimentId, startTime: 1, tags: [] });
  return { tracking: store.tracking, runId: info.runId };
};

interface Watched {
  readonly changes: RunChange[];
  /** Looks that were made. */
  readonly looks: () => number;
  isLooking: boolean;
}

const watch = async ({ tracking, runId }: Awaited<ReturnType<typeof newRun>>, answers: () => void = () => {}): Promise<Watched> => {
  let looks = 0;
  const watched: Watched = { changes: [], looks: () => looks, isLooking: true };
  const read = async (signal: AbortSignal) => {
    looks += 1;
    answers();
    return tracking.getRun(runId, signal);
  };
  const watching = watchRun(read, { isLooking: () => watched.isLooking, onChange: (change) => watched.changes.push(change), log: silentLogger, interval: 2 });
  onTestFinished(() => watching.dispose());
  await expect.poll(() => looks).toBeGreaterThan(0);
  return watched;
};

test('what others write into a run is noticed: which metrics have grown, or that something else has changed', async () => {
  const { tracking, runId } = await newRun();
  const { changes, looks } = await watch({ tracking, runId });
  expect(changes).toEqual([]);
  await tracking.logMetric(runId, { key: 'loss', value: 1, timestamp: 1n, step: 0n });
  await expect.poll(() => changes).toEqual([{ kind: 'metrics', keys: ['loss'] }]);
  await tracking.setTag(runId, { key: 'team', value: 'red' });
  await expect.poll(() => changes.at(-1)).toEqual({ kind: 'run' });
  const seen = looks();
  await expect.poll(looks).toBeGreaterThan(seen);
  expect(changes).toHaveLength(2);
});

test('nobody is asked while nobody looks, and a server that does not answer is asked again', async () => {
  const run = await newRun();
  let isDown = false;
  const watched = await watch(run, () => {
    if (isDown) throw new Error('The server is down');
  });
  watched.isLooking = false;
  const before = watched.looks();
  await run.tracking.setTag(run.runId, { key: 'team', value: 'red' });
  isDown = true;
  watched.isLooking = true;
  await expect.poll(watched.looks).toBeGreaterThan(before);
  isDown = false;
  await expect.poll(() => watched.changes).toEqual([{ kind: 'run' }]);
});
