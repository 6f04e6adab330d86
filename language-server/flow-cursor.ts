import type { Span } from '../schemas/yaml-tree.ts';
import type { Cursor } from './cursor.ts';
import type { Path } from './path.ts';
import { closingQuote, insideQuotes } from './quoted-cursor.ts';

/** An open bracket, and what was read in it so far. */
interface Frame {
  readonly bracket: '{' | '[';
  readonly keys: Set<string>;
  key: string | undefined;
  index: number;
}

/** How far behind the cursor other keys of the same braces are looked for. */
const lookAhead = 5000;

/** Finds the cursor in a flow collection that starts at `start`; undefined when it has ended before. */
export const locateInFlow = (text: string, start: number, offset: number, path: Path): Cursor | undefined => new FlowScanner(text, path).locate(start, offset);

class FlowScanner {
  readonly #text: string;
  readonly #path: Path;
  readonly #frames: Frame[] = [];
  /** The scalar that was read last, until a comma, colon or bracket ends it. */
  #token: Span | undefined;

  constructor(text: string, path: Path) {
    this.#text = text;
    this.#path = path;
  }

  locate(start: number, offset: number): Cursor | undefined {
    let at = start;
    while (at < offset) {
      const next = this.#step(at, offset);
      if (next > offset) return this.#insideToken(at, next, offset);
      at = next;
      if (this.#frames.length === 0) return undefined;
    }
    return this.#atBoundary(offset);
  }

  /** Reads one bracket, mark or scalar and returns the offset behind it. */
  #step(at: number, limit: number): number {
    const character = this.#text.charAt(at);
    switch (character) {
      case '{':
      case '[':
        this.#token = undefined;
        this.#frames.push({ bracket: character, keys: new Set(), key: undefined, index: 0 });
        return at + 1;
      case '}':
      case ']':
        this.#frames.pop();
        this.#token = { start: at, end: at };
        return at + 1;
      case ',':
        this.#endItem();
        return at + 1;
      case '"':
      case "'":
        if (this.#token === undefined) return this.#quoted(at);
        return this.#plain(at);
      case '#':
        return /\s/.test(this.#text.charAt(at - 1)) ? this.#comment(at) : this.#plain(at);
      case ':':
        return this.#isColon(at) ? this.#endKey(at) : this.#plain(at);
      default:
        return /\s/.test(character) ? at + 1 : this.#plain(Math.min(at, limit));
    }
  }

  #endItem(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) {
      if (this.#token !== undefined && frame.key === undefined) frame.keys.add(this.#tokenText());
      frame.index += 1;
      frame.key = undefined;
    }
    this.#token = undefined;
  }

  #endKey(at: number): number {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) {
      frame.key = this.#tokenText();
      frame.keys.add(frame.key);
    }
    this.#token = undefined;
    return at + 1;
  }

  #isColon(at: number): boolean {
    const next = this.#text[at + 1];
    const isQuotedKey = this.#token !== undefined && /["']/.test(this.#text.charAt(this.#token.end - 1));
    return next === undefined || /[\s,[\]{}]/.test(next) || isQuotedKey;
  }

  #quoted(at: number): number {
    const end = closingQuote(this.#text, at);
    this.#token = { start: at, end };
    return end;
  }

  #plain(at: number): number {
    this.#token = { start: this.#token?.start ?? at, end: at + 1 };
    return at + 1;
  }

  #comment(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length + 1 : end;
  }

  #tokenText(): string {
    if (this.#token === undefined) return '';
    const text = this.#text.slice(this.#token.start, this.#token.end);
    return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
  }

  /** The cursor is inside a quoted scalar or a comment. */
  #insideToken(start: number, end: number, offset: number): Cursor | undefined {
    if (this.#text[start] === '#') return undefined;
    const behind = this.#text.slice(end, end + 2);
    return insideQuotes(this.#text, start, offset, this.#base(/^\s*:/.test(behind), offset));
  }

  #atBoundary(offset: number): Cursor {
    const start = this.#token === undefined || this.#token.end < offset ? offset : this.#token.start;
    const rest = /^[^,:#[\]{}\n]*/.exec(this.#text.slice(offset, offset + lookAhead))?.[0].trimEnd() ?? '';
    const end = offset + rest.length;
    const hasColon = /^\s*:(?:\s|$)/.test(this.#text.slice(end, end + 3));
    return { ...this.#base(hasColon, offset), word: { start, end }, scalar: { style: 'plain', start } };
  }

  #base(hasColon: boolean, offset: number): Omit<Cursor, 'word' | 'scalar'> {
    const frame = this.#frames.at(-1);
    const outer = this.#frames.slice(0, -1).map((open) => (open.bracket === '[' ? open.index : (open.key ?? '')));
    const path = [...this.#path, ...outer];
    if (frame?.bracket === '[') return { role: 'item', path: [...path, frame.index], siblings: new Set(), hasColon: false, isFlow: true };
    if (frame?.key !== undefined) return { role: 'value', path: [...path, frame.key], siblings: new Set(), hasColon: false, isFlow: true };
    return { role: 'key', path, siblings: new Set([...(frame?.keys ?? []), ...this.#keysBehind(offset)]), hasColon, isFlow: true };
  }

  /** Keys that follow in the same braces, found without regard to nesting: enough to not offer them again. */
  #keysBehind(offset: number): readonly string[] {
    const [rest = ''] = this.#text.slice(offset, offset + lookAhead).split('}', 1);
    return [...rest.matchAll(/[,{]\s*["']?([^\s"',:{}[\]]+)["']?\s*:/g)].map(([, key = '']) => key);
  }
}
