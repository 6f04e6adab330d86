import { MlflowError } from '../shared/errors.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { isLatestAlias } from './alias.ts';
import { aliasesOf, findModel, type RegisteredModelFolder, type VersionFolder } from './file-model.ts';
import { versionNotFound, type ModelVersion } from './model-version.ts';
import { checkModelName, modelNotFound } from './registered-model.ts';
import type { Stage } from './stage.ts';

/** MLflow's `mlruns/models/`, as far as it is read and written. */
export interface Registry {
  readonly index: FileIndex;
  readonly root: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

export const getModel = ({ root }: Registry, name: string): RegisteredModelFolder => {
  checkModelName(name);
  const model = findModel(root, name);
  if (model === undefined) throw modelNotFound(name);
  return model;
};

/** MLflow's sign that something about the versions has changed. */
export const touch = (model: RegisteredModelFolder, time: number): void => model.meta.update({ last_updated_timestamp: time });

export interface FoundVersion {
  readonly model: RegisteredModelFolder;
  readonly folder: VersionFolder;
}

export const getVersion = (registry: Registry, name: string, version: number): FoundVersion => {
  checkModelName(name);
  const model = findModel(registry.root, name);
  const folder = model?.versions.find((one) => one.version === version);
  if (model === undefined || folder === undefined) throw versionNotFound(name, version);
  return { model, folder };
};

export const toVersion = ({ model, folder }: FoundVersion): ModelVersion => folder.toVersion(model.name, aliasesOf(model.aliases, folder.version));

export const versionByAlias = (registry: Registry, name: string, alias: string): ModelVersion => {
  const model = getModel(registry, name);
  if (isLatestAlias(alias)) {
    const highest = highestVersion(model);
    if (highest === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Latest version not found for model ${name}.`);
    return highest;
  }
  const found = model.aliases.find((one) => one.alias === alias);
  if (found === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
  return toVersion(getVersion(registry, name, found.version));
};

export const highestVersion = (model: RegisteredModelFolder, stage?: Stage): ModelVersion | undefined =>
  model
    .latestVersions(true)
    .filter(({ currentStage }) => stage === undefined || currentStage === stage)
    .toSorted((a, b) => b.version - a.version)[0];
