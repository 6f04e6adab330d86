import type { Cursor } from './cursor.ts';
import { lineAt } from './lines.ts';

export const insideQuotes = (text: string, start: number, offset: number, base: Omit<Cursor, 'word' | 'scalar'>): Cursor | undefined => {
  const end = closingQuote(text, start);
  if (offset <= start || offset >= end) return undefined;
  const isUnclosed = end > text.length;
  const style = text[start] === '"' ? 'double-quoted' : 'single-quoted';
  return { ...base, word: { start: start + 1, end: isUnclosed ? lineAt(text, offset).end : end - 1 }, scalar: { style, start } };
};

/** The offset behind the quote that ends a scalar, or one behind the text when none does. */
export const closingQuote = (text: string, start: number): number => {
  const pattern = text[start] === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'(?!')/y;
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : text.length + 1;
};
