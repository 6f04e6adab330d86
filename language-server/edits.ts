import type { TextEdit } from 'vscode-languageserver-types';

import type { YamlEntry, YamlMapping } from '../schemas/yaml-tree.ts';
import type { Document } from './document.ts';
import type { Fix } from './finding.ts';

/** A fix that changes only the document itself. */
export const localFix = (document: Document, title: string, ...edits: readonly TextEdit[]): Fix => ({ title, edits: { [document.uri]: edits } });

/** Removes a key with all that is below it: its lines in a block, up to the comma in braces. */
export const removeEntry = (document: Document, mapping: YamlMapping, entry: YamlEntry): TextEdit => {
  const { text } = document;
  const end = entry.value.end;
  if (mapping.isFlow) return removeFromFlow(document, mapping, entry);
  const lineStart = text.lastIndexOf('\n', entry.start - 1) + 1;
  const isAlone = text.slice(lineStart, entry.start).trim() === '';
  const lineEnd = text.indexOf('\n', end);
  const stop = lineEnd < 0 ? text.length : lineEnd + 1;
  if (isAlone) return document.edit({ start: lineStart, end: stop }, '');
  // The first key behind a dash: what follows moves up to it.
  const next = mapping.entries[mapping.entries.indexOf(entry) + 1];
  return document.edit({ start: entry.start, end: next?.start ?? end }, next === undefined ? '{}' : '');
};

const removeFromFlow = (document: Document, mapping: YamlMapping, entry: YamlEntry): TextEdit => {
  const index = mapping.entries.indexOf(entry);
  const next = mapping.entries[index + 1];
  if (next !== undefined) return document.edit({ start: entry.start, end: next.start }, '');
  const previous = mapping.entries[index - 1];
  return document.edit({ start: previous?.end ?? entry.start, end: entry.end }, '');
};
