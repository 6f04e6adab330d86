import type { ModelVersion } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';
import { nameIs } from './search/name-filter.ts';
import type { VersionName } from './version-files.ts';

/** MLflow's names are equal whatever their case in some databases: a few others may be among the found. */
const fewOthers = 100;

/** The newest of the model's versions before this one: numbers in between may have been deleted. */
export const findPreviousVersion = async (registry: RegistryStore, { name, version }: VersionName, signal?: AbortSignal): Promise<ModelVersion | undefined> => {
  const filter = `${nameIs(name)} AND version_number < ${version}`;
  const { items } = await registry.searchModelVersions({ filter, orderBy: ['version_number DESC'], maxResults: fewOthers }, signal);
  return items.find((one) => one.name === name);
};
