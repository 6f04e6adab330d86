import type { RegistryStore } from './registry-store.ts';
import type { Tagged } from './tag-changes.ts';

/** Of one thing, with its description before a change; empty when it had none. */
export interface DescriptionChange extends Tagged {
  readonly before: string;
}

export const readDescribed = async (registry: RegistryStore, { name, version }: Tagged) =>
  version === undefined ? await registry.getRegisteredModel(name) : await registry.getModelVersion(name, version);

export const writeDescription = async (registry: RegistryStore, { name, version }: Tagged, text: string): Promise<void> => {
  if (version === undefined) await registry.updateRegisteredModel(name, text);
  else await registry.updateModelVersion(name, version, text);
};

export const takeBackDescription = (registry: RegistryStore, { before, ...thing }: DescriptionChange): Promise<void> =>
  writeDescription(registry, thing, before);
