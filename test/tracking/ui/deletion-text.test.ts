import { expect, test } from 'vitest';

import type { RunId } from '../../../schemas/ids.ts';
import { deletionDetail, deletionSummary } from '../../../extension/tracking/ui/deletion-text.ts';
import { readRuns } from '../../../extension/tracking/runs-by-id.ts';
import { newOpenStore } from '../../support/open-store.ts';

const plan = { experimentIds: ['7'], runIds: ['a', 'b'], modelIds: [], files: 3, bytes: 4_200_000, kept: [] };

test('what goes is counted by kind, and kinds of which there is nothing are not named', () => {
  expect(deletionSummary(plan)).toBe('1 experiment and 2 runs');
  expect(deletionSummary({ ...plan, modelIds: ['m'] })).toBe('1 experiment, 2 runs and 1 model');
  expect(deletionSummary({ ...plan, experimentIds: [], runIds: Array.from({ length: 1234 }, String) })).toBe('1,234 runs');
});

test('experiments and runs are listed by name, runs with their ids, and the space that is freed', () => {
  const names = { experiments: new Map([['7', 'wine\nquality']]), runs: new Map([['a', 'steady\nrun']]) };
  expect(deletionDetail(plan, names)).toBe('Experiments:\n  wine quality\nRuns:\n  steady run (a)\n  b\n3 files of artifacts, 4.2 MB');
});

test('long lists end in a number, and artifacts that stay are named with the reason', () => {
  const text = deletionDetail(
    { ...plan, runIds: Array.from({ length: 10 }, (_, run) => `run ${run}`), kept: [{ artifactUri: 's3://b', reason: 'elsewhere' }] },
    { experiments: new Map(), runs: new Map() },
  );
  expect(text).toContain('  run 7\n  and 2 more\n');
  expect(text).toContain('Artifacts that stay:\n  s3://b: elsewhere');
});

test('the names of deleted runs are read by their ids, those of active ones are not', async () => {
  const { tracking } = await newOpenStore();
  const experimentId = await tracking.createExperiment({ name: 'wine' });
  const create = async (runName: string): Promise<RunId> => (await tracking.createRun({ experimentId, runName, startTime: 1, tags: [] })).info.runId;
  const [gone, kept] = [await create('gone'), await create('kept')];
  await tracking.deleteRun(gone);
  const where = { experimentIds: [experimentId], viewType: 'DELETED_ONLY' } as const;
  expect((await readRuns(tracking, { ...where, runIds: [gone, kept] })).map(({ info }) => info.runName)).toEqual(['gone']);
  expect(await readRuns(tracking, { ...where, runIds: [] })).toEqual([]);
});
