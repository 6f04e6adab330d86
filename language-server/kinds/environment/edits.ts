import { asSequence, isNull, type YamlEntry, type YamlMapping } from '../../../schemas/yaml-tree.ts';
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
