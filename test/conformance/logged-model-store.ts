import { describe } from 'vitest';

import { describeOneModel } from './logged-models/one-model.ts';
import { describeRegistration } from './logged-models/registry.ts';
import { describeModelSearch } from './logged-models/search.ts';
import type { Given, StoresUnderTest } from './logged-models/support.ts';

/** What every store of logged models does, whoever implements it; each test works in an experiment of its own. */
export const describeLoggedModelStore = (name: string, newStores: () => Promise<StoresUnderTest> | StoresUnderTest): void => {
  describe(`the logged models ${name}`, () => {
    const setUp = async (): Promise<Given> => {
      const stores = await newStores();
      const experimentId = await stores.tracking.createExperiment({ name: `models ${crypto.randomUUID()}` });
      const { info } = await stores.tracking.createRun({ experimentId, startTime: 1, tags: [] });
      return { stores, experimentId, runId: info.runId };
    };
    describeOneModel(setUp);
    describeModelSearch(setUp);
    describeRegistration(setUp);
  });
};
