import { contains, keyText, type Span, type YamlEntry, type YamlMapping, type YamlNode } from '../schemas/yaml-tree.ts';

/** A key of a mapping or an index of a sequence. */
export type PathStep = string | number;
export type Path = readonly PathStep[];

/** `*` stands for any one step. */
export const matchesPath = (pattern: readonly PathStep[], path: Path): boolean =>
  pattern.length === path.length && pattern.every((step, index) => step === '*' || step === path[index]);

export interface Location {
  /** The path of the node, or of the entry whose key it is. */
  readonly path: Path;
  readonly node: YamlNode;
  /** The node is the key of this entry. */
  readonly entry?: YamlEntry;
  /** From the root down, without the node itself. */
  readonly parents: readonly YamlNode[];
}

/** The deepest node that holds an offset. A position just behind a node still belongs to it. */
export const locate = (root: YamlNode | undefined, offset: number): Location | undefined => {
  if (root === undefined || !contains(root, offset)) return undefined;
  return descend({ path: [], node: root, parents: [] }, offset);
};

const descend = (location: Location, offset: number): Location => {
  const next = childAt(location, offset);
  return next === undefined || next.entry !== undefined ? (next ?? location) : descend(next, offset);
};

const childAt = ({ path, node, parents }: Location, offset: number): Location | undefined => {
  const below = [...parents, node];
  if (node.kind === 'mapping') {
    const entry = node.entries.find((candidate) => contains(candidate.key, offset)) ?? node.entries.find((candidate) => contains(candidate.value, offset));
    if (entry === undefined) return undefined;
    const step = keyText(entry);
    if (contains(entry.key, offset)) return { path: [...path, step], node: entry.key, entry, parents: below };
    return { path: [...path, step], node: entry.value, parents: below };
  }
  if (node.kind !== 'sequence') return undefined;
  const index = node.items.findIndex((item) => contains(item, offset));
  const item = node.items[index];
  return item === undefined ? undefined : { path: [...path, index], node: item, parents: below };
};

/** Every entry of every mapping, with the path of its value; with a place, those that reach to it. */
export const allEntries = (root: YamlNode | undefined, place: Span = everywhere): readonly FoundEntry[] => {
  const found: FoundEntry[] = [];
  if (root !== undefined) collectEntries(root, [], { place, found });
  return found;
};

const everywhere: Span = { start: 0, end: Number.POSITIVE_INFINITY };

interface Entries {
  readonly place: Span;
  readonly found: FoundEntry[];
}

const collectEntries = (node: YamlNode, path: Path, entries: Entries): void => {
  if (node.kind === 'sequence') for (const [index, item] of node.items.entries()) collectEntries(item, [...path, index], entries);
  if (node.kind !== 'mapping') return;
  const keys = keysOf(node);
  for (const entry of node.entries) {
    if (entry.start > entries.place.end || entry.end < entries.place.start) continue;
    const below = [...path, keyText(entry)];
    entries.found.push({ entry, mapping: node, path: below, keys });
    if (entry.value.kind !== 'scalar') collectEntries(entry.value, below, entries);
  }
};

/** Made at most once, however many ask: a mapping may have thousands. */
const keysOf = ({ entries }: YamlMapping): (() => ReadonlySet<string>) => {
  let keys: ReadonlySet<string> | undefined;
  return () => (keys ??= new Set(entries.map(keyText)));
};

export interface FoundEntry {
  readonly entry: YamlEntry;
  readonly mapping: YamlMapping;
  readonly path: Path;
  /** Of the mapping. */
  readonly keys: () => ReadonlySet<string>;
}

export interface FoundMapping {
  readonly mapping: YamlMapping;
  readonly path: Path;
}

/** Every mapping, parents first. */
export const allMappings = (root: YamlNode | undefined): readonly FoundMapping[] => {
  const found: FoundMapping[] = [];
  if (root !== undefined) collectMappings(root, [], found);
  return found;
};

const collectMappings = (node: YamlNode, path: Path, found: FoundMapping[]): void => {
  if (node.kind === 'sequence') for (const [index, item] of node.items.entries()) collectMappings(item, [...path, index], found);
  if (node.kind !== 'mapping') return;
  found.push({ mapping: node, path });
  for (const entry of node.entries)
    if (entry.value.kind === 'mapping' || entry.value.kind === 'sequence') collectMappings(entry.value, [...path, keyText(entry)], found);
};
