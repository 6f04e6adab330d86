import { beforeEach, describe, expect, test } from 'vitest';

import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import { type ExperimentId, type RunId } from '../../../schemas/ids.ts';
import { createRun, metric, searchRunNames, type SetUp } from './support.ts';

export const describeRunSearch = (setUp: SetUp): void => {
  describe('search of runs', () => {
    let store: TrackingStore;
    let experiment: ExperimentId;
    let uniqueName: string;
    beforeEach(async () => {
      ({ store, experiment, uniqueName } = await setUp());
    });
    const newRun = (options?: Parameters<typeof createRun>[1]): Promise<RunId> => createRun({ store, experiment }, options);
    const search = (filter: string, orderBy?: readonly string[]): Promise<readonly string[]> => searchRunNames({ store, experiment }, filter, orderBy);

    const names = async (): Promise<void> => {
      const values: Record<string, number | undefined> = { a: 1, b: NaN, c: undefined, d: 3, e: 2 };
      for (const [index, [name, value]] of Object.entries(values).entries()) {
        const id = await newRun({ runName: name, startTime: 100 + index, tags: [{ key: 'team', value: name < 'c' ? 'Red' : 'blue' }] });
        await store.logParam(id, { key: 'p', value: name === 'd' ? 'same' : `v-${name}` });
        if (value !== undefined) await store.logMetric(id, metric('m', value));
        if (name === 'e') await store.setTag(id, { key: 'only e', value: '%_' });
      }
    };

    test('values first, then NaN, then runs without the metric, in either direction', async () => {
      await names();
      expect(await search('', ['metrics.m ASC'])).toEqual(['a', 'e', 'd', 'b', 'c']);
      expect(await search('', ['metrics.m DESC'])).toEqual(['d', 'e', 'a', 'b', 'c']);
      expect(await search('')).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await search('', ['start_time'])).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await search('', ['tags.`only e` DESC'])).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await search('', ['tags.team', 'params.p DESC'])).toEqual(['b', 'a', 'e', 'c', 'd']);
    });

    test.each([
      ['metrics.m > 1', ['e', 'd']],
      ['metrics.m != 3', ['e', 'b', 'a']],
      ['metrics.m <= 2 AND metrics.m >= 1', ['e', 'a']],
      ['metrics.m = 0', []],
      ["params.p = 'same'", ['d']],
      ["params.p != 'same'", ['e', 'c', 'b', 'a']],
      ["params.P = 'same'", []],
      ["params.p LIKE 'v-%'", ['e', 'c', 'b', 'a']],
      ["params.p ILIKE 'V-_'", ['e', 'c', 'b', 'a']],
      ["tags.team LIKE 'r%'", []],
      ["tags.team ILIKE 'r%'", ['b', 'a']],
      ["tags.`only e` = '%_'", ['e']],
      ['tags.`only e` IS NULL', ['d', 'c', 'b', 'a']],
      ['tags.`only e` is not null', ['e']],
      ["attributes.run_name = 'a'", ['a']],
      ["run_name IN ('a')", 'refused'],
      ["status = 'RUNNING' and start_time > 102", ['e', 'd']],
      ["attributes.`Run name` = 'a'", ['a']],
      ["params.p = 'same' OR params.p = 'x'", 'refused'],
      ["nothing.p = 'same'", 'refused'],
      ['params.p = same', 'refused'],
      ["params.p = 'x'' OR 1=1 --'", 'any'],
    ] as const)('the filter %s', async (filter, expected) => {
      await names();
      const found = await search(filter).catch((error: unknown) => (error as { code?: string }).code);
      if (expected === 'refused') expect(found).toBe('INVALID_PARAMETER_VALUE');
      else if (expected === 'any') expect([[], 'INVALID_PARAMETER_VALUE']).toContainEqual(found);
      else expect(found).toEqual(expected);
    });

    test('pages of runs follow each other by token; a forged one is refused', async () => {
      await names();
      const query = { experimentIds: [experiment], orderBy: ['metrics.m DESC'], maxResults: 3 };
      const first = await store.searchRuns(query);
      expect(first.items.map((run) => run.info.runName)).toEqual(['d', 'e', 'a']);
      const { nextPageToken = 'absent' } = first;
      const second = await store.searchRuns({ ...query, pageToken: nextPageToken });
      expect(second.items.map((run) => run.info.runName)).toEqual(['b', 'c']);
      expect(second.nextPageToken).toBeUndefined();
      await expect(store.searchRuns({ ...query, pageToken: 'forged' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
    });

    test('runs of several experiments, deleted ones only on request, none without an experiment', async () => {
      const other = await store.createExperiment({ name: `${uniqueName} other` });
      const here = await newRun({ runName: 'here', startTime: 2 });
      await store.createRun({ experimentId: other, startTime: 1, runName: 'there', tags: [] });
      const find = async (experimentIds: readonly ExperimentId[], viewType: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'): Promise<readonly string[]> =>
        (await store.searchRuns({ experimentIds, viewType, maxResults: 10 })).items.map((run) => run.info.runName);
      expect(await find([experiment, other], 'ACTIVE_ONLY')).toEqual(['here', 'there']);
      await store.deleteRun(here);
      expect(await find([experiment, other], 'ACTIVE_ONLY')).toEqual(['there']);
      expect(await find([experiment, other], 'DELETED_ONLY')).toEqual(['here']);
      expect(await find([experiment, other], 'ALL')).toEqual(['here', 'there']);
      expect(await find([], 'ALL')).toEqual([]);
    });

    test('a page of no runs, or of too many, is refused', async () => {
      const refused = { code: 'INVALID_PARAMETER_VALUE' };
      await expect(store.searchRuns({ experimentIds: [experiment], maxResults: 0 })).rejects.toMatchObject(refused);
      await expect(store.searchRuns({ experimentIds: [experiment], maxResults: 50_001 })).rejects.toMatchObject(refused);
    });
  });
};
