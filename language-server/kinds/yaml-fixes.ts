import type { Problem } from '../../schemas/problem.ts';
import { allNodes, isMerge } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import { localFix, quotedText, removeEntry } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { allEntries } from '../path.ts';

/** Ways out of what PyYAML refuses. */
export const yamlFixes = (document: Document, problem: Problem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  switch (problem.code) {
    case 'yaml-tab':
      return [{ ...localFix(document, 'Change to spaces', document.edit(problem, spacesFor(document, problem, source))), isPreferred: true }];
    case 'yaml-line-break':
    case 'yaml-character':
      return [localFix(document, 'Remove the character', document.edit(problem, ''))];
    case 'yaml-value':
    case 'yaml-flow-text':
      return [{ ...localFix(document, 'Quote it', document.edit(problem, quotedText(source))), isPreferred: true }];
    case 'yaml-alias':
      return [localFix(document, 'Quote it', document.edit(problem, quotedText(source)))];
    case 'yaml-tag':
      return [
        localFix(document, 'Remove the tag', document.edit({ start: problem.start, end: problem.end + (document.text[problem.end] === ' ' ? 1 : 0) }, '')),
      ];
    case 'yaml-key':
      return quoteKey(document, problem, source);
    case 'yaml-merge':
      return removeMerge(document, problem);
    case 'yaml-anchor':
      return renameAnchor(document, problem);
    case 'yaml-several-documents':
      return [localFix(document, 'Remove all from here', document.edit({ start: problem.start, end: document.text.length }, ''))];
    case 'yaml-syntax':
      return syntaxFixes(document, problem, source);
    default:
      return [];
  }
};

/** `{{ name }}`, as templates have it, is a mapping with a mapping as its key. */
const quoteKey = (document: Document, { start, end }: Problem, source: string): readonly Fix[] => {
  if (!/^[[{][^\n]*$/.test(source)) return [];
  const isTemplate = document.text[start - 1] === '{' && document.text[end] === '}';
  const span = isTemplate ? { start: start - 1, end: end + 1 } : { start, end };
  return [localFix(document, 'Quote it', document.edit(span, quotedText(document.text.slice(span.start, span.end))))];
};

const removeMerge = (document: Document, { start, end }: Problem): readonly Fix[] => {
  const found = allEntries(document.yaml.root).find(({ entry }) => isMerge(entry) && entry.value.start <= start && end <= entry.value.end);
  return found === undefined ? [] : [localFix(document, 'Remove `<<`', removeEntry(document, found.mapping, found.entry))];
};

/** With the aliases behind it, which are meant for it. */
const renameAnchor = (document: Document, problem: Problem): readonly Fix[] => {
  const { start, end } = problem;
  const [mark, name] = /&([^\s,[\]{}]+)/.exec(document.text.slice(start, end)) ?? [];
  if (mark === undefined || name === undefined) return [];
  const nodes = [...allNodes(document.yaml.root)];
  const taken = new Set(nodes.map((node) => (node.kind === 'alias' ? node.name : node.properties?.anchor)));
  let number = 2;
  while (taken.has(`${name}${number}`)) number += 1;
  const renamed = `${name}${number}`;
  const aliases = nodes.filter((node) => node.kind === 'alias' && node.name === name && node.start > end);
  const at = document.text.indexOf(mark, start);
  const edits = [{ start: at, end: at + mark.length }, ...aliases].map((place, index) => document.edit(place, `${index === 0 ? '&' : '*'}${renamed}`));
  return [localFix(document, `Rename it to ${renamed}`, ...edits)];
};

/** What was never closed ends with its line; a text with a colon in it is quoted. */
const syntaxFixes = (document: Document, { start, end, message }: Problem, source: string): readonly Fix[] => {
  if (message.endsWith('is never closed.')) {
    const closing = closingOf(source);
    return closing === undefined ? [] : [localFix(document, `Add ${closing}`, document.edit({ start: end, end }, closing))];
  }
  if (message.startsWith('Invalid escape sequence')) return [localFix(document, 'Double the backslash', document.edit({ start, end: start }, '\\'))];
  const lineStart = document.text.lastIndexOf('\n', start - 1) + 1;
  const reserved = message.startsWith('Plain value cannot start') ? /^[^\n,\]}#]*[^\s,\]}#]/.exec(document.text.slice(start, start + 1000))?.[0] : undefined;
  if (reserved !== undefined) return [quoteAt(document, start, reserved)];
  const [line = ''] = document.text.slice(lineStart).split(/\r?\n/, 1);
  const [, before = '', value] = /^([ ]*(?:- )*[\w.-]+: +)([^\s"'[{|>&*!%@`#].*: .*?)\s*$/.exec(line) ?? [];
  const from = lineStart + before.length;
  if (value === undefined || start < from || value.includes(' #')) return [];
  return [quoteAt(document, from, value)];
};

const quoteAt = (document: Document, start: number, text: string): Fix => ({
  ...localFix(document, 'Quote it', document.edit({ start, end: start + text.length }, quotedText(text))),
  isPreferred: true,
});

const closingOf = (source: string): string | undefined => {
  if (source.startsWith('"') || source.startsWith("'")) return source.charAt(0);
  const open = (source.match(/[[{]/g)?.length ?? 0) - (source.match(/[\]}]/g)?.length ?? 0);
  if (open !== 1 || /["'#]/.test(source)) return undefined;
  return source.startsWith('[') ? ']' : '}';
};

/** Two spaces for a tab that indents, one for any other. */
const spacesFor = (document: Document, { start }: Problem, tabs: string): string => {
  const lineStart = document.text.lastIndexOf('\n', start - 1) + 1;
  return document.text.slice(lineStart, start).trim() === '' ? '  '.repeat(tabs.length) : ' ';
};
