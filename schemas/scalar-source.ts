import type { Span, YamlScalar } from './yaml-tree.ts';

/** The characters of a scalar, each with the place in the file that it was written at. */
export interface DecodedScalar {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where the content ends in the file. */
  readonly end: number;
}

/** Where a part of a scalar's text is written in the file: the whole scalar when that cannot be told. */
export const spanInSource = (scalar: YamlScalar, decoded: DecodedScalar | undefined, start: number, end: number): Span => {
  if (decoded === undefined) return { start: scalar.start, end: scalar.end };
  const from = decoded.starts[start] ?? decoded.end;
  return { start: from, end: end > start ? (decoded.ends[end - 1] ?? decoded.end) : from };
};

/** The same for many parts. Of most scalars each character stands for itself: nothing is kept of those. */
export const spansInSource = (file: string, scalar: YamlScalar): ((part: Span) => Span) => {
  const { style, text, start: offset, end } = scalar;
  if (style === 'plain' && end - offset === text.length && file.startsWith(text, offset)) {
    return (part) => ({ start: Math.min(offset + part.start, end), end: Math.min(offset + Math.max(part.start, part.end), end) });
  }
  const decoded = decodeScalar(file, scalar);
  return (part) => spanInSource(scalar, decoded, part.start, part.end);
};

/** Undefined when the scalar is written in a way that this cannot follow. */
export const decodeScalar = (file: string, scalar: YamlScalar): DecodedScalar | undefined => {
  const decoded = decoders[scalar.style](file, scalar);
  return decoded.text === scalar.text ? decoded : undefined;
};

/** The value of a scalar that is no block, from its source alone. */
export const decodeFlowScalar = (file: string, span: Span): string => {
  if (file[span.start] === '"') return doubleQuoted(file, span).text;
  return (file[span.start] === "'" ? singleQuoted(file, span) : plain(file, span)).text;
};

class Decoding {
  /** UTF-16 units; a text that grows would be copied whenever its end is looked at. */
  readonly #units: string[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  get length(): number {
    return this.#units.length;
  }

  /** Characters that are written in another way, at a place of the file. */
  add(characters: string, start: number, end: number): void {
    for (let index = 0; index < characters.length; index += 1) {
      this.#units.push(characters.charAt(index));
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  /** Characters that stand for themselves. */
  copy(file: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      this.#units.push(file.charAt(at));
      this.starts.push(at);
      this.ends.push(at + 1);
    }
  }

  cutTo(length: number): void {
    this.#units.length = length;
    this.starts.length = length;
    this.ends.length = length;
  }

  /** The length without these characters at the end. */
  lengthWithout(characters: string): number {
    let length = this.#units.length;
    while (length > 0 && characters.includes(this.#units[length - 1] ?? '')) length -= 1;
    return length;
  }

  /** Takes back the white space at the end, down to a length that was protected by an escape. */
  trimEnd(protectedLength: number): void {
    this.cutTo(Math.max(protectedLength, this.lengthWithout(' \t')));
  }

  finish(end: number): DecodedScalar {
    return { text: this.#units.join(''), starts: this.starts, ends: this.ends, end };
  }
}

/** White space around line breaks: one break is a space, more are one less. Returns the offset behind it. */
const fold = (decoding: Decoding, file: string, at: number, end: number, protectedLength: number): number => {
  decoding.trimEnd(protectedLength);
  let breaks = 0;
  let next = at;
  while (next < end && /[ \t\r\n]/.test(file.charAt(next))) {
    if (file[next] === '\n') breaks += 1;
    next += 1;
  }
  decoding.add(breaks === 1 ? ' ' : '\n'.repeat(Math.max(0, breaks - 1)), at, next);
  return next;
};

const isBreak = (file: string, at: number): boolean => file[at] === '\n' || (file[at] === '\r' && file[at + 1] === '\n');

const plain = (file: string, { start, end }: Span): DecodedScalar => {
  const decoding = new Decoding();
  for (let at = start; at < end;) {
    if (isBreak(file, at)) {
      at = fold(decoding, file, at, end, 0);
      continue;
    }
    decoding.copy(file, at, at + 1);
    at += 1;
  }
  return decoding.finish(end);
};

const singleQuoted = (file: string, { start, end }: Span): DecodedScalar => {
  const decoding = new Decoding();
  for (let at = start + 1; at < end - 1;) {
    if (isBreak(file, at)) {
      at = fold(decoding, file, at, end - 1, 0);
    } else if (file[at] === "'") {
      decoding.add("'", at, at + 2);
      at += 2;
    } else {
      decoding.copy(file, at, at + 1);
      at += 1;
    }
  }
  return decoding.finish(end - 1);
};

const doubleQuoted = (file: string, { start, end }: Span): DecodedScalar => {
  const decoding = new Decoding();
  let protectedLength = 0;
  for (let at = start + 1; at < end - 1;) {
    if (isBreak(file, at)) {
      at = fold(decoding, file, at, end - 1, protectedLength);
    } else if (file[at] === '\\') {
      at = escape(decoding, file, at);
      protectedLength = decoding.length;
    } else {
      decoding.copy(file, at, at + 1);
      at += 1;
    }
  }
  return decoding.finish(end - 1);
};

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ 0: '\0', a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029' }),
);

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Reads a backslash and what belongs to it; returns the offset behind. A line break after a backslash is no space. */
const escape = (decoding: Decoding, file: string, at: number): number => {
  const letter = file.charAt(at + 1);
  if (letter === '\n' || letter === '\r') {
    const next = /\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;
    next.lastIndex = at + 1;
    const breaks = next.exec(file)?.[0] ?? '';
    decoding.add('\n'.repeat(Math.max(0, breaks.split('\n').length - 2)), at, at + 1 + breaks.length);
    return at + 1 + breaks.length;
  }
  const length = hexDigits.get(letter);
  if (length === undefined) {
    decoding.add(escapes.get(letter) ?? letter, at, at + 2);
    return at + 2;
  }
  const digits = file.slice(at + 2, at + 2 + length);
  const code = /^[\da-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Infinity;
  decoding.add(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', at, at + 2 + length);
  return at + 2 + length;
};

interface BlockLine {
  readonly start: number;
  /** Behind the indentation; at the line's end for a line of fewer spaces. */
  readonly content: number;
  readonly end: number;
}

const blockLines = (file: string, { start, end }: Span): { header: string; lines: readonly BlockLine[] } => {
  const firstBreak = file.indexOf('\n', start);
  if (firstBreak < 0 || firstBreak >= end) return { header: file.slice(start, end), lines: [] };
  const header = file.slice(start, firstBreak);
  const raw: { start: number; end: number }[] = [];
  for (let at = firstBreak + 1; at < end;) {
    const lineFeed = file.indexOf('\n', at);
    const stop = lineFeed < 0 || lineFeed >= end ? end : lineFeed;
    raw.push({ start: at, end: file[stop - 1] === '\r' && stop > at ? stop - 1 : stop });
    at = stop + 1;
  }
  const indent = indentOf(file, raw);
  return { header, lines: raw.map((line) => ({ ...line, content: Math.min(line.start + indent, line.end) })) };
};

const leadingSpaces = (file: string, line: Span): number => /^ */.exec(file.slice(line.start, line.end))?.[0].length ?? 0;

const indentOf = (file: string, lines: readonly Span[]): number => {
  const first = lines.find((line) => file.slice(line.start, line.end).trim() !== '');
  return first === undefined ? 0 : leadingSpaces(file, first);
};

const literal = (file: string, span: Span): DecodedScalar => {
  const { header, lines } = blockLines(file, span);
  const decoding = new Decoding();
  for (const line of lines) {
    decoding.copy(file, line.content, line.end);
    if (line.end < file.length) decoding.add('\n', line.end, line.end + 1);
  }
  return chomp(decoding, header, span.end);
};

/** Lines are joined by spaces, except around empty lines and lines that are indented more. */
const folded = (file: string, span: Span): DecodedScalar => {
  const { header, lines } = blockLines(file, span);
  const decoding = new Decoding();
  let pendingBreaks = 0;
  let before: 'none' | 'text' | 'indented' = 'none';
  let breakAt = span.start;
  for (const line of lines) {
    if (line.content === line.end) {
      pendingBreaks += 1;
      breakAt = line.end;
      continue;
    }
    const kind = /[ \t]/.test(file.charAt(line.content)) ? 'indented' : 'text';
    const isJoined = before === 'text' && kind === 'text';
    decoding.add(joint(before, isJoined, pendingBreaks), breakAt, line.content);
    decoding.copy(file, line.content, line.end);
    before = kind;
    pendingBreaks = 1;
    breakAt = line.end;
  }
  const endsInBreak = pendingBreaks > 1 || breakAt < file.length;
  decoding.add('\n'.repeat(endsInBreak ? pendingBreaks : 0), breakAt, span.end);
  return chomp(decoding, header, span.end);
};

const joint = (before: 'none' | 'text' | 'indented', isJoined: boolean, breaks: number): string => {
  if (before === 'none') return '\n'.repeat(breaks);
  if (!isJoined) return '\n'.repeat(breaks);
  return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
};

/** `-` drops the breaks at the end, `+` keeps them, otherwise one is kept. */
const chomp = (decoding: Decoding, header: string, end: number): DecodedScalar => {
  const content = decoding.lengthWithout('\n');
  const indicator = /^[|>]\d*([-+]?)/.exec(header)?.[1];
  const kept = indicator === '-' || content === 0 ? content : Math.min(content + 1, decoding.length);
  if (indicator !== '+') decoding.cutTo(kept);
  return decoding.finish(end);
};

const decoders = { plain, 'single-quoted': singleQuoted, 'double-quoted': doubleQuoted, literal, folded } as const;
