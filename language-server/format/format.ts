import { readYaml, type YamlDocument } from '../../schemas/yaml-reader.ts';
import { yamlProblems } from '../../schemas/yaml-refusals.ts';
import type { Span, YamlMapping, YamlNode } from '../../schemas/yaml-tree.ts';
import { placeComments } from './comments.ts';
import { Layout, type Replacement } from './layout.ts';
import { isSameValue } from './same-value.ts';

/**
 * Edits of white space that bring a text into order: indentation, spaces around colons, dashes and commas, blank lines,
 * the end of the file. None where PyYAML would read anything else afterwards, or something unusual is in the way.
 */
export const formatText = ({ text, root }: YamlDocument, step: number): readonly Replacement[] => {
  const layout = root === undefined || hasOddLineBreaks(text) ? undefined : Layout.of(text, root, step);
  if (layout === undefined) return [];
  placeComments(layout, text);
  return harmless(text, root, [...layout.gaps, ...indentation(layout, text), ...endsOfLines(layout, text), ...blankLines(layout, text)]);
};

/** The same for the entries around a span; their own column stays, so the rest of the file need not change. */
export const formatSpan = ({ text, root }: YamlDocument, span: Span, step: number): readonly Replacement[] => {
  const around = root === undefined || hasOddLineBreaks(text) ? undefined : entriesAround(root, span);
  if (around === undefined) return [];
  const [start] = around.spans;
  const column = start === undefined ? 0 : start.start - (text.lastIndexOf('\n', start.start - 1) + 1);
  const layout = Layout.of(text, around.mapping, step, column);
  if (layout === undefined) return [];
  placeComments(layout, text);
  const within = { start: start?.start ?? 0, end: around.spans.at(-1)?.end ?? 0 };
  const edits = [...layout.gaps, ...indentation(layout, text), ...endsOfLines(layout, text)];
  return harmless(
    text,
    root,
    edits.filter((edit) => within.start <= edit.start && edit.end <= within.end),
  );
};

interface EntriesAround {
  readonly mapping: YamlMapping;
  readonly spans: readonly Span[];
}

/** The deepest block that the whole span is in, and those of its entries that it touches. */
const entriesAround = (node: YamlNode, span: Span): EntriesAround | undefined => {
  if (node.kind !== 'mapping' || node.isFlow) return undefined;
  const spans = node.entries.filter(({ start, end }) => start <= span.end && span.start <= end);
  const [only] = spans;
  const below = spans.length === 1 && only !== undefined && span.start > only.key.end ? entriesAround(only.value, span) : undefined;
  return below ?? (spans.length === 0 ? undefined : { mapping: node, spans });
};

/** A carriage return alone ends a line for PyYAML, but is not in the way of a column. */
const hasOddLineBreaks = (text: string): boolean => /\r(?!\n)/.test(text);

const indentation = ({ lines, columns }: Layout, text: string): readonly Replacement[] =>
  lines.all.flatMap(({ start, content }, index) => {
    const column = columns.get(index);
    return column === undefined || column === content - start || text[content] === '\t' ? [] : [{ start, end: content, newText: ' '.repeat(column) }];
  });

const endsOfLines = ({ lines, fixedLines }: Layout, text: string): readonly Replacement[] =>
  lines.all.flatMap(({ start, end, content }, index) => {
    if (fixedLines.has(index)) return [];
    const spaces = /[ \t]+$/.exec(text.slice(start, end))?.[0].length ?? 0;
    return spaces === 0 || (content === end && index === lines.all.length - 1) ? [] : [{ start: end - spaces, end, newText: '' }];
  });

/** One blank line is enough between two others, and none at either end of the file. */
const blankLines = ({ lines, fixedLines }: Layout, text: string): readonly Replacement[] => {
  const { all } = lines;
  const isBlank = (index: number): boolean => {
    const line = all[index];
    return line !== undefined && !fixedLines.has(index) && text.slice(line.start, line.end).trim() === '';
  };
  const last = all.findLastIndex((_, index) => !isBlank(index));
  const first = all.findIndex((_, index) => !isBlank(index));
  const superfluous = all.flatMap(({ start }, index) => {
    const next = all[index + 1];
    const goes = isBlank(index) && index < last && next !== undefined && (index < first || isBlank(index - 1));
    return goes ? [{ start, end: next.start, newText: '' }] : [];
  });
  return [...superfluous, ...endOfFile(all[last]?.end ?? 0, text)];
};

const endOfFile = (end: number, text: string): readonly Replacement[] => {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return text.slice(end) === lineBreak ? [] : [{ start: end, end: text.length, newText: lineBreak }];
};

/** Only edits after which the file means what it meant. A last line break that a block text would take for its own is left out. */
const harmless = (text: string, root: YamlNode | undefined, edits: readonly Replacement[]): readonly Replacement[] => {
  const sorted = merged(edits.toSorted((a, b) => a.start - b.start || a.end - b.end));
  if (isHarmless(text, root, sorted)) return sorted;
  const withoutEnd = sorted.filter(({ end, start }) => end !== text.length || start !== end);
  return isHarmless(text, root, withoutEnd) ? withoutEnd : [];
};

const isHarmless = (text: string, root: YamlNode | undefined, edits: readonly Replacement[]): boolean => {
  const after = readYaml(applied(text, edits));
  return yamlProblems(after).length === 0 && isSameValue(root, after.root);
};

/** An edit inside another one, or the same one again, is left out. */
const merged = (edits: readonly Replacement[]): readonly Replacement[] => {
  const kept: Replacement[] = [];
  for (const edit of edits) {
    const before = kept.at(-1);
    if (before === undefined || before.end <= edit.start) kept.push(edit);
    else if (edit.end > before.end) kept.splice(-1, 1, { start: before.start, end: edit.end, newText: edit.newText });
  }
  return kept;
};

const applied = (text: string, edits: readonly Replacement[]): string => {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, newText } of edits) {
    parts.push(text.slice(at, start), newText);
    at = end;
  }
  return parts.join('') + text.slice(at);
};
