import type { ModelVersion } from './model-version.ts';
import type { RegistryStore, TransitionModelVersionStage } from './registry-store.ts';
import { nameIs } from './search/name-filter.ts';
import type { Stage } from './stage.ts';

/** A version and the stage that it has, or had. */
export interface StagedVersion {
  readonly name: string;
  readonly version: number;
  readonly stage: Stage;
}

const mostVersions = 10_000;

/** The other versions of the model in a stage: those that `archive_existing_versions` moves. */
export const othersInStage = async (registry: RegistryStore, { name, version, stage }: StagedVersion): Promise<readonly ModelVersion[]> => {
  const { items } = await registry.searchModelVersions({ filter: nameIs(name), maxResults: mostVersions, orderBy: ['version_number DESC'] });
  return items.filter((other) => other.name === name && other.version !== version && other.currentStage === stage);
};

/** Moves the version; the result is what has moved with the stages before, for the way back. */
export const transition = async (registry: RegistryStore, wanted: TransitionModelVersionStage): Promise<readonly StagedVersion[]> => {
  const { name, version, stage, archiveExistingVersions = false } = wanted;
  const before = await registry.getModelVersion(name, version);
  const others = archiveExistingVersions ? await othersInStage(registry, { name, version, stage }) : [];
  await registry.transitionModelVersionStage(wanted);
  return [before, ...others].map((moved) => ({ name, version: moved.version, stage: moved.currentStage ?? 'None' }));
};

export const takeBackTransition = async (registry: RegistryStore, moved: StagedVersion): Promise<void> => {
  await registry.transitionModelVersionStage(moved);
};
