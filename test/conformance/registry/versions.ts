import { describe, expect, test } from 'vitest';

import type { Stage } from '../../../extension/registry/stage.ts';
import { asRunId } from '../../../schemas/ids.ts';
import { missing } from '../support.ts';
import { createModel, source, type GetStore } from './support.ts';

export const describeVersions = (get: GetStore): void => {
  describe('versions', () => {
    test('a new version has what it was given', async () => {
      await createModel(get(), 'wine');
      const tags = [{ key: 'k', value: 'v' }];
      const created = await get().createModelVersion({ name: 'wine', source, runId: asRunId('r'), runLink: 'l', description: 'd', tags });
      expect(created).toMatchObject({
        name: 'wine',
        version: 1,
        source,
        runId: 'r',
        runLink: 'l',
        description: 'd',
        tags,
        aliases: [],
        currentStage: 'None',
        status: 'READY',
      });
      expect(await get().getModelVersion('wine', 1)).toEqual(created);
      expect((await get().getRegisteredModel('wine')).lastUpdatedTimestamp).toBeGreaterThanOrEqual(created.creationTimestamp);
    });

    test('numbers of deleted versions are not used again', async () => {
      await createModel(get(), 'wine', 2);
      await get().deleteModelVersion('wine', 2);
      expect(await get().createModelVersion({ name: 'wine', source })).toMatchObject({ version: 3 });
    });

    test('a version that is not there, or no more, is missing everywhere', async () => {
      await createModel(get(), 'wine', 1);
      await get().deleteModelVersion('wine', 1);
      const absent = missing('Model Version (name=wine, version=1) not found');
      await expect(get().getModelVersion('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().updateModelVersion('wine', 1, 'd')).rejects.toMatchObject(absent);
      await expect(get().deleteModelVersion('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().getModelVersionDownloadUri('wine', 1)).rejects.toMatchObject(absent);
      await expect(get().setModelVersionTag('wine', 1, { key: 'k', value: 'v' })).rejects.toMatchObject(absent);
      await expect(get().deleteModelVersionTag('wine', 1, 'k')).rejects.toMatchObject(absent);
      await expect(get().setRegisteredModelAlias('wine', 'a', 1)).rejects.toMatchObject(absent);
      await expect(get().transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Staging' })).rejects.toMatchObject(absent);
      expect(await get().searchModelVersions({ maxResults: 10 })).toEqual({ items: [] });
    });

    test('a description is replaced and removed', async () => {
      await createModel(get(), 'wine', 1);
      expect((await get().updateModelVersion('wine', 1, 'red')).description).toBe('red');
      expect((await get().updateModelVersion('wine', 1)).description).toBeUndefined();
    });

    test('the files of a version are where its source says', async () => {
      await createModel(get(), 'wine', 1);
      expect(await get().getModelVersionDownloadUri('wine', 1)).toBe(source);
    });
  });
};

export const describeStages = (get: GetStore): void => {
  describe('stages', () => {
    const move = (version: number, stage: Stage, archiveExistingVersions = false) =>
      get().transitionModelVersionStage({ name: 'wine', version, stage, archiveExistingVersions });
    const stagesOf = async (): Promise<readonly (Stage | undefined)[]> => {
      const { items } = await get().searchModelVersions({ orderBy: ['version_number'], maxResults: 10 });
      return items.map(({ currentStage }) => currentStage);
    };

    test('versions in the stage stay unless they are to be archived', async () => {
      await createModel(get(), 'wine', 3);
      await move(1, 'Production');
      await move(2, 'Production');
      expect(await stagesOf()).toEqual(['Production', 'Production', 'None']);
      expect(await move(3, 'Production', true)).toMatchObject({ version: 3, currentStage: 'Production' });
      expect(await stagesOf()).toEqual(['Archived', 'Archived', 'Production']);
    });

    test('a failed transition archives nothing', async () => {
      await createModel(get(), 'wine', 1);
      await move(1, 'Staging');
      await expect(move(9, 'Staging', true)).rejects.toMatchObject(missing('Model Version (name=wine, version=9) not found'));
      expect(await stagesOf()).toEqual(['Staging']);
    });

    test('only active stages can be emptied', async () => {
      await createModel(get(), 'wine', 1);
      await expect(move(1, 'Archived', true)).rejects.toMatchObject({
        message:
          "Model version transition cannot archive existing model versions because 'Archived' is not an Active stage. Valid stages are ['Staging', 'Production']",
      });
    });

    test('the latest version of a stage is the highest one in it', async () => {
      await createModel(get(), 'wine', 4);
      await move(2, 'Staging');
      await move(3, 'Staging');
      expect((await get().getLatestVersions('wine')).map(({ version }) => version).toSorted()).toEqual([3, 4]);
      expect(await get().getLatestVersions('wine', ['Staging'])).toMatchObject([{ version: 3, currentStage: 'Staging' }]);
      expect(await get().getLatestVersions('wine', ['Production'])).toEqual([]);
      expect((await get().getRegisteredModel('wine')).latestVersions.map(({ version }) => version).toSorted()).toEqual([3, 4]);
    });
  });
};
