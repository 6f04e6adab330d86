import { join } from 'node:path';

import { MlflowError } from '../shared/errors.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { makeFolder, moveFolder, removeFile, removeFolder, writeWhole } from '../tracking/file-io.ts';
import { writeMeta } from '../tracking/file-meta.ts';
import { pageOf } from '../tracking/file-page.ts';
import { checkAlias, checkNewAlias } from './alias.ts';
import { findModel, listModels, modelFolder } from './file-model.ts';
import { getModel, getVersion, touch, toVersion, versionByAlias, type Registry } from './file-registry.ts';
import { createVersion, deleteVersion, transitionVersion } from './file-versions.ts';
import { checkModelName, nameTaken, type RegisteredModel } from './registered-model.ts';
import type { CreateRegisteredModel, RegistryStore } from './registry-store.ts';
import { checkModelTag, checkTagKey, checkVersionTag } from './registry-tag.ts';
import { checkMostResults } from './search/max-results.ts';
import { parseModelVersionsFilter, readModelVersionsOrder } from './search/model-versions-filter.ts';
import { parseRegisteredModelsFilter, readRegisteredModelsOrder } from './search/registered-models-filter.ts';
import { compareModels, compareVersions, findModels, findVersions } from './search/registry-matches.ts';
import { checkCanArchive, stages as allStages } from './stage.ts';

type AliasMethod = 'setRegisteredModelAlias' | 'deleteRegisteredModelAlias' | 'getModelVersionByAlias';
type ModelMethod = Exclude<Extract<keyof RegistryStore, `${string}RegisteredModel${string}`>, AliasMethod>;
type VersionMethod = Exclude<keyof RegistryStore, AliasMethod | ModelMethod>;

/** The registry in MLflow's `mlruns/models/`; `now` is in ms since the epoch. */
export const createFileRegistryStore = (index: FileIndex, now: () => number = Date.now): RegistryStore => {
  const registry = { index, root: index.root, now };
  return { ...modelMethods(registry), ...aliasMethods(registry), ...versionMethods(registry) };
};

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
    return pageOf(found.toSorted(compareModels(readRegisteredModelsOrder(search.orderBy ?? []))), 'models', search);
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
    return pageOf(found.toSorted(compareVersions(readModelVersionsOrder(search.orderBy ?? []))), 'versions', search);
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
