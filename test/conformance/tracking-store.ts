import { describe } from 'vitest';

import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { describeExperiments } from './tracking/experiments.ts';
import { describeRuns } from './tracking/runs.ts';
import { describeRunSearch } from './tracking/search-runs.ts';
import type { Given, StoreTraits } from './tracking/support.ts';
import { describeValues } from './tracking/values.ts';

/** What every tracking store must do, whoever keeps the data: ours in SQLite or in files, ours over REST, MLflow's own server. */
export const describeTrackingStore = (name: string, newStore: () => Promise<TrackingStore> | TrackingStore, traits: StoreTraits = {}): void => {
  describe(`the tracking store ${name}`, () => {
    const setUp = async (): Promise<Given> => {
      const store = await newStore();
      const uniqueName = `experiment ${crypto.randomUUID()}`;
      return { store, uniqueName, experiment: await store.createExperiment({ name: uniqueName }) };
    };
    describeExperiments(setUp);
    describeRuns(setUp);
    describeValues(setUp, traits);
    describeRunSearch(setUp);
  });
};
