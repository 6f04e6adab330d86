import type { Span } from '../schemas/yaml-tree.ts';
import type { PathStep } from './path.ts';

/** A line that is longer than this is data: nothing is completed in it. */
export const maxLineLength = 10_000;

/** What opens a level of a block: a key with its colon, or a dash. */
export interface Opener {
  readonly kind: 'key' | 'item';
  readonly step: PathStep;
  readonly column: number;
  /** Offset of the start of its line. */
  readonly line: number;
  /** Behind the colon or dash and its space; a colon at the end of a line has none. */
  readonly contentStart: number;
  /** Where its value starts on the same line, tag and anchor left out; undefined when nothing stands there. */
  readonly valueStart?: number;
}

export const lineAt = (text: string, offset: number): Span => {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const lineFeed = text.indexOf('\n', offset);
  const end = lineFeed < 0 ? text.length : lineFeed;
  return { start, end: text[end - 1] === '\r' && end > offset ? end - 1 : end };
};

/** An offset below zero would be taken for the first one, and a text that starts with a line break would have no first line. */
const startOfLineBefore = (text: string, start: number): number => (start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1);

/** The keys and dashes that the cursor is below or behind of, outermost first. */
export const ancestorsOf = (text: string, line: Span, offset: number): readonly Opener[] => {
  const own = openersOf(text, line);
  const ancestors = own.filter(({ contentStart }) => contentStart <= offset);
  let limit = own[0]?.column ?? columnOfWord(text, line, offset);
  let isItem = own[0]?.kind === 'item';
  let itemsBefore = 0;
  const prepend = (openers: readonly Opener[]): void => {
    ancestors.unshift(...openers);
    limit = openers[0]?.column ?? limit;
    isItem = openers[0]?.kind === 'item';
    itemsBefore = 0;
  };
  const finishItem = (): void => {
    const [first] = ancestors;
    if (isItem && first !== undefined) ancestors[0] = { ...first, step: itemsBefore };
  };
  for (let start = line.start; start > 0 && (limit > 0 || isItem);) {
    start = startOfLineBefore(text, start);
    const column = columnOfText(text, start);
    if (column === undefined || column > limit) continue;
    const openers = openersOf(text, lineAt(text, start));
    if (isItem && column === limit && openers[0]?.kind === 'item') {
      itemsBefore += 1;
      continue;
    }
    const parents = openers.filter((opener) => opener.column < limit || (isItem && opener.kind === 'key' && opener.column === limit));
    if (parents.length === 0) continue;
    finishItem();
    prepend(parents);
  }
  finishItem();
  return ancestors;
};

/** The keys of the block that a line belongs to, without the line's own. */
export const siblingKeys = (text: string, line: Span, column: number): ReadonlySet<string> => {
  const keys = new Set<string>();
  const addKeyOf = (start: number): boolean => {
    const indent = columnOfText(text, start);
    if (indent === undefined || indent > column) return true;
    const key = openersOf(text, lineAt(text, start)).find((opener) => opener.kind === 'key' && opener.column === column);
    if (key !== undefined) keys.add(String(key.step));
    return indent === column;
  };
  const startsItem = openersOf(text, line)[0]?.kind === 'item';
  for (let start = line.start; start > 0 && !startsItem;) {
    start = startOfLineBefore(text, start);
    if (!addKeyOf(start)) break;
  }
  for (let start = text.indexOf('\n', line.end) + 1; start > 0; start = text.indexOf('\n', start) + 1) {
    const isNextItem = text.startsWith('- ', start + column);
    if (isNextItem || !(columnOfText(text, start) === undefined || (columnOfText(text, start) ?? 0) >= column)) break;
    addKeyOf(start);
  }
  return keys;
};

/** The column of the first character of a line; undefined when the line is blank or a comment. */
const columnOfText = (text: string, lineStart: number): number | undefined => {
  let at = lineStart;
  while (text[at] === ' ') at += 1;
  const first = text[at];
  return first === undefined || first === '\n' || first === '\r' || first === '#' ? undefined : at - lineStart;
};

/** On an empty line the cursor's own column counts. */
const columnOfWord = (text: string, line: Span, offset: number): number => columnOfText(text, line.start) ?? offset - line.start;

const keyPattern = /(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\n]|'')*)'|((?:[^\s#:'"[\]{},&*!|>%@`?-]|[?:-](?=\S))(?:[^:#\n]|:(?=\S)|(?<=\S)#)*?))[ \t]*:(?=\s|$)/y;
const propertiesPattern = /(?:[&!][^\s]*[ \t]+)*[ \t]*/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** The dashes and the key that a line starts with. The index of an item is known only once its list was counted. */
const openersOf = (text: string, line: Span): readonly Opener[] => {
  if (line.end - line.start > maxLineLength) return [];
  const openers: Opener[] = [];
  let at = line.start + (columnOfText(text, line.start) ?? line.end - line.start);
  while (text[at] === '-' && (at + 1 >= line.end || text[at + 1] === ' ')) {
    openers.push({ kind: 'item', step: 0, column: at - line.start, line: line.start, contentStart: at + 2 });
    at += 1;
    while (text[at] === ' ') at += 1;
  }
  const key = matchAt(keyPattern, text, at);
  if (key === null) return withValueStart(openers, text, line, at);
  const contentStart = at + key[0].length + 1;
  openers.push({ kind: 'key', step: key[1] ?? key[2] ?? key[3] ?? '', column: at - line.start, line: line.start, contentStart });
  return withValueStart(openers, text, line, contentStart);
};

/** Only the last opener of a line has a value on it. */
const withValueStart = (openers: readonly Opener[], text: string, line: Span, from: number): readonly Opener[] => {
  const last = openers.at(-1);
  if (last === undefined || from >= line.end) return openers;
  const valueStart = from + (matchAt(propertiesPattern, text, from)?.[0].length ?? 0);
  const isEmpty = valueStart >= line.end || text[valueStart] === '#' || /^[&!]\S*$/.test(text.slice(valueStart, line.end));
  return isEmpty ? openers : [...openers.slice(0, -1), { ...last, valueStart }];
};
