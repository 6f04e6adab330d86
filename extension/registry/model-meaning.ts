import type { ModelMeaning } from '../../schemas/lsp-protocol.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Run } from '../tracking/run.ts';
import type { ModelVersion } from './model-version.ts';
import { parseModelUri, type ModelUri } from './model-uri.ts';
import { isStage } from './stage.ts';
import type { RegistryStore } from './registry-store.ts';
import { createRestRegistryStore } from './rest-registry-store.ts';
import type { ReadableStore } from './store-names.ts';

/** The version that an address stands for now, with the metrics of the run that made it; undefined when there is none. */
export const readModelMeaning = async ({ label, tracking, http }: ReadableStore, uri: string, signal?: AbortSignal): Promise<ModelMeaning | undefined> => {
  const registry = createRestRegistryStore(http);
  const found = await orUndefined(async () => versionOf(registry, parseModelUri(uri), signal));
  if (found === undefined) return undefined;
  const { name, version, aliases, currentStage: stage, description, runId } = found;
  const run = runId === undefined ? undefined : await orUndefined(async () => tracking.getRun(runId, signal));
  return { store: label, name, version, aliases, ...(stage && { stage }), ...(description && { description }), ...(run && { run: summaryOf(run) }) };
};

const summaryOf = ({ info, latestMetrics }: Run): NonNullable<ModelMeaning['run']> => ({
  name: info.runName,
  metrics: latestMetrics.map(({ key, value }) => ({ key, value })),
});

const versionOf = async (registry: RegistryStore, uri: ModelUri, signal?: AbortSignal): Promise<ModelVersion | undefined> => {
  switch (uri.kind) {
    case 'version':
      return registry.getModelVersion(uri.name, uri.version, signal);
    case 'alias':
      return registry.getModelVersionByAlias(uri.name, uri.alias, signal);
    case 'latest':
      return registry.getModelVersionByAlias(uri.name, 'latest', signal);
    case 'stage':
      return isStage(uri.stage) ? (await registry.getLatestVersions(uri.name, [uri.stage], signal))[0] : undefined;
    case 'run':
    case 'logged-model':
      return undefined;
    default:
      return uri satisfies never;
  }
};

/** What is not there, and what is no address, is nothing; other failures are failures. */
const orUndefined = async <Result>(attempt: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await attempt();
  } catch (error) {
    const isAbsent = error instanceof MlflowError && (error.code === 'RESOURCE_DOES_NOT_EXIST' || error.code === 'INVALID_PARAMETER_VALUE');
    if (isAbsent) return undefined;
    throw error;
  }
};
