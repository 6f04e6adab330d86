import { beforeEach, describe, expect, test } from 'vitest';

import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import { asExperimentId, type ExperimentId, type RunId } from '../../../schemas/ids.ts';
import { createRun, tagsOf, type SetUp } from './support.ts';

export const describeExperiments = (setUp: SetUp): void => {
  describe('experiments', () => {
    let store: TrackingStore;
    let experiment: ExperimentId;
    let uniqueName: string;
    beforeEach(async () => {
      ({ store, experiment, uniqueName } = await setUp());
    });
    const newRun = (options?: Parameters<typeof createRun>[1]): Promise<RunId> => createRun({ store, experiment }, options);

    test('a new experiment is found by its id and by its name', async () => {
      const found = await store.getExperiment(experiment);
      expect(found).toMatchObject({ experimentId: experiment, name: uniqueName, lifecycleStage: 'active', tags: [] });
      expect(found.artifactLocation).toMatch(new RegExp(`/${experiment}$`));
      expect(await store.getExperimentByName(uniqueName)).toEqual(found);
    });

    test('tags given at creation, set later and deleted', async () => {
      const id = await store.createExperiment({ name: `${uniqueName} tagged`, tags: [{ key: 'a', value: '1' }] });
      await store.setExperimentTag(id, { key: 'b', value: '2' });
      await store.setExperimentTag(id, { key: 'a', value: '3' });
      expect(tagsOf((await store.getExperiment(id)).tags)).toEqual({ a: '3', b: '2' });
      await store.deleteExperimentTag(id, 'a');
      expect(tagsOf((await store.getExperiment(id)).tags)).toEqual({ b: '2' });
    });

    test('a name is taken even by a deleted experiment', async () => {
      await store.deleteExperiment(experiment);
      await expect(store.createExperiment({ name: uniqueName })).rejects.toMatchObject({ code: 'RESOURCE_ALREADY_EXISTS' });
    });

    test('an unknown experiment is RESOURCE_DOES_NOT_EXIST', async () => {
      await expect(store.getExperiment(asExperimentId('987654321'))).rejects.toMatchObject({
        code: 'RESOURCE_DOES_NOT_EXIST',
        message: expect.stringContaining('No Experiment with id=987654321 exists') as string,
      });
      await expect(store.getExperimentByName('nobody')).rejects.toThrow("Could not find experiment with name 'nobody'");
    });

    test('an id that is no number is refused', async () => {
      await expect(store.getExperiment(asExperimentId('abc'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
    });

    test('rename, and a rename to a name that is taken', async () => {
      await store.renameExperiment(experiment, `${uniqueName} renamed`);
      expect((await store.getExperiment(experiment)).name).toBe(`${uniqueName} renamed`);
      const other = await store.createExperiment({ name: `${uniqueName} other` });
      await expect(store.renameExperiment(other, `${uniqueName} renamed`)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    });

    test('deletion takes the runs along, restoring brings all of them back', async () => {
      const first = await newRun();
      const second = await newRun();
      await store.deleteRun(first);
      await store.deleteExperiment(experiment);
      expect((await store.getExperiment(experiment)).lifecycleStage).toBe('deleted');
      expect((await store.getRun(second)).info.lifecycleStage).toBe('deleted');
      await store.restoreExperiment(experiment);
      expect((await store.getRun(first)).info.lifecycleStage).toBe('active');
      expect((await store.getRun(second)).info.lifecycleStage).toBe('active');
    });

    test('a deleted experiment takes no runs and no tags', async () => {
      await store.deleteExperiment(experiment);
      const message = expect.stringContaining("must be in the 'active' state") as string;
      await expect(newRun()).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message });
      await expect(store.setExperimentTag(experiment, { key: 'a', value: 'b' })).rejects.toMatchObject({ message });
      await expect(store.deleteExperiment(experiment)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
    });

    test('search by name and tag, deleted ones only on request', async () => {
      const other = await store.createExperiment({ name: `${uniqueName} other`, tags: [{ key: 'mark', value: uniqueName }] });
      const byTag = await store.searchExperiments({ filter: `tags.mark = '${uniqueName}'`, maxResults: 10 });
      expect(byTag.items.map((item) => item.experimentId)).toEqual([other]);
      await store.deleteExperiment(other);
      const filter = `name LIKE '${uniqueName}%'`;
      const names = async (viewType: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'): Promise<readonly string[]> =>
        (await store.searchExperiments({ filter, viewType, maxResults: 10, orderBy: ['name ASC'] })).items.map((item) => item.name);
      expect(await names('ACTIVE_ONLY')).toEqual([uniqueName]);
      expect(await names('DELETED_ONLY')).toEqual([`${uniqueName} other`]);
      expect(await names('ALL')).toEqual([uniqueName, `${uniqueName} other`]);
    });

    test('pages of experiments follow each other by token', async () => {
      for (const part of ['b', 'c']) await store.createExperiment({ name: `${uniqueName} ${part}` });
      const query = { filter: `name LIKE '${uniqueName}%'`, orderBy: ['name DESC'], maxResults: 2 };
      const first = await store.searchExperiments(query);
      expect(first.items.map((item) => item.name)).toEqual([`${uniqueName} c`, `${uniqueName} b`]);
      const { nextPageToken = 'absent' } = first;
      const second = await store.searchExperiments({ ...query, pageToken: nextPageToken });
      expect(second.items.map((item) => item.name)).toEqual([uniqueName]);
      expect(second.nextPageToken).toBeUndefined();
    });
  });
};
