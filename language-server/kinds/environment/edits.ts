import { allNodes, asSequence, fullStart, isNull, type Span, type YamlEntry, type YamlMapping } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { columnOf, localFix } from '../../edits.ts';
import type { Fix } from '../../finding.ts';

/** Adds an item at the end of the list below a key, in the list's own style; undefined when there is no list. */
export const addDependency = (document: Document, mapping: YamlMapping, entry: YamlEntry, item: string): Fix | undefined => {
  const title = `Add ${item}`;
  const list = asSequence(entry.value);
  const last = list?.items.at(-1);
  if (list !== undefined && last !== undefined) {
    const separator = list.isFlow ? ', ' : `\n${' '.repeat(columnOf(document, list.start))}- `;
    return localFix(document, title, document.edit({ start: last.end, end: last.end }, `${separator}${item}`));
  }
  if (list === undefined && !isNull(entry.value)) return undefined;
  const colon = document.text.indexOf(':', entry.key.end) + 1;
  const text = mapping.isFlow || list !== undefined ? ` [${item}]` : `\n${' '.repeat(columnOf(document, entry.key.start) + 2)}- ${item}`;
  return localFix(document, title, document.edit({ start: colon, end: Math.max(colon, entry.value.end) }, text));
};

/** Removes the item of a list that stands at a span, with its line in a block; nothing where it is the only one. */
export const removeItem = (document: Document, { start, end }: Span, title: string): readonly Fix[] => {
  for (const list of allNodes(document.yaml.root)) {
    if (list.kind !== 'sequence' || list.items.length < 2) continue;
    const index = list.items.findIndex((item) => item.start === start && item.end === end);
    const before = list.items[index - 1];
    const after = list.items[index + 1];
    if (index < 0) continue;
    const dash = document.text.lastIndexOf('-', after?.start);
    const nextStart = list.isFlow ? after?.start : dash;
    const ownStart = list.isFlow ? start : document.text.lastIndexOf('-', start);
    const span = after === undefined || nextStart === undefined ? { start: before?.end ?? start, end } : { start: ownStart, end: nextStart };
    return [localFix(document, title, document.edit(span, ''))];
  }
  return [];
};

/** A file that says nothing yet, or a list that belongs below `dependencies`. */
export const startMapping = (document: Document, example: string): readonly Fix[] => {
  const { root } = document.yaml;
  const start = { start: 0, end: 0 };
  if (root?.kind === 'sequence' && !root.isFlow) {
    const key = `dependencies:\n${' '.repeat(columnOf(document, root.start))}`;
    return [localFix(document, 'Put it below `dependencies`', document.edit({ start: fullStart(root), end: fullStart(root) }, key))];
  }
  if (!isNull(root)) return [];
  const isWritten = root !== undefined && root.end > root.start;
  const end = document.text.length;
  const place = isWritten ? root : end === 0 ? start : { start: end, end };
  const lead = isWritten || end === 0 || document.text.endsWith('\n') ? '' : '\n';
  return [localFix(document, 'Start the file', document.edit(place, `${lead}${example}`))];
};
