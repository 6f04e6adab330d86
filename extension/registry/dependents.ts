import type { RegistryStore } from './registry-store.ts';
import { nameIs } from './search/name-filter.ts';

const mostVersions = 10_000;
/** Of a model the newest versions in a stage are named. */
const mostNamed = 5;

/** What goes with a model, or no longer finds it, in sentences. */
export const dependentsOfModel = async (registry: RegistryStore, name: string): Promise<readonly string[]> => {
  const [model, { items, nextPageToken }] = await Promise.all([
    registry.getRegisteredModel(name),
    registry.searchModelVersions({ filter: nameIs(name), maxResults: mostVersions }),
  ]);
  const versions = items.filter((version) => version.name === name);
  const active = versions.filter(({ currentStage }) => currentStage === 'Production' || currentStage === 'Staging').slice(0, mostNamed);
  return [
    `${name}: ${countOf(versions.length, nextPageToken !== undefined)}`,
    ...model.aliases.map(({ alias, version }) => `models:/${name}@${alias} is version ${version}`),
    ...active.map(({ version, currentStage }) => `Version ${version} is in ${currentStage ?? ''}`),
  ];
};

const countOf = (count: number, hasMore: boolean): string =>
  hasMore ? `more than ${count} versions` : count === 0 ? 'no versions' : count === 1 ? '1 version' : `${count} versions`;

export const dependentsOfVersion = async (registry: RegistryStore, name: string, version: number): Promise<readonly string[]> => {
  const [model, found] = await Promise.all([registry.getRegisteredModel(name), registry.getModelVersion(name, version)]);
  const aliases = model.aliases.filter((alias) => alias.version === version);
  const { currentStage } = found;
  return [
    ...aliases.map(({ alias }) => `models:/${name}@${alias} is version ${version}: the alias goes with it`),
    ...(currentStage === 'Production' || currentStage === 'Staging' ? [`Version ${version} is in ${currentStage}`] : []),
  ];
};
