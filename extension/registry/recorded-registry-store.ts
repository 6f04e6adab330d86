import type { RegistryChange } from '../../schemas/workbench-api.ts';
import type { HistoryFile } from './history-file.ts';
import type { RegisteredModel } from './registered-model.ts';
import { notedText } from './registry-history.ts';
import type { CreateModelVersion, CreateRegisteredModel, RegistryStore } from './registry-store.ts';
import { othersInStage } from './transition.ts';

/** Where changes are noted down: beside the store, or in the editor's own folder for a server that keeps no history. */
interface Recording {
  readonly file: Pick<HistoryFile, 'append'>;
  /** Who changes things, when that is always the same person. */
  readonly user?: string;
}

type Noted = Omit<RegistryChange, 'kind' | 'time' | 'by'>;
type Note = (...changes: readonly Noted[]) => Promise<void>;

/** The same registry, which notes down what is changed through it: after it has happened, with what was before. */
export const createRecordedRegistryStore = (store: RegistryStore, { file, user }: Recording): RegistryStore => {
  const note: Note = (...changes) =>
    file.append(changes.map((change) => ({ time: Date.now(), kind: 'exact', ...(user !== undefined && { by: user }), ...change })));
  return { ...store, ...recordedModels(store, note), ...recordedAliases(store, note), ...recordedVersions(store, note), ...recordedTags(store, note) };
};

type Models = Pick<RegistryStore, 'createRegisteredModel' | 'updateRegisteredModel' | 'renameRegisteredModel' | 'deleteRegisteredModel'>;

const recordedModels = (store: RegistryStore, note: Note): Models => ({
  async createRegisteredModel(model) {
    const created = await store.createRegisteredModel(model);
    await note({ model: model.name, what: 'model', to: model.name }, ...givenTexts({ model: model.name }, model));
    return created;
  },
  async updateRegisteredModel(name, description) {
    const before = await orUndefined(store.getRegisteredModel(name));
    const updated = await store.updateRegisteredModel(name, description);
    await note(changed({ model: name, what: 'description' }, before?.description, description));
    return updated;
  },
  async renameRegisteredModel(name, newName) {
    const renamed = await store.renameRegisteredModel(name, newName);
    await note({ model: name, what: 'model', from: name, to: newName });
    return renamed;
  },
  async deleteRegisteredModel(name) {
    await store.deleteRegisteredModel(name);
    await note({ model: name, what: 'model', from: name });
  },
});

type Aliases = Pick<RegistryStore, 'setRegisteredModelAlias' | 'deleteRegisteredModelAlias'>;

const recordedAliases = (store: RegistryStore, note: Note): Aliases => ({
  async setRegisteredModelAlias(name, alias, version) {
    const before = aliasOf(await orUndefined(store.getRegisteredModel(name)), alias);
    await store.setRegisteredModelAlias(name, alias, version);
    await note(changed({ model: name, what: 'alias', key: alias }, before, String(version)));
  },
  async deleteRegisteredModelAlias(name, alias) {
    const before = aliasOf(await orUndefined(store.getRegisteredModel(name)), alias);
    await store.deleteRegisteredModelAlias(name, alias);
    if (before !== undefined) await note(changed({ model: name, what: 'alias', key: alias }, before, undefined));
  },
});

type Versions = Pick<RegistryStore, 'createModelVersion' | 'updateModelVersion' | 'transitionModelVersionStage' | 'deleteModelVersion'>;

const recordedVersions = (store: RegistryStore, note: Note): Versions => ({
  async createModelVersion(wanted) {
    const version = await store.createModelVersion(wanted);
    const created = { model: version.name, version: version.version };
    await note({ ...created, what: 'version', to: version.source }, ...givenTexts(created, wanted));
    return version;
  },
  async updateModelVersion(name, version, description) {
    const before = await orUndefined(store.getModelVersion(name, version));
    const updated = await store.updateModelVersion(name, version, description);
    await note(changed({ model: name, what: 'description', version }, before?.description, description));
    return updated;
  },
  async transitionModelVersionStage(wanted) {
    const { name, version, stage, archiveExistingVersions = false } = wanted;
    const before = await orUndefined(store.getModelVersion(name, version));
    const others = archiveExistingVersions ? ((await orUndefined(othersInStage(store, wanted))) ?? []) : [];
    const moved = await store.transitionModelVersionStage(wanted);
    const archived = others.map((other) => changed({ model: name, what: 'stage', version: other.version }, other.currentStage, 'Archived'));
    await note(changed({ model: name, what: 'stage', version }, before?.currentStage, stage), ...archived);
    return moved;
  },
  async deleteModelVersion(name, version) {
    await store.deleteModelVersion(name, version);
    await note({ model: name, what: 'version', version, from: `version ${version}` });
  },
});

type Tags = Pick<RegistryStore, 'setRegisteredModelTag' | 'deleteRegisteredModelTag' | 'setModelVersionTag' | 'deleteModelVersionTag'>;

const recordedTags = (store: RegistryStore, note: Note): Tags => ({
  async setRegisteredModelTag(name, tag) {
    const before = await orUndefined(store.getRegisteredModel(name));
    await store.setRegisteredModelTag(name, tag);
    await note(changed({ model: name, what: 'tag', key: tag.key }, valueOf(before?.tags, tag.key), tag.value));
  },
  async deleteRegisteredModelTag(name, key) {
    const before = await orUndefined(store.getRegisteredModel(name));
    await store.deleteRegisteredModelTag(name, key);
    await note(changed({ model: name, what: 'tag', key }, valueOf(before?.tags, key), undefined));
  },
  async setModelVersionTag(name, version, tag) {
    const before = await orUndefined(store.getModelVersion(name, version));
    await store.setModelVersionTag(name, version, tag);
    await note(changed({ model: name, what: 'tag', version, key: tag.key }, valueOf(before?.tags, tag.key), tag.value));
  },
  async deleteModelVersionTag(name, version, key) {
    const before = await orUndefined(store.getModelVersion(name, version));
    await store.deleteModelVersionTag(name, version, key);
    await note(changed({ model: name, what: 'tag', version, key }, valueOf(before?.tags, key), undefined));
  },
});

/** What is not there fails in the write itself, with MLflow's own error. */
const orUndefined = async <Value>(reading: Promise<Value>): Promise<Value | undefined> => reading.catch(() => undefined);

const changed = (change: Noted, from: string | undefined, to: string | undefined): Noted => ({
  ...change,
  ...(from !== undefined && { from: notedText(from) }),
  ...(to !== undefined && { to: notedText(to) }),
});

/** Tags and description that something comes with. */
const givenTexts = (
  thing: Pick<Noted, 'model' | 'version'>,
  { tags = [], description = '' }: Pick<CreateRegisteredModel | CreateModelVersion, 'tags' | 'description'>,
): readonly Noted[] => [
  ...tags.map(({ key, value }) => changed({ ...thing, what: 'tag', key }, undefined, value)),
  ...(description === '' ? [] : [changed({ ...thing, what: 'description' }, undefined, description)]),
];

const aliasOf = (model: RegisteredModel | undefined, alias: string): string | undefined => {
  const version = model?.aliases.find((one) => one.alias === alias)?.version;
  return version === undefined ? undefined : String(version);
};

const valueOf = (tags: RegisteredModel['tags'] | undefined, key: string): string | undefined => tags?.findLast((tag) => tag.key === key)?.value;
