import type { TextEdit } from 'vscode-languageserver-types';

import { fullStart, type YamlEntry, type YamlMapping } from '../schemas/yaml-tree.ts';
import type { Document } from './document.ts';
import type { Fix } from './finding.ts';

/** A fix that changes only the document itself. */
export const localFix = (document: Document, title: string, ...edits: readonly TextEdit[]): Fix => ({ title, edits: { [document.uri]: edits } });

const startOf = ({ key }: YamlEntry): number => fullStart(key);

/** With the question mark of a key that is written `? key`. */
const startWithMark = ({ text }: Document, entry: YamlEntry): number => {
  const mark = /\?\s*$/.exec(text.slice(Math.max(0, startOf(entry) - 100), startOf(entry)))?.[0].length ?? 0;
  return startOf(entry) - mark;
};

/** Removes a key with all that is below it: its lines in a block, up to the comma in braces. */
export const removeEntry = (document: Document, mapping: YamlMapping, entry: YamlEntry): TextEdit => {
  const { text } = document;
  const start = startWithMark(document, entry);
  const end = entry.value.end;
  if (mapping.isFlow) return removeFromFlow(document, mapping, entry);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const isAlone = text.slice(lineStart, start).trim() === '';
  const lineEnd = text.indexOf('\n', end);
  const stop = lineEnd < 0 ? text.length : lineEnd + 1;
  if (isAlone) return document.edit({ start: lineStart, end: stop }, '');
  // The first key behind a dash: what follows moves up to it.
  const next = mapping.entries[mapping.entries.indexOf(entry) + 1];
  return document.edit({ start, end: next === undefined ? end : startOf(next) }, next === undefined ? '{}' : '');
};

const removeFromFlow = (document: Document, mapping: YamlMapping, entry: YamlEntry): TextEdit => {
  const index = mapping.entries.indexOf(entry);
  const next = mapping.entries[index + 1];
  if (next !== undefined) return document.edit({ start: startOf(entry), end: startOf(next) }, '');
  const previous = mapping.entries[index - 1];
  return document.edit({ start: previous?.end ?? startOf(entry), end: entry.end }, '');
};

/** Adds a key to a mapping, in the mapping's own style, at its end or before its first key. */
export const insertEntry = (document: Document, mapping: YamlMapping, key: string, value: string, where: 'first' | 'last' = 'last'): TextEdit => {
  const [first] = mapping.entries;
  const last = mapping.entries.at(-1);
  if (first === undefined || last === undefined) return document.edit(mapping, `{${key}: ${value}}`);
  const separator = mapping.isFlow ? ', ' : `\n${' '.repeat(columnOf(document, startOf(first)))}`;
  if (where === 'first') return document.edit({ start: startOf(first), end: startOf(first) }, `${key}: ${value}${separator}`);
  const end = endOfEntry(document, mapping, last);
  return document.edit({ start: end, end }, `${separator}${key}: ${value}`);
};

/** A block scalar ends behind its last line break, an empty value at its colon. */
const endOfEntry = (document: Document, mapping: YamlMapping, { key, value }: YamlEntry): number => {
  const end = Math.max(value.end, document.text.indexOf(':', key.end) + 1);
  if (mapping.isFlow) return value.end === value.start ? Math.max(value.end, key.end) : value.end;
  return end - (/\s*$/.exec(document.text.slice(key.start, end))?.[0].length ?? 0);
};

/** As indentation counts: a byte order mark is no column. */
export const columnOf = (document: Document, offset: number): number => {
  const { line, character } = document.positionAt(offset);
  return line === 0 && document.text.startsWith('\ufeff') ? Math.max(0, character - 1) : character;
};

/** A text as a double-quoted YAML scalar. */
export const quotedText = (text: string): string => JSON.stringify(text);
