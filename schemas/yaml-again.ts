import { maxNesting, readYaml, type YamlDocument } from './yaml-reader.ts';
import { allNodes, type YamlEntry, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** From `start` to `end` the text before has become another one; what is behind has moved `by`. */
interface Edit {
  readonly before: string;
  readonly after: string;
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

/**
 * Reads the next version of a text, with the same result as `readYaml`. An edit that stays within one entry of a block
 * mapping costs as much as that entry: the others are as they were, or only stand elsewhere.
 */
export const readYamlAgain = (text: string, { text: before, root, problems }: YamlDocument): YamlDocument => {
  const again =
    problems.length > 0 || root?.kind !== 'mapping' ? undefined : mappingAfter(editBetween(before, text), { mapping: root, limit: before.length, depth: 0 });
  return again === undefined ? readYaml(text) : { text, root: again, problems: [] };
};

const editBetween = (before: string, after: string): Edit => {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let same = 0;
  while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same += 1;
  return { before, after, start, end: before.length - same, by: after.length - before.length };
};

/** `limit`: where the lines of the mapping end in the text before. */
interface Place {
  readonly mapping: YamlMapping;
  readonly limit: number;
  readonly depth: number;
}

/** The mapping after an edit that is within one of its entries, or undefined when it is not. */
const mappingAfter = (edit: Edit, { mapping, limit, depth }: Place): YamlMapping | undefined => {
  const index = mapping.entries.findLastIndex(({ start }) => start <= edit.start);
  const entry = mapping.entries[index];
  if (mapping.isFlow || entry === undefined) return undefined;
  const next = mapping.entries[index + 1];
  const end = next === undefined ? limit : lineStartOf(edit.before, next.start);
  // The line break in front of what follows must stay.
  if (edit.end > (end === edit.before.length ? end : end - 1)) return undefined;
  const changed = entryAfter(edit, entry, { limit: end, depth });
  const moved = changed && movedEntries(mapping.entries.slice(index + 1), edit.by);
  if (changed === undefined || moved === undefined) return undefined;
  const entries = [...mapping.entries.slice(0, index), ...changed, ...moved];
  return { ...mapping, entries, end: entries.at(-1)?.value.end ?? mapping.end };
};

const entryAfter = (edit: Edit, entry: YamlEntry, { limit, depth }: Omit<Place, 'mapping'>): readonly YamlEntry[] | undefined => {
  const inner = entry.value.kind === 'mapping' ? mappingAfter(edit, { mapping: entry.value, limit, depth: depth + 1 }) : undefined;
  return inner === undefined ? readAlone(edit, entry, { limit, depth }) : [{ ...entry, value: inner, end: inner.end }];
};

/** A larger part is not worth an attempt: when it fails, everything is read as well. */
const largestShare = 0.25;

/** The lines of an entry as a text of their own, where nothing in them needs the rest. */
const readAlone = ({ before, after, by }: Edit, entry: YamlEntry, { limit, depth }: Omit<Place, 'mapping'>): readonly YamlEntry[] | undefined => {
  const start = lineStartOf(before, entry.start);
  const lines = after.slice(start, limit + by);
  if (lines.length > largestShare * after.length || !/^ *$/.test(before.slice(start, entry.start)) || /^(?:---|\.\.\.)/m.test(lines)) return undefined;
  const { root, problems } = readYaml(lines, maxNesting - depth);
  if (problems.length > 0 || root?.kind !== 'mapping' || root.isFlow || !standsAlone(root)) return undefined;
  const [first] = root.entries;
  const isInPlace = first?.key.kind === 'scalar' && first.key.start === entry.start - start && first.key.end > first.key.start;
  return isInPlace ? movedEntries(root.entries, start) : undefined;
};

const standsAlone = (root: YamlNode): boolean => {
  for (const node of allNodes(root)) if (node.kind === 'alias' || node.properties !== undefined) return false;
  return true;
};

const lineStartOf = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Undefined with an alias among them: it would refer to what is no longer in the tree. */
const movedEntries = (entries: readonly YamlEntry[], by: number): readonly YamlEntry[] | undefined => {
  const moved: YamlEntry[] = [];
  for (const { key, value, start, end } of entries) {
    const [movedKey, movedValue] = [movedNode(key, by), movedNode(value, by)];
    if (movedKey === undefined || movedValue === undefined) return undefined;
    moved.push({ key: movedKey, value: movedValue, start: start + by, end: end + by });
  }
  return moved;
};

const movedNode = (node: YamlNode, by: number): YamlNode | undefined => {
  if (node.kind === 'alias') return undefined;
  const place = { start: node.start + by, end: node.end + by, ...(node.properties && { properties: movedProperties(node.properties, by) }) };
  if (node.kind === 'scalar') return { ...node, ...place };
  if (node.kind === 'mapping') {
    const entries = movedEntries(node.entries, by);
    return entries && { ...node, ...place, entries };
  }
  const items = node.items.map((item) => movedNode(item, by)).filter((item) => item !== undefined);
  return items.length === node.items.length ? { ...node, ...place, items } : undefined;
};

const movedProperties = ({ span, ...properties }: NonNullable<YamlMapping['properties']>, by: number): NonNullable<YamlMapping['properties']> => ({
  ...properties,
  span: { start: span.start + by, end: span.end + by },
});
