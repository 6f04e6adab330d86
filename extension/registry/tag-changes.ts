import type { Tag } from '../tracking/run.ts';
import type { RegistryStore } from './registry-store.ts';

/** A model, or one of its versions. */
export interface Tagged {
  readonly name: string;
  readonly version?: number;
}

/** One tag of one thing, with its value before a change; undefined when it was not there. */
export interface TagChange extends Tagged {
  readonly key: string;
  readonly before: string | undefined;
}

export const readTags = async (registry: RegistryStore, { name, version }: Tagged): Promise<readonly Tag[]> =>
  (version === undefined ? await registry.getRegisteredModel(name) : await registry.getModelVersion(name, version)).tags;

export const setTag = (registry: RegistryStore, { name, version }: Tagged, tag: Tag): Promise<void> =>
  version === undefined ? registry.setRegisteredModelTag(name, tag) : registry.setModelVersionTag(name, version, tag);

export const deleteTag = (registry: RegistryStore, { name, version }: Tagged, key: string): Promise<void> =>
  version === undefined ? registry.deleteRegisteredModelTag(name, key) : registry.deleteModelVersionTag(name, version, key);

export const takeBackTag = (registry: RegistryStore, { before, key, ...tagged }: TagChange): Promise<void> =>
  before === undefined ? deleteTag(registry, tagged, key) : setTag(registry, tagged, { key, value: before });
