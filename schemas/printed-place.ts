/** A place in a source file that a program has printed. */
export interface PrintedPlace {
  /** Offset in the text, and how many characters name the place. */
  readonly start: number;
  readonly length: number;
  /** As printed: absolute, or relative to where the program ran. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** A frame of a Python traceback; `<stdin>`, `<string>` and the like are no files. */
const frame = /\bFile "(?!<)([^"\r\n]{1,1000})", line (\d{1,7})\b/g;

export const printedPlaces = (text: string): readonly PrintedPlace[] =>
  [...text.matchAll(frame)].map(({ index, 0: whole, 1: file = '', 2: line = '1' }) => ({ start: index, length: whole.length, file, line: Number(line) }));
