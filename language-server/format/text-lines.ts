/** A line of a text, without what ends it. */
export interface TextLine {
  readonly start: number;
  readonly end: number;
  /** Where its first character that is not a space stands; `end` for a line of spaces. */
  readonly content: number;
}

/** The lines of a text that ends them with LF or CRLF. A byte order mark counts to no line. */
export class TextLines {
  readonly all: readonly TextLine[];
  readonly #starts: readonly number[];

  constructor(text: string) {
    const lines: TextLine[] = [];
    for (let start = text.startsWith('\ufeff') ? 1 : 0; start <= text.length;) {
      const lineBreak = text.indexOf('\n', start);
      const stop = lineBreak < 0 ? text.length : lineBreak;
      const end = stop > start && text[stop - 1] === '\r' ? stop - 1 : stop;
      lines.push({ start, end, content: contentOf(text, start, end) });
      start = stop + 1;
    }
    this.all = lines;
    this.#starts = lines.map(({ start }) => start);
  }

  /** The index of the line that holds an offset. */
  indexAt(offset: number): number {
    let low = 0;
    for (let high = this.#starts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Characters before an offset in its line. */
  columnAt(offset: number): number {
    return offset - (this.#starts[this.indexAt(offset)] ?? 0);
  }
}

const contentOf = (text: string, start: number, end: number): number => {
  let offset = start;
  while (offset < end && text[offset] === ' ') offset += 1;
  return offset;
};
