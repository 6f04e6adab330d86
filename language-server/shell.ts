import type { Span } from '../schemas/yaml-tree.ts';

/** One word of a shell command; offsets are those of the command's text. */
export interface ShellWord extends Span {
  /** Without its quotes. */
  readonly text: string;
  /** Holds `$`, a backquote or a glob: what the program gets is known only to the shell. */
  readonly isDynamic: boolean;
}

/** A program with its arguments, up to `;`, `&&`, `|` or the end of the line. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** What ended it: `&&`, `|`, a line break …; undefined at the end of the text. */
  readonly terminator?: string;
}

/** A part of the text inside quotes, the quotes included. */
export interface QuotedSpan extends Span {
  readonly quote: '"' | "'";
}

export interface ShellText {
  readonly commands: readonly ShellCommand[];
  readonly quotes: readonly QuotedSpan[];
}

/** Reads a command line as a POSIX shell splits it, leaving `{placeholders}` as they are. Substitutions are not entered. */
export const readShell = (text: string): ShellText => new ShellReader(text).read();

const operators = /(?:&&|\|\||\|&|;;|[;|&\n])/y;
const redirection = /\d*(?:>>|>\||>&|<<<|<<|<&|<>|&>|>|<)/y;

class ShellReader {
  readonly #text: string;
  readonly #commands: ShellCommand[] = [];
  readonly #quotes: QuotedSpan[] = [];
  #words: ShellWord[] = [];
  #isAfterRedirection = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ShellText {
    let at = 0;
    while (at < this.#text.length) at = this.#step(at);
    this.#endCommand(undefined);
    return { commands: this.#commands, quotes: this.#quotes };
  }

  #step(at: number): number {
    const blank = this.#match(/[ \t\r]+|\\\n/y, at);
    if (blank !== undefined) return at + blank.length;
    const comment = this.#match(/#.*/y, at);
    if (comment !== undefined) return at + comment.length;
    const redirected = this.#match(redirection, at);
    if (redirected !== undefined) {
      this.#isAfterRedirection = true;
      return at + redirected.length;
    }
    const operator = this.#match(operators, at);
    if (operator === undefined) return this.#word(at);
    this.#endCommand(operator);
    return at + operator.length;
  }

  #endCommand(terminator: string | undefined): void {
    if (this.#words.length > 0) this.#commands.push({ words: this.#words, ...(terminator === undefined ? {} : { terminator }) });
    this.#words = [];
    this.#isAfterRedirection = false;
  }

  #word(start: number): number {
    let at = start;
    let text = '';
    let isDynamic = false;
    while (at < this.#text.length) {
      const part = this.#part(at);
      if (part === undefined) break;
      text += part.text;
      isDynamic ||= part.isDynamic;
      at = part.end;
    }
    const end = Math.max(at, start + 1);
    if (!this.#isAfterRedirection) this.#words.push({ start, end, text, isDynamic });
    this.#isAfterRedirection = false;
    return end;
  }

  /** The next piece of a word; undefined where the word ends. */
  #part(at: number): { text: string; isDynamic: boolean; end: number } | undefined {
    const plain = this.#match(/[^\s;|&<>'"\\`$]+/y, at);
    if (plain !== undefined) return { text: plain, isDynamic: /[*?[~]/.test(plain), end: at + plain.length };
    const character = this.#text.charAt(at);
    const substitution = this.#substitution(at);
    if (substitution !== undefined) return { text: this.#text.slice(at, substitution), isDynamic: true, end: substitution };
    if (character === "'" || character === '"') return this.#quoted(at, character);
    if (character === '\\') return { text: this.#text.charAt(at + 1), isDynamic: false, end: Math.min(at + 2, this.#text.length) };
    if (character !== '$') return undefined;
    return { text: character, isDynamic: true, end: at + 1 };
  }

  #quoted(start: number, quote: '"' | "'"): { text: string; isDynamic: boolean; end: number } {
    const pattern = quote === "'" ? /'[^']*'?/y : /"(?:[^"\\]|\\[\s\S])*"?/y;
    const found = this.#match(pattern, start) ?? quote;
    this.#quotes.push({ quote, start, end: start + found.length });
    const inner = found.slice(1, found.length > 1 && found.endsWith(quote) ? -1 : undefined);
    return { text: quote === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner, isDynamic: quote === '"' && /[$`]/.test(inner), end: start + found.length };
  }

  /** The end of `$(…)` or of a text in backquotes. */
  #substitution(at: number): number | undefined {
    if (this.#text[at] === '`') return at + (this.#match(/`[^`]*`?/y, at)?.length ?? 1);
    if (!this.#text.startsWith('$(', at)) return undefined;
    let depth = 0;
    for (let end = at + 1; end < this.#text.length; end += 1) {
      if (this.#text[end] === '(') depth += 1;
      if (this.#text[end] === ')') depth -= 1;
      if (depth === 0) return end + 1;
    }
    return this.#text.length;
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }
}
