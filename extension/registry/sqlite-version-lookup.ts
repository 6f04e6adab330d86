import { MlflowError } from '../shared/errors.ts';
import { isLatestAlias } from './alias.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegistryTables } from './registry-tables.ts';
import { readAliases, readAliasVersion } from './sqlite-aliases.ts';
import { readLatestVersions, readVersion } from './sqlite-model-versions.ts';
import { checkModelExists } from './sqlite-registered-models.ts';
import { stages as allStages, type Stage } from './stage.ts';

/** The highest version of each of these stages, with its aliases. */
export const readLatestOfStages = (tables: RegistryTables, name: string, stages: readonly Stage[] = []): readonly ModelVersion[] => {
  checkModelExists(tables, name);
  const wanted = stages.length === 0 ? allStages : stages;
  const aliases = readAliases(tables, [name]).get(name) ?? [];
  const versions = readLatestVersions(tables, [name]).get(name) ?? [];
  return versions
    .filter(({ currentStage }) => currentStage !== undefined && wanted.includes(currentStage))
    .map((version) => ({ ...version, aliases: aliases.filter((alias) => alias.version === version.version).map(({ alias }) => alias) }));
};

/** Undefined when the model has no version, or none in this stage. */
export const readHighestVersion = (tables: RegistryTables, name: string, stage?: Stage): ModelVersion | undefined =>
  readLatestOfStages(tables, name, stage === undefined ? [] : [stage]).toSorted((a, b) => b.version - a.version)[0];

export const readVersionByAlias = (tables: RegistryTables, name: string, alias: string): ModelVersion => {
  if (isLatestAlias(alias)) {
    const highest = readHighestVersion(tables, name);
    if (highest === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Latest version not found for model ${name}.`);
    return highest;
  }
  checkModelExists(tables, name);
  const version = readAliasVersion(tables, name, alias);
  if (version === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
  return readVersion(tables, name, version);
};
