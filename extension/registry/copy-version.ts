import { versionUri } from './model-uri.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';

/** MLflow's `copy_model_version`: description, run and its link come along; tags, aliases and the stage do not. */
export const copyVersion = (registry: RegistryStore, { name, version, description, runId, runLink }: ModelVersion, to: string): Promise<ModelVersion> =>
  registry.createModelVersion({
    name: to,
    source: versionUri(name, version),
    ...(description !== undefined && { description }),
    ...(runId !== undefined && { runId }),
    ...(runLink !== undefined && { runLink }),
  });
