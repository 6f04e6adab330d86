import type { ModelNames, StoreNames } from '../../schemas/lsp-protocol.ts';
import type { Experiment } from '../tracking/experiment.ts';
import type { Run } from '../tracking/run.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import { createRestRegistryStore } from './rest-registry-store.ts';

/** The part of a store that is read here. */
export type ReadableStore = Pick<StoreConnection, 'label' | 'tracking' | 'http'>;

/** As many as someone chooses from in an editor. */
const maxExperiments = 500;
const maxModels = 500;
const maxVersions = 2000;
const maxRuns = 50;

/** What files can name of a store: one request for each kind of thing, however many there are. */
export const readStoreNames = async ({ label, tracking, http }: ReadableStore, signal?: AbortSignal): Promise<StoreNames> => {
  const registry = createRestRegistryStore(http);
  const [{ items: experiments }, { items: models }, { items: versions }] = await Promise.all([
    tracking.searchExperiments({ maxResults: maxExperiments, orderBy: ['last_update_time DESC'] }, signal),
    registry.searchRegisteredModels({ maxResults: maxModels }, signal),
    registry.searchModelVersions({ maxResults: maxVersions }, signal),
  ]);
  const experimentIds = experiments.map(({ experimentId }) => experimentId);
  const { items: runs } = experimentIds.length === 0 ? { items: [] } : await tracking.searchRuns({ experimentIds, maxResults: maxRuns }, signal);
  return { store: label, experiments: experiments.map(({ name }) => name), models: modelNames(models, versions), runs: runNames(runs, experiments) };
};

const modelNames = (models: readonly RegisteredModel[], versions: readonly ModelVersion[]): readonly ModelNames[] => {
  const byName = Map.groupBy(versions, ({ name }) => name);
  return models.map(({ name, aliases }) => ({
    name,
    versions: (byName.get(name) ?? []).map(({ version }) => version).toSorted((a, b) => b - a),
    aliases: aliases.map(({ alias, version }) => ({ alias, version })),
  }));
};

const runNames = (runs: readonly Run[], experiments: readonly Experiment[]): StoreNames['runs'] => {
  const names = new Map(experiments.map(({ experimentId, name }) => [experimentId, name]));
  return runs.map(({ info: { runId, runName, experimentId } }) => ({ runId, name: runName, experiment: names.get(experimentId) ?? experimentId }));
};
