import { describe, expect, test } from 'vitest';

import { moveAlias, removeAlias, takeBackMove } from '../../extension/registry/alias-changes.ts';
import { copyVersion } from '../../extension/registry/copy-version.ts';
import { dependentsOfModel, dependentsOfVersion } from '../../extension/registry/dependents.ts';
import { readDescribed, takeBackDescription, writeDescription } from '../../extension/registry/description-changes.ts';
import { RegistryChanges } from '../../extension/registry/registry-changes.ts';
import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { deleteTag, readTags, setTag, takeBackTag } from '../../extension/registry/tag-changes.ts';
import { takeBackTransition, transition } from '../../extension/registry/transition.ts';
import { newAppStore } from '../support/app-store.ts';

/** A model `wine` with as many versions. */
const newModel = async (versions: number): Promise<RegistryStore> => {
  const { registry } = newAppStore();
  await registry.createRegisteredModel({ name: 'wine' });
  for (let count = 0; count < versions; count++) await registry.createModelVersion({ name: 'wine', source: 's3://bucket/model' });
  return registry;
};

const aliasesOf = async (registry: RegistryStore): Promise<readonly string[]> =>
  (await registry.getRegisteredModel('wine')).aliases.map(({ alias, version }) => `${alias} ${version}`);

const stagesOf = async (registry: RegistryStore): Promise<readonly string[]> => {
  const { items } = await registry.searchModelVersions({ maxResults: 100, orderBy: ['version_number ASC'] });
  return items.map(({ version, currentStage }) => `${version} ${currentStage ?? ''}`);
};

describe('aliases', () => {
  test('an alias is set, moved, and back where it was', async () => {
    const registry = await newModel(2);
    await moveAlias(registry, { name: 'wine', alias: 'champion', version: 1, seenAt: undefined });
    const move = { name: 'wine', alias: 'champion', version: 2, seenAt: 1 };
    await moveAlias(registry, move);
    expect(await aliasesOf(registry)).toEqual(['champion 2']);
    await takeBackMove(registry, move);
    expect(await aliasesOf(registry)).toEqual(['champion 1']);
    await takeBackMove(registry, { ...move, version: 1, seenAt: undefined });
    expect(await aliasesOf(registry)).toEqual([]);
  });

  test('an alias that somebody has moved meanwhile stays where they put it, and that is told', async () => {
    const registry = await newModel(3);
    await registry.setRegisteredModelAlias('wine', 'champion', 3);
    const told = 'Somebody else has moved to version 3 @champion meanwhile: nothing was changed';
    await expect(moveAlias(registry, { name: 'wine', alias: 'champion', version: 2, seenAt: 1 })).rejects.toThrow(told);
    await expect(removeAlias(registry, { name: 'wine', alias: 'champion', seenAt: 1 })).rejects.toThrow(told);
    expect(await aliasesOf(registry)).toEqual(['champion 3']);
  });

  test('an alias that somebody moves at the same moment is told, too', async () => {
    const registry = await newModel(3);
    const racing: RegistryStore = {
      ...registry,
      setRegisteredModelAlias: async (name, alias, version) => {
        await registry.setRegisteredModelAlias(name, alias, version);
        await registry.setRegisteredModelAlias(name, alias, 3);
      },
    };
    await expect(moveAlias(racing, { name: 'wine', alias: 'champion', version: 2, seenAt: undefined })).rejects.toThrow(
      'at the same time: it is not at version 2',
    );
  });
});

describe('stages', () => {
  test('what is archived along is known, and everything goes back', async () => {
    const registry = await newModel(3);
    for (const version of [1, 2]) await registry.transitionModelVersionStage({ name: 'wine', version, stage: 'Production' });
    const moved = await transition(registry, { name: 'wine', version: 3, stage: 'Production', archiveExistingVersions: true });
    expect(await stagesOf(registry)).toEqual(['1 Archived', '2 Archived', '3 Production']);
    expect(moved).toEqual([3, 2, 1].map((version) => ({ name: 'wine', version, stage: version === 3 ? 'None' : 'Production' })));
    for (const one of moved) await takeBackTransition(registry, one);
    expect(await stagesOf(registry)).toEqual(['1 Production', '2 Production', '3 None']);
  });

  test('without archiving the others stay', async () => {
    const registry = await newModel(2);
    await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
    await transition(registry, { name: 'wine', version: 2, stage: 'Production' });
    expect(await stagesOf(registry)).toEqual(['1 Production', '2 Production']);
  });
});

test.each([undefined, 1])('a tag is set, changed and taken back (version %s)', async (version) => {
  const registry = await newModel(1);
  const tagged = { name: 'wine', ...(version !== undefined && { version }) };
  await setTag(registry, tagged, { key: 'team', value: 'a' });
  await takeBackTag(registry, { ...tagged, key: 'team', before: 'b' });
  expect(await readTags(registry, tagged)).toEqual([{ key: 'team', value: 'b' }]);
  await deleteTag(registry, tagged, 'team');
  await takeBackTag(registry, { ...tagged, key: 'team', before: undefined });
  expect(await readTags(registry, tagged)).toEqual([]);
});

test.each([undefined, 1])('a description is written and taken back (version %s)', async (version) => {
  const registry = await newModel(1);
  const thing = { name: 'wine', ...(version !== undefined && { version }) };
  for (const text of ['dry', 'sweet']) await writeDescription(registry, thing, text);
  expect((await readDescribed(registry, thing)).description).toBe('sweet');
  await takeBackDescription(registry, { ...thing, before: 'dry' });
  expect((await readDescribed(registry, thing)).description).toBe('dry');
});

describe('what depends on', () => {
  test('a model: its versions, aliases and active stages', async () => {
    const registry = await newModel(2);
    await registry.setRegisteredModelAlias('wine', 'champion', 1);
    await registry.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Staging' });
    expect(await dependentsOfModel(registry, 'wine')).toEqual(['wine: 2 versions', 'models:/wine@champion is version 1', 'Version 2 is in Staging']);
  });

  test('a version: aliases and its stage', async () => {
    const registry = await newModel(2);
    await registry.setRegisteredModelAlias('wine', 'champion', 1);
    await registry.setRegisteredModelAlias('wine', 'other', 2);
    expect(await dependentsOfVersion(registry, 'wine', 1)).toEqual(['models:/wine@champion is version 1: the alias goes with it']);
  });
});

test('a copy has description and source of the original, and neither its tags nor its aliases nor its stage', async () => {
  const registry = await newModel(1);
  await registry.updateModelVersion('wine', 1, 'dry');
  await registry.setModelVersionTag('wine', 1, { key: 'a', value: 'b' });
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  const original = await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
  await registry.createRegisteredModel({ name: 'vine' });
  const copy = await copyVersion(registry, original, 'vine');
  expect(copy).toMatchObject({ name: 'vine', version: 1, description: 'dry', source: 'models:/wine/1', tags: [], aliases: [], currentStage: 'None' });
  expect(await registry.getModelVersionDownloadUri('vine', 1)).toBe('s3://bucket/model');
});

test('a registry that tells nothing is found changed by looking twice', async () => {
  const registry = await newModel(1);
  const changes = new RegistryChanges(registry);
  expect([await changes.look(), await changes.look()]).toEqual([false, false]);
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  expect([await changes.look(), await changes.look()]).toEqual([true, false]);
});
