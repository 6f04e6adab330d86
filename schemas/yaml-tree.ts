import type { YamlScalarValue } from './yaml-scalar.ts';

/** Offsets in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

export interface YamlProperties {
  /** As written: `!!python/name:os.system`. */
  readonly tag?: string;
  readonly anchor?: string;
  /** Where tag and anchor stand. */
  readonly span: Span;
}

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** The characters of the scalar after unquoting and folding. */
  readonly text: string;
  /** What PyYAML makes of it. */
  readonly value: YamlScalarValue;
  readonly properties?: YamlProperties;
}

export interface YamlEntry extends Span {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface YamlMapping extends Span {
  readonly kind: 'mapping';
  readonly isFlow: boolean;
  readonly entries: readonly YamlEntry[];
  readonly properties?: YamlProperties;
}

export interface YamlSequence extends Span {
  readonly kind: 'sequence';
  readonly isFlow: boolean;
  readonly items: readonly YamlNode[];
  readonly properties?: YamlProperties;
}

/** `*name`. It refers to its target; nothing is ever expanded. */
export interface YamlAlias extends Span {
  readonly kind: 'alias';
  readonly name: string;
  /** Undefined when no such anchor stands before it, and when it stands inside its own target. */
  readonly target: YamlContent | undefined;
  readonly refersToItself: boolean;
}

export type YamlContent = YamlScalar | YamlMapping | YamlSequence;
export type YamlNode = YamlContent | YamlAlias;

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** Where a node begins with its tag and anchor. */
export const fullStart = (node: YamlNode): number => (node.kind === 'alias' ? node.start : (node.properties?.span.start ?? node.start));

export const contains = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;

/** The node itself, or what an alias stands for. */
export const target = (node: YamlNode | undefined): YamlContent | undefined => (node?.kind === 'alias' ? node.target : node);

export const asMapping = (node: YamlNode | undefined): YamlMapping | undefined => {
  const found = target(node);
  return found?.kind === 'mapping' ? found : undefined;
};

export const asSequence = (node: YamlNode | undefined): YamlSequence | undefined => {
  const found = target(node);
  return found?.kind === 'sequence' ? found : undefined;
};

export const asScalar = (node: YamlNode | undefined): YamlScalar | undefined => {
  const found = target(node);
  return found?.kind === 'scalar' ? found : undefined;
};

/** The characters of a node that PyYAML reads as a string. */
export const asText = (node: YamlNode | undefined): string | undefined => {
  const scalar = asScalar(node);
  return scalar?.value.type === 'str' ? scalar.value.value : undefined;
};

/** Also true for an alias whose target is missing: such a document is refused anyhow. */
export const isNull = (node: YamlNode | undefined): boolean => {
  const found = target(node);
  return found === undefined || (found.kind === 'scalar' && found.value.type === 'null');
};

/** Python's `bool(value)`. */
export const isTruthy = (node: YamlNode | undefined): node is YamlNode => {
  const found = target(node);
  if (found === undefined) return false;
  if (found.kind === 'scalar') return isTruthyScalar(found.value);
  return found.kind === 'mapping' ? found.entries.length > 0 : found.items.length > 0;
};

const isTruthyScalar = (value: YamlScalarValue): boolean => {
  switch (value.type) {
    case 'null':
      return false;
    case 'bool':
      return value.value;
    case 'int':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'str':
      return value.value !== '';
    default:
      return true;
  }
};

/** More merged entries than this are a bomb, not a project. */
const maxMergedEntries = 10_000;

/**
 * The entries that Python sees: `<<` merged in first, later ones win. Keys are as written, so that `yes` and
 * `"yes"` differ only in the value of their key node.
 */
export const effectiveEntries = (mapping: YamlMapping | undefined): ReadonlyMap<string, YamlEntry> => {
  const entries = new Map<string, YamlEntry>();
  if (mapping !== undefined) addEntries(entries, mapping);
  return entries;
};

const addEntries = (entries: Map<string, YamlEntry>, mapping: YamlMapping): void => {
  const merges = mapping.entries.some(isMerge) ? mapping.entries.filter(isMerge) : [];
  for (const source of merges.flatMap(mergeSources)) {
    if (entries.size < maxMergedEntries) addEntries(entries, source);
  }
  for (const entry of mapping.entries) {
    if (!isMerge(entry)) entries.set(keyText(entry), entry);
  }
};

export const isMerge = (entry: YamlEntry): boolean => entry.key.kind === 'scalar' && entry.key.value.type === 'merge';

const mergeSources = (entry: YamlEntry): readonly YamlMapping[] => {
  const list = asSequence(entry.value)?.items ?? [entry.value];
  return list.map(asMapping).filter((source) => source !== undefined);
};

export const keyText = (entry: YamlEntry): string => asScalar(entry.key)?.text ?? '';

/** One of the effective entries; a file asks for thousands of them. */
export const entryNamed = (mapping: YamlMapping | undefined, key: string): YamlEntry | undefined =>
  mapping?.entries.some(isMerge) === true ? effectiveEntries(mapping).get(key) : mapping?.entries.findLast((entry) => keyText(entry) === key);

export const valueOf = (mapping: YamlMapping | undefined, key: string): YamlNode | undefined => entryNamed(mapping, key)?.value;

export const children = (node: YamlNode): readonly YamlNode[] => {
  if (node.kind === 'mapping') return node.entries.flatMap((entry) => [entry.key, entry.value]);
  return node.kind === 'sequence' ? node.items : [];
};

/** Every node below and including `root`, each once, parents first. */
export function* allNodes(root: YamlNode | undefined): Generator<YamlNode> {
  const pending = root === undefined ? [] : [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    if (node.kind === 'mapping') for (const { key, value } of node.entries.toReversed()) pending.push(value, key);
    if (node.kind === 'sequence') pending.push(...node.items.toReversed());
  }
}
