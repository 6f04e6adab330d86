import type { RegistryChange } from '../../schemas/workbench-api.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';

/** A model as the changes that are known leave it. */
interface Replayed {
  readonly aliases: Map<string, string>;
  readonly stages: Map<number, string>;
  /** Tags and descriptions, by version; those of the model itself stand at 0. */
  readonly texts: Map<number, Map<string, string>>;
}

/** Long texts are in the store; the history says that they changed, and how they begin. */
const longestText = 500;

export const notedText = (text: string): string => (text.length <= longestText ? text : `${text.slice(0, longestText)}…`);

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

const newState = (): Replayed => ({ aliases: new Map(), stages: new Map(), texts: new Map() });

/** A description that is empty is none. */
const textAfter = ({ what, to }: RegistryChange): string | undefined => (what === 'description' && to === '' ? undefined : to);

const textName = (what: string, key: string): string => `${what} ${key}`;

const isKnown = ({ aliases, stages, texts }: Replayed, change: RegistryChange): boolean => {
  const { what, key = '', version = 0, to } = change;
  if (what === 'tag' || what === 'description') return texts.get(version)?.get(textName(what, key)) === textAfter(change);
  if (what === 'alias') return aliases.get(key) === to;
  if (what === 'stage') return stages.get(version) === to;
  if (what === 'version') return stages.has(version) === (to !== undefined);
  return false;
};

const apply = (state: Replayed, change: RegistryChange): void => {
  const { aliases, stages, texts } = state;
  const { what, key = '', version = 0, to } = change;
  if (what === 'tag' || what === 'description') applyText(state, change);
  if (what === 'alias') setOrDelete(aliases, key, to);
  if (what === 'stage') stages.set(version, to ?? firstStage);
  if (what === 'version') setOrDelete(stages, version, to === undefined ? undefined : firstStage);
  if (what === 'version' && to === undefined) {
    for (const [alias, at] of aliases) if (at === String(version)) aliases.delete(alias);
    texts.delete(version);
  }
  if (what === 'model' && to === undefined) for (const part of [aliases, stages, texts]) part.clear();
};

const applyText = ({ texts }: Replayed, change: RegistryChange): void => {
  const { what, key = '', version = 0 } = change;
  const ofThing = texts.get(version) ?? new Map<string, string>();
  setOrDelete(ofThing, textName(what, key), textAfter(change));
  texts.set(version, ofThing);
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
  const seenNow = (change: Omit<RegistryChange, 'kind' | 'model' | 'time'>): RegistryChange => entry({ time: now, ...change });
  return [
    ...created,
    ...deleted,
    ...stageChanges(state, byNumber, entry),
    ...aliasChanges(state, model, seenNow),
    ...[model, ...byNumber].flatMap((thing) => textChanges(state, thing, seenNow)),
  ];
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

type SeenNow = (change: Omit<RegistryChange, 'kind' | 'model' | 'time'>) => RegistryChange;

const aliasChanges = ({ aliases }: Replayed, model: RegisteredModel, seenNow: SeenNow): readonly RegistryChange[] => {
  const present = new Map(model.aliases.map(({ alias, version }) => [alias, String(version)]));
  return differences(aliases, present).map((difference) => seenNow({ what: 'alias', ...difference }));
};

const descriptionName = textName('description', '');

const textChanges = ({ texts }: Replayed, thing: RegisteredModel | ModelVersion, seenNow: SeenNow): readonly RegistryChange[] => {
  const version = 'version' in thing ? { version: thing.version } : {};
  return differences(texts.get(version.version ?? 0) ?? new Map(), textsOf(thing)).map(({ key: name, ...change }) =>
    seenNow({ ...version, ...(name === descriptionName ? { what: 'description' } : { what: 'tag', key: name.slice(textName('tag', '').length) }), ...change }),
  );
};

const textsOf = ({ tags, description = '' }: Pick<RegisteredModel, 'tags' | 'description'>): ReadonlyMap<string, string> =>
  new Map([
    ...tags.map(({ key, value }): [string, string] => [textName('tag', key), notedText(value)]),
    ...(description === '' ? [] : [[descriptionName, notedText(description)] as const]),
  ]);

interface Difference {
  readonly key: string;
  readonly from?: string;
  readonly to?: string;
}

const differences = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly Difference[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => {
      const [from, to] = [before.get(key), after.get(key)];
      return { key, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    });
