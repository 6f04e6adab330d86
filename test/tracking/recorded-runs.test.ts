import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { logRecordedRuns, type RecordedRuns } from '../../extension/tracking/recorded-runs.ts';
import { repository } from '../../scripts/tools.ts';
import { newOpenStore } from '../support/open-store.ts';

test('the runs of the sample project are those of real trainings, and end when they are logged', async () => {
  const recorded = JSON.parse(await readFile(join(repository, 'examples', 'wine-quality', 'recorded-runs.json'), 'utf8')) as RecordedRuns;
  const { tracking } = await newOpenStore();
  const now = Date.UTC(2026, 0, 1);
  await logRecordedRuns(tracking, recorded, now);
  const { experimentId } = await tracking.getExperimentByName('wine-quality');
  const { items } = await tracking.searchRuns({ experimentIds: [experimentId], orderBy: ['attributes.start_time DESC'], maxResults: 10 });
  expect(items.map(({ info }) => info.runName)).toEqual(['fast', 'wide', 'default']);
  expect(items.map(({ info }) => info.status)).toEqual(['FINISHED', 'FINISHED', 'FINISHED']);
  expect(Number(items[0]?.info.endTime)).toBe(now);
  for (const { info, params } of items) {
    const epochs = Number(params.find(({ key }) => key === 'epochs')?.value);
    const history = await tracking.getMetricHistory({ runId: info.runId, key: 'validation/loss' });
    expect(history.items.map(({ step }) => step)).toEqual(Array.from({ length: epochs }, (_, index) => index + 1));
  }
});
