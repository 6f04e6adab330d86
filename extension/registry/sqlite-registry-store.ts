import type { StoreDatabase } from '../shared/sql.ts';
import { linkModelVersion } from '../tracking/sqlite-logged-model-origin.ts';
import { checkAlias, checkNewAlias } from './alias.ts';
import type { ModelVersion } from './model-version.ts';
import { checkModelName, isPrompt, nameTaken, type RegisteredModel } from './registered-model.ts';
import type { CreateModelVersion, CreateRegisteredModel, RegistryStore, TransitionModelVersionStage } from './registry-store.ts';
import { checkReadable, checkWritable, type RegistryTables } from './registry-tables.ts';
import { checkModelTag, checkTagKey, checkVersionTag } from './registry-tag.ts';
import { removeAlias, removeAliasesOf, writeAlias } from './sqlite-aliases.ts';
import * as versionRows from './sqlite-model-versions.ts';
import * as modelRows from './sqlite-registered-models.ts';
import { searchModels, searchVersions } from './sqlite-registry-search.ts';
import { readLatestOfStages, readVersionByAlias } from './sqlite-version-lookup.ts';
import { sourceLookup } from './sqlite-source-lookup.ts';
import { removeVersionTag, writeVersionTag } from './sqlite-version-tags.ts';
import { checkCanArchive } from './stage.ts';
import { resolveSource } from './version-source.ts';

type Access = <T>(work: (tables: RegistryTables) => T) => Promise<T>;

/** The registry in a SQLite file that MLflow itself may hold at the same time; `now` is in ms since the epoch. */
export const createSqliteRegistryStore = (database: StoreDatabase, now: () => number = Date.now): RegistryStore => {
  const { schema } = database;
  const read: Access = async (work) =>
    database.read((sql) => {
      checkReadable(schema);
      return work({ sql, schema, now: now() });
    });
  const write: Access = (work) =>
    database.write((sql) => {
      checkWritable(schema);
      return work({ sql, schema, now: now() });
    });
  return { ...modelMethods(read, write), ...aliasMethods(read, write), ...versionMethods(read, write), ...tagMethods(write) };
};

type AliasMethod = 'setRegisteredModelAlias' | 'deleteRegisteredModelAlias' | 'getModelVersionByAlias';
type TagMethod = Extract<keyof RegistryStore, `${string}Tag`>;
type ModelMethod = Exclude<Extract<keyof RegistryStore, `${string}RegisteredModel${string}`>, AliasMethod | TagMethod>;
type VersionMethod = Exclude<keyof RegistryStore, AliasMethod | ModelMethod | TagMethod>;

const modelMethods = (read: Access, write: Access): Pick<RegistryStore, ModelMethod> => ({
  async createRegisteredModel(model) {
    checkModelName(model.name);
    model.tags?.forEach(checkModelTag);
    return write((tables) => createModel(tables, model));
  },
  async getRegisteredModel(name) {
    checkModelName(name);
    return read((tables) => modelRows.readModel(tables, name));
  },
  async updateRegisteredModel(name, description) {
    checkModelName(name);
    return write((tables) => {
      modelRows.writeModelDescription(tables, name, description);
      return modelRows.readModel(tables, name);
    });
  },
  async renameRegisteredModel(name, newName) {
    checkModelName(newName, 'new_name');
    checkModelName(name);
    return write((tables) => renameModel(tables, name, newName));
  },
  async deleteRegisteredModel(name) {
    checkModelName(name);
    await write((tables) => deleteModel(tables, name));
  },
  searchRegisteredModels: (search) => read((tables) => searchModels(tables, search)),
});

const createModel = (tables: RegistryTables, model: CreateRegisteredModel): RegisteredModel => {
  const existing = modelRows.findModelTags(tables, model.name);
  if (existing !== undefined) throw nameTaken(model.name, existing, model.tags ?? []);
  modelRows.insertModel(tables, model);
  return modelRows.readModel(tables, model.name);
};

const renameModel = (tables: RegistryTables, name: string, newName: string): RegisteredModel => {
  modelRows.checkModelExists(tables, name);
  if (newName !== name && modelRows.findModelTags(tables, newName) !== undefined) throw nameTaken(newName, [], []);
  modelRows.writeModelName(tables, name, newName);
  return modelRows.readModel(tables, newName);
};

const deleteModel = (tables: RegistryTables, name: string): void => {
  modelRows.checkModelExists(tables, name);
  versionRows.removeVersionsOf(tables, name);
  modelRows.removeModel(tables, name);
};

const aliasMethods = (read: Access, write: Access): Pick<RegistryStore, AliasMethod> => ({
  async setRegisteredModelAlias(name, alias, version) {
    checkModelName(name);
    checkNewAlias(alias);
    await write(ofVersion(name, version, (tables) => writeAlias(tables, name, { alias, version })));
  },
  async deleteRegisteredModelAlias(name, alias) {
    checkModelName(name);
    checkAlias(alias);
    await write(ofModel(name, (tables) => removeAlias(tables, name, alias)));
  },
  async getModelVersionByAlias(name, alias) {
    checkModelName(name);
    checkAlias(alias);
    return read((tables) => readVersionByAlias(tables, name, alias));
  },
});

const versionMethods = (read: Access, write: Access): Pick<RegistryStore, VersionMethod> => ({
  createModelVersion: (version) => write((tables) => createVersion(tables, version)),
  async getModelVersion(name, version) {
    checkModelName(name);
    return read((tables) => versionRows.readVersion(tables, name, version));
  },
  async getLatestVersions(name, stages) {
    checkModelName(name);
    return read((tables) => readLatestOfStages(tables, name, stages));
  },
  async updateModelVersion(name, version, description) {
    checkModelName(name);
    return write((tables) => {
      versionRows.writeVersionDescription(tables, name, version, description);
      return versionRows.readVersion(tables, name, version);
    });
  },
  async transitionModelVersionStage(transition) {
    if (transition.archiveExistingVersions === true) checkCanArchive(transition.stage);
    checkModelName(transition.name);
    return write((tables) => transitionVersion(tables, transition));
  },
  async deleteModelVersion(name, version) {
    checkModelName(name);
    await write((tables) => deleteVersion(tables, name, version));
  },
  searchModelVersions: (search) => read((tables) => searchVersions(tables, search)),
  async getModelVersionDownloadUri(name, version) {
    checkModelName(name);
    return read((tables) => versionRows.readDownloadUri(tables, name, version));
  },
});

const tagMethods = (write: Access): Pick<RegistryStore, TagMethod> => ({
  async setRegisteredModelTag(name, tag) {
    checkModelName(name);
    checkModelTag(tag);
    await write(ofModel(name, (tables) => modelRows.writeModelTag(tables, name, tag)));
  },
  async deleteRegisteredModelTag(name, key) {
    checkModelName(name);
    checkTagKey(key);
    await write(ofModel(name, (tables) => modelRows.removeModelTag(tables, name, key)));
  },
  async setModelVersionTag(name, version, tag) {
    checkModelName(name);
    checkVersionTag(tag);
    await write(ofVersion(name, version, (tables) => writeVersionTag(tables, name, version, tag)));
  },
  async deleteModelVersionTag(name, version, key) {
    checkModelName(name);
    checkTagKey(key);
    await write(ofVersion(name, version, (tables) => removeVersionTag(tables, name, version, key)));
  },
});

type Change = (tables: RegistryTables) => void;

/** What is changed of a model or a version needs it to be there. */
const ofModel =
  (name: string, change: Change): Change =>
  (tables) => {
    modelRows.checkModelExists(tables, name);
    change(tables);
  };

const ofVersion =
  (name: string, version: number, change: Change): Change =>
  (tables) => {
    versionRows.checkVersionExists(tables, name, version);
    change(tables);
  };

/** The source comes first, as in MLflow: who may not register these files learns nothing else. */
const createVersion = (tables: RegistryTables, version: CreateModelVersion): ModelVersion => {
  const source = resolveSource(sourceLookup(tables), version);
  const { name, modelId, tags = [], description = '', runLink = '' } = version;
  checkModelName(name);
  tags.forEach(checkVersionTag);
  modelRows.checkModelExists(tables, name);
  const number = versionRows.insertVersion(tables, { name, tags, description, runLink, ...source });
  modelRows.touchModel(tables, name);
  if (modelId && !isPrompt(tags)) linkModelVersion(tables.sql, modelId, { name, version: number });
  return versionRows.readVersion(tables, name, number);
};

const transitionVersion = (tables: RegistryTables, { name, version, stage, archiveExistingVersions }: TransitionModelVersionStage): ModelVersion => {
  versionRows.checkVersionExists(tables, name, version);
  if (archiveExistingVersions === true) versionRows.archiveOthers(tables, name, version, stage);
  versionRows.writeStage(tables, name, version, stage);
  modelRows.touchModel(tables, name);
  return versionRows.readVersion(tables, name, version);
};

const deleteVersion = (tables: RegistryTables, name: string, version: number): void => {
  versionRows.checkVersionExists(tables, name, version);
  removeAliasesOf(tables, name, version);
  versionRows.redactVersion(tables, name, version);
  modelRows.touchModel(tables, name);
};
