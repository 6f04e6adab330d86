import { join } from 'node:path';

import { asModelId, asRunId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { makeFolder, makeNewFolder, moveFolder, removeFile, removeFolder, writeWhole } from '../tracking/file-io.ts';
import { findLoggedModel } from '../tracking/file-logged-models.ts';
import { writeMeta } from '../tracking/file-meta.ts';
import { pageOf } from '../tracking/file-page.ts';
import { addModelVersion, modelVersionsTag } from '../tracking/logged-model.ts';
import { checkAlias, checkNewAlias, isLatestAlias } from './alias.ts';
import { aliasesOf, findModel, listModels, modelFolder, type RegisteredModelFolder, type VersionFolder } from './file-model.ts';
import { versionNotFound, type ModelVersion } from './model-version.ts';
import { checkModelName, isPrompt, modelNotFound, nameTaken, type RegisteredModel } from './registered-model.ts';
import type { CreateModelVersion, CreateRegisteredModel, RegistryStore, TransitionModelVersionStage } from './registry-store.ts';
import { checkModelTag, checkTagKey, checkVersionTag } from './registry-tag.ts';
import { checkMostResults } from './search/max-results.ts';
import { parseModelVersionsFilter, readModelVersionsOrder } from './search/model-versions-filter.ts';
import { parseRegisteredModelsFilter, readRegisteredModelsOrder } from './search/registered-models-filter.ts';
import { compareModels, compareVersions, findModels, findVersions } from './search/registry-matches.ts';
import { checkCanArchive, stages as allStages, type Stage } from './stage.ts';
import { resolveSource, type SourceLookup } from './version-source.ts';

type AliasMethod = 'setRegisteredModelAlias' | 'deleteRegisteredModelAlias' | 'getModelVersionByAlias';
type ModelMethod = Exclude<Extract<keyof RegistryStore, `${string}RegisteredModel${string}`>, AliasMethod>;
type VersionMethod = Exclude<keyof RegistryStore, AliasMethod | ModelMethod>;

interface Registry {
  readonly index: FileIndex;
  readonly root: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The registry in MLflow's `mlruns/models/`; `now` is in ms since the epoch. */
export const createFileRegistryStore = (index: FileIndex, now: () => number = Date.now): RegistryStore => {
  const registry = { index, root: index.root, now };
  return { ...modelMethods(registry), ...aliasMethods(registry), ...versionMethods(registry) };
};

const getModel = ({ root }: Registry, name: string): RegisteredModelFolder => {
  checkModelName(name);
  const model = findModel(root, name);
  if (model === undefined) throw modelNotFound(name);
  return model;
};

/** MLflow's sign that something about the versions has changed. */
const touch = (model: RegisteredModelFolder, time: number): void => model.meta.update({ last_updated_timestamp: time });

const modelMethods = (registry: Registry): Pick<RegistryStore, ModelMethod> => ({
  createRegisteredModel: async (model) => createModel(registry, model),
  getRegisteredModel: async (name) => getModel(registry, name).toModel(),
  async updateRegisteredModel(name, description) {
    const model = getModel(registry, name);
    model.meta.update({ description, last_updated_timestamp: registry.now() });
    return model.toModel();
  },
  renameRegisteredModel: async (name, newName) => renameModel(registry, name, newName),
  deleteRegisteredModel: async (name) => removeFolder(getModel(registry, name).folder),
  async searchRegisteredModels(search) {
    checkMostResults(search.maxResults, 'models');
    const found = findModels(
      listModels(registry.root).map((model) => model.toModel()),
      parseRegisteredModelsFilter(search.filter ?? ''),
    );
    return pageOf(found.toSorted(compareModels(readRegisteredModelsOrder(search.orderBy ?? []))), search);
  },
  async setRegisteredModelTag(name, tag) {
    checkModelName(name);
    checkModelTag(tag);
    const model = getModel(registry, name);
    writeWhole(join(model.folder, 'tags', tag.key), tag.value, model.folder);
    touch(model, registry.now());
  },
  async deleteRegisteredModelTag(name, key) {
    checkModelName(name);
    checkTagKey(key);
    removeFile(join(getModel(registry, name).folder, 'tags', key));
  },
});

/** The `meta.yaml` comes last, and makes it a model. */
const createModel = (registry: Registry, { name, description, tags = [] }: CreateRegisteredModel): RegisteredModel => {
  const { root, now } = registry;
  checkModelName(name);
  checkFolderName(name);
  tags.forEach(checkModelTag);
  const existing = findModel(root, name);
  if (existing !== undefined) throw nameTaken(name, existing.tags, tags);
  const folder = modelFolder(root, name);
  makeFolder(folder);
  for (const { key, value } of tags) writeWhole(join(folder, 'tags', key), value, folder);
  const time = now();
  writeMeta(folder, { aliases: {}, creation_timestamp: time, description: description ?? null, last_updated_timestamp: time, name });
  return getModel(registry, name).toModel();
};

/** MLflow's file store refuses these, since a client could mean another folder. */
const checkFolderName = (name: string): void => {
  if (!/[%\\\0]/.test(name) && !name.startsWith('.')) return;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid name: '${name}'. In a file store the name of a registered model is the name of a folder`);
};

const renameModel = (registry: Registry, name: string, newName: string): RegisteredModel => {
  checkModelName(newName, 'new_name');
  checkFolderName(newName);
  const model = getModel(registry, name);
  if (newName === name) return model.toModel();
  if (findModel(registry.root, newName) !== undefined) throw nameTaken(newName, [], []);
  moveFolder(model.folder, modelFolder(registry.root, newName));
  const time = registry.now();
  const renamed = getModel(registry, newName);
  renamed.meta.update({ name: newName, last_updated_timestamp: time });
  for (const version of renamed.allVersions) version.meta.update({ name: newName, last_updated_timestamp: time });
  return renamed.toModel();
};

const aliasMethods = (registry: Registry): Pick<RegistryStore, AliasMethod> => ({
  async setRegisteredModelAlias(name, alias, version) {
    checkModelName(name);
    checkNewAlias(alias);
    const { model } = getVersion(registry, name, version);
    writeWhole(join(model.folder, 'aliases', alias), String(version), model.folder);
    touch(model, registry.now());
  },
  async deleteRegisteredModelAlias(name, alias) {
    checkModelName(name);
    checkAlias(alias);
    removeFile(join(getModel(registry, name).folder, 'aliases', alias));
  },
  async getModelVersionByAlias(name, alias) {
    checkModelName(name);
    checkAlias(alias);
    return versionByAlias(registry, name, alias);
  },
});

interface FoundVersion {
  readonly model: RegisteredModelFolder;
  readonly folder: VersionFolder;
}

const getVersion = (registry: Registry, name: string, version: number): FoundVersion => {
  checkModelName(name);
  const model = findModel(registry.root, name);
  const folder = model?.versions.find((one) => one.version === version);
  if (model === undefined || folder === undefined) throw versionNotFound(name, version);
  return { model, folder };
};

const toVersion = ({ model, folder }: FoundVersion): ModelVersion => folder.toVersion(model.name, aliasesOf(model.aliases, folder.version));

const versionByAlias = (registry: Registry, name: string, alias: string): ModelVersion => {
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

const highestVersion = (model: RegisteredModelFolder, stage?: Stage): ModelVersion | undefined =>
  model
    .latestVersions(true)
    .filter(({ currentStage }) => stage === undefined || currentStage === stage)
    .toSorted((a, b) => b.version - a.version)[0];

const versionMethods = (registry: Registry): Pick<RegistryStore, VersionMethod> => ({
  createModelVersion: async (version) => createVersion(registry, version),
  getModelVersion: async (name, version) => toVersion(getVersion(registry, name, version)),
  async getLatestVersions(name, stages = []) {
    const wanted = stages.length === 0 ? allStages : stages;
    const latest = getModel(registry, name).latestVersions(true);
    return latest.filter(({ currentStage }) => currentStage !== undefined && wanted.includes(currentStage));
  },
  async updateModelVersion(name, version, description) {
    const found = getVersion(registry, name, version);
    found.folder.meta.update({ description: description ?? null, last_updated_timestamp: registry.now() });
    return toVersion(found);
  },
  async transitionModelVersionStage(transition) {
    if (transition.archiveExistingVersions === true) checkCanArchive(transition.stage);
    return transitionVersion(registry, transition);
  },
  deleteModelVersion: async (name, version) => deleteVersion(registry, name, version),
  async searchModelVersions(search) {
    checkMostResults(search.maxResults, 'versions');
    const all = listModels(registry.root).flatMap((model) => model.versions.map((version) => version.toVersion(model.name, [])));
    const found = findVersions(all, parseModelVersionsFilter(search.filter ?? ''));
    return pageOf(found.toSorted(compareVersions(readModelVersionsOrder(search.orderBy ?? []))), search);
  },
  getModelVersionDownloadUri: async (name, version) => getVersion(registry, name, version).folder.location,
  async setModelVersionTag(name, version, tag) {
    checkModelName(name);
    checkVersionTag(tag);
    const { model, folder } = getVersion(registry, name, version);
    writeWhole(join(folder.folder, 'tags', tag.key), tag.value, folder.folder);
    touch(model, registry.now());
  },
  async deleteModelVersionTag(name, version, key) {
    checkModelName(name);
    checkTagKey(key);
    removeFile(join(getVersion(registry, name, version).folder.folder, 'tags', key));
  },
});

const createVersion = (registry: Registry, version: CreateModelVersion): ModelVersion => {
  const { source, storageLocation, runId } = resolveSource(sourceLookup(registry), version);
  const { name, modelId, tags = [], description = '', runLink = '' } = version;
  checkModelName(name);
  tags.forEach(checkVersionTag);
  const model = getModel(registry, name);
  const number = Math.max(0, ...model.allVersions.map((one) => one.version)) + 1;
  const folder = join(model.folder, `version-${number}`);
  makeNewFolder(folder);
  for (const { key, value } of tags) writeWhole(join(folder, 'tags', key), value, folder);
  const time = registry.now();
  writeMeta(folder, {
    creation_timestamp: time,
    current_stage: 'None',
    description,
    last_updated_timestamp: time,
    model_id: modelId ?? null,
    name,
    run_id: runId,
    run_link: runLink,
    source,
    status: 'READY',
    status_message: null,
    storage_location: storageLocation,
    user_id: null,
    version: number,
  });
  touch(model, time);
  if (modelId && !isPrompt(tags)) linkVersion(registry, modelId, { name, version: number });
  return toVersion(getVersion(registry, name, number));
};

const linkVersion = ({ index }: Registry, modelId: string, version: { readonly name: string; readonly version: number }): void => {
  const model = findLoggedModel(index, asModelId(modelId));
  if (model === undefined) return;
  writeWhole(join(model.folder, 'tags', modelVersionsTag), addModelVersion(model.tags.get(modelVersionsTag) ?? '[]', version), model.folder);
};

const sourceLookup = (registry: Registry): SourceLookup => ({
  runLocation: (runId) => registry.index.run(asRunId(runId))?.run.info.artifactUri,
  loggedModel(modelId) {
    const model = findLoggedModel(registry.index, modelId);
    if (model === undefined || model.isDeleted) return undefined;
    const { artifactLocation, sourceRunId = null } = model.model;
    return { artifactLocation, sourceRunId };
  },
  modelTags: (name) => findModel(registry.root, name)?.tags,
  version: (name, version) => toVersion(getVersion(registry, name, version)),
  versionByAlias: (name, alias) => versionByAlias(registry, name, alias),
  highestVersion: (name, stage) => highestVersion(getModel(registry, name), stage),
  downloadUri: (name, version) => getVersion(registry, name, version).folder.location,
});

const transitionVersion = (registry: Registry, { name, version, stage, archiveExistingVersions }: TransitionModelVersionStage): ModelVersion => {
  const found = getVersion(registry, name, version);
  const time = registry.now();
  const others = archiveExistingVersions === true ? found.model.versions.filter((one) => one.version !== version && one.fields['current_stage'] === stage) : [];
  for (const other of others) other.meta.update({ current_stage: 'Archived', last_updated_timestamp: time });
  found.folder.meta.update({ current_stage: stage, last_updated_timestamp: time });
  touch(found.model, time);
  return toVersion(found);
};

/** The folder stays, as with MLflow, with all that it says. */
const deleteVersion = (registry: Registry, name: string, version: number): void => {
  const { model, folder } = getVersion(registry, name, version);
  const time = registry.now();
  for (const alias of aliasesOf(model.aliases, version)) removeFile(join(model.folder, 'aliases', alias));
  folder.meta.update({ current_stage: 'Deleted_Internal', last_updated_timestamp: time });
  touch(model, time);
};
