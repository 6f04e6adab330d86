import { describe, expect, test } from 'vitest';

import { failure, invalid, missing } from '../support.ts';
import { createModel, source, type GetStore } from './support.ts';

export const describeRegisteredModels = (get: GetStore, longestName: number): void => {
  describe('registered models', () => {
    test('a new model has what it was given, and no versions', async () => {
      const tags = [
        { key: 'team', value: 'a' },
        { key: 'team', value: 'b' },
        { key: 'note', value: '' },
      ];
      const created = await get().createRegisteredModel({ name: 'wine é', description: 'red', tags });
      expect(created).toMatchObject({ name: 'wine é', description: 'red', aliases: [], latestVersions: [] });
      expect(created.tags.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual([tags[2], tags[1]]);
      expect(created.lastUpdatedTimestamp).toBe(created.creationTimestamp);
      expect(await get().getRegisteredModel('wine é')).toEqual(created);
    });

    test('a name is taken once', async () => {
      await createModel(get(), 'wine');
      await expect(get().createRegisteredModel({ name: 'wine' })).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', 'Registered Model (name=wine) already exists.'),
      );
    });

    test('models and prompts share their names', async () => {
      const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
      await get().createRegisteredModel({ name: 'greet', tags });
      await createModel(get(), 'wine');
      const takenBy = (kind: string, other: string, model: string): object =>
        failure(
          'RESOURCE_ALREADY_EXISTS',
          `Tried to create a ${kind} with name '${model}', but the name is already taken by a ${other}. MLflow does not allow creating a model and a prompt with the same name.`,
        );
      await expect(get().createRegisteredModel({ name: 'greet' })).rejects.toMatchObject(takenBy('registered model', 'prompt', 'greet'));
      await expect(get().createRegisteredModel({ name: 'wine', tags })).rejects.toMatchObject(takenBy('prompt', 'registered model', 'wine'));
      await expect(get().createRegisteredModel({ name: 'greet', tags })).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', 'Prompt (name=greet) already exists.'),
      );
    });

    test.each([
      ['a/b', "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
      ['a:b', "Invalid model name 'a:b'. Names cannot contain '/' or ':'."],
      [' ', "Missing value for required parameter 'name'."],
      ['..', /^Invalid value "\.\." for parameter 'name' supplied: .* This name would resolve to '\.\.'$/],
      ['..a', /This name would resolve to '\.\.a'$/],
    ])('%j is no name', async (name, message) => {
      await expect(get().createRegisteredModel({ name })).rejects.toMatchObject(invalid(message));
    });

    test.each(['<b>"\'', 'a b ', 'x'.repeat(longestName), '名前', "'; DROP TABLE registered_models; --"])('%j is a name', async (name) => {
      await createModel(get(), name, 1);
      expect(await get().getRegisteredModel(name)).toMatchObject({ name, latestVersions: [{ name, version: 1 }] });
    });

    test('a model that is not there is missing everywhere', async () => {
      const message = 'Registered Model with name=none not found';
      await expect(get().getRegisteredModel('none')).rejects.toMatchObject(missing(message));
      await expect(get().updateRegisteredModel('none', '')).rejects.toMatchObject(missing(message));
      await expect(get().renameRegisteredModel('none', 'other')).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModel('none')).rejects.toMatchObject(missing(message));
      await expect(get().getLatestVersions('none')).rejects.toMatchObject(missing(message));
      await expect(get().setRegisteredModelTag('none', { key: 'k', value: 'v' })).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModelTag('none', 'k')).rejects.toMatchObject(missing(message));
      await expect(get().deleteRegisteredModelAlias('none', 'a')).rejects.toMatchObject(missing(message));
      await expect(get().getModelVersionByAlias('none', 'a')).rejects.toMatchObject(missing(message));
      await expect(get().createModelVersion({ name: 'none', source })).rejects.toMatchObject(missing(message));
    });

    test('a description is replaced', async () => {
      await get().createRegisteredModel({ name: 'wine', description: 'red' });
      expect(await get().updateRegisteredModel('wine', 'white')).toMatchObject({ description: 'white' });
      expect((await get().getRegisteredModel('wine')).description).toBe('white');
    });

    test('a new name goes to versions, tags and aliases', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelTag('wine', { key: 'k', value: 'v' });
      await get().setModelVersionTag('wine', 2, { key: 'k', value: 'v' });
      await get().setRegisteredModelAlias('wine', 'champion', 2);
      const renamed = await get().renameRegisteredModel('wine', 'cellar');
      expect(renamed).toMatchObject({ name: 'cellar', tags: [{ key: 'k', value: 'v' }], aliases: [{ alias: 'champion', version: 2 }] });
      expect(await get().getModelVersionByAlias('cellar', 'champion')).toMatchObject({ version: 2, tags: [{ key: 'k', value: 'v' }] });
      await expect(get().getRegisteredModel('wine')).rejects.toMatchObject(missing('Registered Model with name=wine not found'));
    });

    test('a new name must be free and a name', async () => {
      await createModel(get(), 'wine');
      await createModel(get(), 'beer');
      await expect(get().renameRegisteredModel('wine', 'beer')).rejects.toMatchObject(
        failure('RESOURCE_ALREADY_EXISTS', /^Registered Model \(name=beer\) already exists\./),
      );
      await expect(get().renameRegisteredModel('wine', ' ')).rejects.toMatchObject(invalid("Missing value for required parameter 'new_name'."));
      expect(await get().renameRegisteredModel('wine', 'wine')).toMatchObject({ name: 'wine' });
    });

    test('a model goes with all that belongs to it, and its name is free again', async () => {
      await createModel(get(), 'wine', 2);
      await get().setRegisteredModelTag('wine', { key: 'k', value: 'v' });
      await get().setModelVersionTag('wine', 1, { key: 'k', value: 'v' });
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await get().deleteRegisteredModel('wine');
      await createModel(get(), 'wine', 1);
      expect(await get().getRegisteredModel('wine')).toMatchObject({ tags: [], aliases: [], latestVersions: [{ version: 1, tags: [] }] });
    });
  });
};
