import type { ScalarStyle, Span } from '../schemas/yaml-tree.ts';
import { locateInFlow } from './flow-cursor.ts';
import { insideQuotes } from './quoted-cursor.ts';
import { ancestorsOf, lineAt, maxLineLength, siblingKeys, type Opener } from './lines.ts';
import type { Path } from './path.ts';

/**
 * Where the cursor stands in a text that may not parse, judged by indentation and by the brackets and quotes around
 * it. Completion asks this and never waits for a parser.
 */
export interface Cursor {
  /** `key`: a key, or the first word of a line that may become one. `value`: behind a colon. `item`: behind a dash or in `[ ]`. */
  readonly role: 'key' | 'value' | 'item';
  /** Of the mapping for a key; otherwise of the value or item itself. */
  readonly path: Path;
  /** What completion replaces: the key, or the whole of a scalar's line. */
  readonly word: Span;
  /** For a key: those that its mapping has already. */
  readonly siblings: ReadonlySet<string>;
  /** For a key: whether a colon follows. */
  readonly hasColon: boolean;
  readonly isFlow: boolean;
  /** The scalar that the cursor is inside of or would start. */
  readonly scalar: { readonly style: ScalarStyle; readonly start: number };
}

export const cursorAt = (text: string, offset: number): Cursor | undefined => {
  const line = lineAt(text, offset);
  if (line.end - line.start > maxLineLength) return undefined;
  const ancestors = ancestorsOf(text, line, offset);
  const open = ancestors.findIndex((ancestor) => holdsCursor(text, ancestor, line));
  const opener = ancestors[open];
  if (opener === undefined) return atLineStart(text, line, ancestors, offset);
  return insideValue(text, pathOf(ancestors.slice(0, open + 1)), opener, offset);
};

const pathOf = (ancestors: readonly Opener[]): Path => ancestors.map(({ step }) => step);

/** Whether the cursor is in a value that starts on the opener's line. Behind a dash a key may follow: that is no value yet. */
const holdsCursor = (text: string, { kind, line, valueStart }: Opener, cursorLine: Span): boolean => {
  if (line !== cursorLine.start) return valueStart !== undefined;
  return kind === 'key' || (valueStart !== undefined && '[{"\'|>'.includes(text.charAt(valueStart)));
};

const insideValue = (text: string, path: Path, opener: Opener, offset: number): Cursor | undefined => {
  const start = opener.valueStart ?? offset;
  const role = opener.kind === 'item' ? 'item' : 'value';
  const first = start <= offset ? text.charAt(start) : '';
  if (first === '{' || first === '[') return locateInFlow(text, start, offset, path);
  const inBlock = { role, path, siblings: new Set<string>(), hasColon: false, isFlow: false } as const;
  if (first === '"' || first === "'") return insideQuotes(text, start, offset, inBlock);
  if ((first === '|' || first === '>') && text.slice(start, offset).includes('\n')) {
    return { ...inBlock, word: wordAt(text, offset), scalar: { style: first === '|' ? 'literal' : 'folded', start } };
  }
  const valueStart = Math.min(start, offset);
  if (/(?:^|\s)#/.test(text.slice(valueStart, offset))) return undefined;
  return { ...inBlock, word: { start: valueStart, end: plainEnd(text, offset) }, scalar: { style: 'plain', start: valueStart } };
};

/** The cursor is in the first word of its line, or the line is empty. */
const atLineStart = (text: string, line: Span, ancestors: readonly Opener[], offset: number): Cursor | undefined => {
  const last = ancestors.at(-1);
  const isBehindDash = last?.kind === 'item' && last.line === line.start;
  const from = isBehindDash ? last.contentStart : line.start;
  const start = from + (/^ */.exec(text.slice(from, offset))?.[0].length ?? 0);
  const rest = text.slice(start, line.end);
  if (/(?:^|\s)#|:$/.test(text.slice(line.start, offset)) || rest.startsWith('\t')) return undefined;
  const key = /^(?:"[^"]*"?|'[^']*'?|[^:#]*(?::(?=\S)[^:#]*)*)/.exec(rest)?.[0].trimEnd() ?? '';
  const end = Math.max(offset, start + key.length);
  const hasColon = /^\s*:(?:\s|$)/.test(text.slice(end, line.end));
  return {
    role: isBehindDash && !hasColon ? 'item' : 'key',
    path: pathOf(ancestors),
    word: { start, end },
    siblings: siblingKeys(text, line, start - line.start),
    hasColon,
    isFlow: false,
    scalar: { style: 'plain', start },
  };
};

const plainEnd = (text: string, offset: number): number => {
  const rest = text.slice(offset, lineAt(text, offset).end);
  return offset + rest.replace(/(?:^|\s)#.*/, '').trimEnd().length;
};

const wordAt = (text: string, offset: number): Span => {
  const line = lineAt(text, offset);
  const before = /\S*$/.exec(text.slice(line.start, offset))?.[0].length ?? 0;
  const after = /^\S*/.exec(text.slice(offset, line.end))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
};
