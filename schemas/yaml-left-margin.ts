/**
 * PyYAML reads quoted scalars and brackets that go on at the left margin; YAML 1.2, and so the parser, does not.
 * Put on one line, of the same length, they are read by both.
 */

/** `text` with what starts at `start` on one line; undefined when it never ends or is on one line already. */
export const joinedAt = (text: string, start: number): string | undefined => {
  const end = '[{'.includes(text.charAt(start)) ? endOfBrackets(text, start) : endOfQuotes(text, start);
  const part = end === undefined ? '' : text.slice(start, end);
  if (end === undefined || !/[\r\n]/.test(part)) return undefined;
  return text.slice(0, start) + withoutComments(part).replaceAll(/[\r\n]/g, ' ') + text.slice(end);
};

/** The offset behind the quote that closes the one at `start`. */
export const endOfQuotes = (text: string, start: number): number | undefined => {
  const pattern = text[start] === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'(?!')/y;
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

const partsOfBrackets = /(?<=[\s,:[\]{}])(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|#.*)|[[\]{}]/g;

const endOfBrackets = (text: string, start: number): number | undefined => {
  let depth = 0;
  for (const { 0: part, index } of text.slice(start).matchAll(partsOfBrackets)) {
    if (part === '[' || part === '{') depth += 1;
    if (part === ']' || part === '}') depth -= 1;
    if (depth === 0) return start + index + 1;
  }
  return undefined;
};

const withoutComments = (part: string): string => part.replaceAll(partsOfBrackets, (found) => (found.startsWith('#') ? ' '.repeat(found.length) : found));
