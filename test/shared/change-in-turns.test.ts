import { expect, test } from 'vitest';

import { changeInTurns } from '../../extension/shared/change-in-turns.ts';
import { newOpenStore } from '../support/open-store.ts';

const newRuns = async (count: number) => {
  const { tracking } = await newOpenStore();
  const experimentId = await tracking.createExperiment({ name: 'wine' });
  const runs = Array.from({ length: count }, (_, index) => tracking.createRun({ experimentId, runName: `run ${index}`, startTime: 1, tags: [] }));
  const runIds = (await Promise.all(runs)).map(({ info }) => info.runId);
  const countActive = async (): Promise<number> => (await tracking.searchRuns({ experimentIds: [experimentId], maxResults: 1000 })).items.length;
  return { tracking, runIds, countActive };
};

test('every item is changed, in whatever number', async () => {
  const { tracking, runIds, countActive } = await newRuns(50);
  const { done, problem } = await changeInTurns({ items: runIds, change: (runId) => tracking.deleteRun(runId) });
  expect(problem).toBeUndefined();
  expect(done).toEqual(runIds);
  expect(await countActive()).toBe(0);
});

test('what fails is counted with its reason, and the others are changed', async () => {
  const { tracking, runIds, countActive } = await newRuns(3);
  const strange = runIds[0]?.replace(/./g, 'f') ?? '';
  const { done, problem } = await changeInTurns<string>({
    items: [strange, ...runIds],
    change: (runId) => tracking.deleteRun(runIds.find((one) => one === runId) ?? missing(runId)),
  });
  expect(done).toEqual(runIds);
  expect(problem).toBe(`1 of 4 could not be changed: no run ${strange}`);
  expect(await countActive()).toBe(0);
});

const missing = (runId: string): never => {
  throw new Error(`no run ${runId}`);
};

test('a single failure is told in the words of the store', async () => {
  const { tracking, runIds } = await newRuns(1);
  await tracking.deleteRun(runIds[0] ?? missing('any'));
  const { problem } = await changeInTurns({ items: runIds, change: (runId) => tracking.setTag(runId, { key: 'team', value: 'a' }) });
  expect(problem).toContain("must be in the 'active' state");
});

test('after a cancel the rest is left as it was', async () => {
  const { tracking, runIds, countActive } = await newRuns(40);
  const cancel = new AbortController();
  const { done, problem } = await changeInTurns(
    {
      items: runIds,
      change: async (runId) => {
        await tracking.deleteRun(runId);
        cancel.abort();
      },
    },
    cancel.signal,
  );
  expect(problem).toBe(`Cancelled: ${40 - done.length} of 40 are unchanged`);
  expect(await countActive()).toBe(40 - done.length);
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(40);
});

test('what is changed is shown from the beginning, and taken back where it fails or is given up', async () => {
  const cancel = new AbortController();
  const told: string[] = [];
  const items = Array.from({ length: 18 }, (_, index) => index);
  await changeInTurns(
    {
      items,
      change: async (item) => {
        told.push(`change ${item}`);
        cancel.abort();
        if (item === 3) throw new Error('no');
      },
      preview: {
        begin: (all) => {
          told.push(`show ${all.length}`);
          return { written: (item) => told.push(`written ${item}`), takeBack: (some) => told.push(`back ${some.join(' ')}`) };
        },
      },
    },
    cancel.signal,
  );
  expect(told[0]).toBe('show 18');
  expect(told.filter((text) => text.startsWith('written'))).toEqual(items.filter((item) => item < 16 && item !== 3).map((item) => `written ${item}`));
  expect(told.filter((text) => text.startsWith('back'))).toEqual(['back 3', 'back 16 17']);
});
