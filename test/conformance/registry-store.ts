import { beforeEach, describe } from 'vitest';

import type { RegistryStore } from '../../extension/registry/registry-store.ts';
import { describeAliases, describeTags } from './registry/aliases-and-tags.ts';
import { describeRegisteredModels } from './registry/registered-models.ts';
import { describeModelSearch, describePages, describeVersionSearch } from './registry/search.ts';
import { describeSources } from './registry/sources.ts';
import { describeStages, describeVersions } from './registry/versions.ts';

export interface RegistryTraits {
  /** Characters of the longest name. */
  readonly longestName?: number;
}

/** What every registry does, whoever implements it; each test gets an empty one. */
export const describeRegistryStore = (
  name: string,
  newStore: () => Promise<RegistryStore> | RegistryStore,
  { longestName = 300 }: RegistryTraits = {},
): void => {
  describe(`the registry store ${name}`, () => {
    let store: RegistryStore;
    beforeEach(async () => {
      store = await newStore();
    });

    describeRegisteredModels(() => store, longestName);
    describeVersions(() => store);
    describeStages(() => store);
    describeAliases(() => store);
    describeTags(() => store);
    describeSources(() => store);
    describeModelSearch(() => store);
    describeVersionSearch(() => store);
    describePages(() => store);
  });
};
