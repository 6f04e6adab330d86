import type { RegistryChange } from '../../schemas/workbench-api.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';

/** A model as the changes that are known leave it. */
interface Replayed {
  readonly aliases: Map<string, string>;
  readonly stages: Map<number, string>;
}

const firstStage = 'None';

/** The changes of a model, also of the names that it had before, in the order in which they were written. */
export const changesOf = (changes: readonly RegistryChange[], model: string): readonly RegistryChange[] => {
  const names = new Set([model]);
  const found: RegistryChange[] = [];
  for (const change of changes.toReversed()) {
    if (isRename(change) && change.to !== undefined && names.has(change.to)) names.add(change.model);
    if (names.has(change.model)) found.push(change);
  }
  return withoutRepeats(found.toReversed());
};

const isRename = ({ what, from, to }: RegistryChange): boolean => what === 'model' && from !== undefined && to !== undefined;

/** ms between a change and its line in the file, in which somebody may look and see the change alone. */
const mostDelay = 10_000;

const isSame = (a: RegistryChange, b: RegistryChange): boolean =>
  a.what === b.what && a.key === b.key && a.to === b.to && (a.what === 'alias' || a.version === b.version) && Math.abs(a.time - b.time) < mostDelay;

/** Two windows may see the same, or one what another is just noting down: what leaves everything as it was is no change. */
const withoutRepeats = (changes: readonly RegistryChange[]): readonly RegistryChange[] => {
  const state = newState();
  const exact = changes.filter(({ kind }) => kind === 'exact');
  return changes.filter((change) => {
    const isNews = change.kind === 'exact' || !(isKnown(state, change) || exact.some((other) => isSame(other, change)));
    apply(state, change);
    return isNews;
  });
};

const newState = (): Replayed => ({ aliases: new Map(), stages: new Map() });

const isKnown = ({ aliases, stages }: Replayed, { what, key = '', version = 0, to }: RegistryChange): boolean => {
  if (what === 'alias') return aliases.get(key) === to;
  if (what === 'stage') return stages.get(version) === to;
  if (what === 'version') return stages.has(version) === (to !== undefined);
  return false;
};

const apply = ({ aliases, stages }: Replayed, { what, key = '', version = 0, to }: RegistryChange): void => {
  if (what === 'alias') setOrDelete(aliases, key, to);
  if (what === 'stage') stages.set(version, to ?? firstStage);
  if (what === 'version') setOrDelete(stages, version, to === undefined ? undefined : firstStage);
  if (what === 'version' && to === undefined) for (const [alias, at] of aliases) if (at === String(version)) aliases.delete(alias);
  if (what === 'model' && to === undefined) {
    aliases.clear();
    stages.clear();
  }
};

const setOrDelete = <Key>(map: Map<Key, string>, key: Key, value: string | undefined): void => {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
};

export interface ModelNow {
  readonly model: RegisteredModel;
  readonly versions: readonly ModelVersion[];
}

/** What others have changed since the last change that is known: seen by its result, at the time that MLflow keeps for it, else now. */
export const observe = (known: readonly RegistryChange[], { model, versions }: ModelNow, now: number): readonly RegistryChange[] => {
  const state = newState();
  for (const change of known) apply(state, change);
  const entry = (change: Omit<RegistryChange, 'kind' | 'model'>): RegistryChange => ({ kind: 'observed', model: model.name, ...change });
  const byNumber = versions.toSorted((a, b) => a.version - b.version);
  const created = byNumber.filter(({ version }) => !state.stages.has(version)).map((version) => entry(creation(version)));
  const present = new Set(versions.map(({ version }) => version));
  const deleted = [...state.stages.keys()]
    .filter((version) => !present.has(version))
    .map((version) => entry({ time: now, what: 'version', version, from: `version ${version}` }));
  for (const change of [...created, ...deleted]) apply(state, change);
  return [...created, ...deleted, ...stageChanges(state, byNumber, entry), ...aliasChanges(state, model, now, entry)];
};

type Entry = (change: Omit<RegistryChange, 'kind' | 'model'>) => RegistryChange;

const creation = ({ version, creationTimestamp, userId, source }: ModelVersion): Parameters<Entry>[0] => ({
  time: creationTimestamp,
  ...(userId !== undefined && userId !== '' && { by: userId }),
  what: 'version',
  version,
  to: source,
});

const stageChanges = ({ stages }: Replayed, versions: readonly ModelVersion[], entry: Entry): readonly RegistryChange[] =>
  versions.flatMap(({ version, currentStage, lastUpdatedTimestamp }) => {
    const from = stages.get(version) ?? firstStage;
    return currentStage === undefined || currentStage === from ? [] : [entry({ time: lastUpdatedTimestamp, what: 'stage', version, from, to: currentStage })];
  });

const aliasChanges = ({ aliases }: Replayed, model: RegisteredModel, now: number, entry: Entry): readonly RegistryChange[] => {
  const present = new Map(model.aliases.map(({ alias, version }) => [alias, String(version)]));
  const keys = [...new Set([...aliases.keys(), ...present.keys()])].toSorted();
  return keys
    .filter((key) => aliases.get(key) !== present.get(key))
    .map((key) => {
      const [from, to] = [aliases.get(key), present.get(key)];
      return entry({ time: now, what: 'alias', key, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    });
};
