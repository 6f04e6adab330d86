import type { RegistryStore } from '../../../extension/registry/registry-store.ts';

export const source = 's3://bucket/model';

export type GetStore = () => RegistryStore;

/** A model with this many versions. */
export const createModel = async (store: RegistryStore, name: string, versions = 0): Promise<void> => {
  await store.createRegisteredModel({ name });
  for (let count = 0; count < versions; count += 1) await store.createModelVersion({ name, source });
};
