import type { RegistryStore } from '../../../extension/registry/registry-store.ts';
import type { LoggedModelStore } from '../../../extension/tracking/logged-model-store.ts';
import type { LoggedModel } from '../../../extension/tracking/logged-model.ts';
import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import type { ExperimentId, RunId } from '../../../schemas/ids.ts';

export interface StoresUnderTest {
  readonly tracking: TrackingStore;
  readonly loggedModels: LoggedModelStore;
  readonly registry: RegistryStore;
}

/** Stores, and a run in a new experiment of theirs. */
export interface Given {
  readonly stores: StoresUnderTest;
  readonly experimentId: ExperimentId;
  readonly runId: RunId;
}

export type SetUp = () => Promise<Given>;

export type NewModel = Omit<Parameters<LoggedModelStore['createLoggedModel']>[0], 'experimentId'>;

export const createLoggedModel = ({ stores, experimentId }: Pick<Given, 'stores' | 'experimentId'>, model: NewModel): Promise<LoggedModel> =>
  stores.loggedModels.createLoggedModel({ experimentId, ...model });
