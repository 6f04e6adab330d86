import { describe, expect, test } from 'vitest';

import { invalid, missing } from '../support.ts';
import { createModel, source, type GetStore } from './support.ts';

export const describeAliases = (get: GetStore): void => {
  describe('aliases', () => {
    test('an alias stands for one version and can be moved', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await get().setRegisteredModelAlias('wine', 'champion', 2);
      await get().setRegisteredModelAlias('wine', 'b-2_é', 2);
      expect((await get().getModelVersion('wine', 2)).aliases.toSorted()).toEqual(['b-2_é', 'champion']);
      expect((await get().getModelVersion('wine', 1)).aliases).toEqual([]);
      expect(await get().getModelVersionByAlias('wine', 'champion')).toMatchObject({ version: 2 });
      expect(await get().getLatestVersions('wine')).toMatchObject([{ version: 2, aliases: expect.arrayContaining(['champion']) as unknown }]);
    });

    test('an alias is gone when it or its version is', async () => {
      await createModel(get(), 'wine', 1);
      await get().setRegisteredModelAlias('wine', 'a', 1);
      await get().setRegisteredModelAlias('wine', 'b', 1);
      await get().deleteRegisteredModelAlias('wine', 'a');
      await get().deleteRegisteredModelAlias('wine', 'never');
      expect((await get().getRegisteredModel('wine')).aliases).toEqual([{ alias: 'b', version: 1 }]);
      await get().deleteModelVersion('wine', 1);
      await expect(get().getModelVersionByAlias('wine', 'b')).rejects.toMatchObject(invalid('Registered model alias b not found.'));
      expect((await get().getRegisteredModel('wine')).aliases).toEqual([]);
    });

    test('latest is the highest version, in any stage', async () => {
      await createModel(get(), 'wine', 3);
      await get().transitionModelVersionStage({ name: 'wine', version: 3, stage: 'Archived' });
      await get().transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
      expect(await get().getModelVersionByAlias('wine', 'latest')).toMatchObject({ version: 3 });
      await createModel(get(), 'empty');
      await expect(get().getModelVersionByAlias('empty', 'Latest')).rejects.toMatchObject(missing('Latest version not found for model empty.'));
    });

    test.each([
      ['latest', "'latest' alias name (case insensitive) is reserved."],
      ['LATEST', "'latest' alias name (case insensitive) is reserved."],
      ['v1', "Version alias name 'v1' is reserved."],
      ['V20', "Version alias name 'V20' is reserved."],
      ['a b', "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."],
      ['a/b', "Invalid alias name: 'a/b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."],
      ['x'.repeat(256), "'Registered model alias name' exceeds the maximum length of 255 characters"],
    ])('%j is no alias', async (alias, message) => {
      await createModel(get(), 'wine', 1);
      await expect(get().setRegisteredModelAlias('wine', alias, 1)).rejects.toMatchObject(invalid(message));
    });

    test.each(['v1a', 'version1', 'x'.repeat(255), '日本'])('%j is an alias', async (alias) => {
      await createModel(get(), 'wine', 1);
      await get().setRegisteredModelAlias('wine', alias, 1);
      expect(await get().getModelVersionByAlias('wine', alias)).toMatchObject({ version: 1, aliases: [alias] });
    });
  });
};

export const describeTags = (get: GetStore): void => {
  describe('tags', () => {
    test('tags of models are set, replaced and removed', async () => {
      await createModel(get(), 'wine');
      await get().setRegisteredModelTag('wine', { key: 'a', value: '1' });
      await get().setRegisteredModelTag('wine', { key: 'a', value: '2' });
      await get().setRegisteredModelTag('wine', { key: 'b/c', value: 'é' });
      await get().deleteRegisteredModelTag('wine', 'never');
      expect((await get().getRegisteredModel('wine')).tags).toEqual([
        { key: 'a', value: '2' },
        { key: 'b/c', value: 'é' },
      ]);
      await get().deleteRegisteredModelTag('wine', 'a');
      expect((await get().getRegisteredModel('wine')).tags).toEqual([{ key: 'b/c', value: 'é' }]);
    });

    test('tags of versions are set, replaced and removed', async () => {
      await createModel(get(), 'wine', 2);
      await get().setModelVersionTag('wine', 1, { key: 'a', value: '1' });
      await get().setModelVersionTag('wine', 1, { key: 'a', value: '5' });
      await get().deleteModelVersionTag('wine', 1, 'never');
      expect((await get().getModelVersion('wine', 1)).tags).toEqual([{ key: 'a', value: '5' }]);
      expect((await get().getModelVersion('wine', 2)).tags).toEqual([]);
      await get().deleteModelVersionTag('wine', 1, 'a');
      expect((await get().getModelVersion('wine', 1)).tags).toEqual([]);
    });

    test.each([
      [{ key: 'k'.repeat(251), value: '' }, "'key' exceeds the maximum length of 250 characters"],
      [{ key: 'k', value: 'v'.repeat(100_001) }, "'value' exceeds the maximum length of 100000 characters"],
      [{ key: 'a*b', value: '' }, /^Invalid value "a\*b" for parameter 'key' supplied: Names may only contain/],
      [{ key: 'a/../b', value: '' }, /This name would resolve to 'b'$/],
    ])('a bad tag is refused', async (tag, message) => {
      await createModel(get(), 'wine', 1);
      await expect(get().setRegisteredModelTag('wine', tag)).rejects.toMatchObject(invalid(message));
      await expect(get().setModelVersionTag('wine', 1, tag)).rejects.toMatchObject(invalid(message));
      await expect(get().createRegisteredModel({ name: 'beer', tags: [tag] })).rejects.toMatchObject(invalid(message));
      await expect(get().createModelVersion({ name: 'wine', source, tags: [tag] })).rejects.toMatchObject(invalid(message));
    });
  });
};
