import Papa from 'papaparse';

import type { ByteSource } from '../../../shared/readers/byte-source.ts';
import { detectEncoding, encodingNote, type Encoding } from './encoding.ts';
import type { Cell, Table, TableColumn } from '../../../shared/readers/table.ts';

/** How much is read at once (bytes). */
export interface BlockSizes {
  /** Enough for the first rows. */
  readonly first: number;
  readonly later: number;
  /** A row that is longer is none: a quote was not closed. */
  readonly largest: number;
}

const usualSizes: BlockSizes = { first: 256 * 1024, later: 1024 * 1024, largest: 8 * 1024 * 1024 };
/** Blocks whose rows are kept. */
const mostKept = 6;
/** Rows before the last known one that lead to more being read. */
const margin = 200;

type TextEncoding = Extract<Encoding, { kind: 'text' }>;

interface Dialect {
  readonly encoding: TextEncoding;
  readonly delimiter: string;
  readonly newline: string;
}

interface Block {
  /** Of its first byte, and of the first after it. */
  readonly start: number;
  readonly end: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

type Rows = readonly (readonly string[])[];

/** Undefined for what is no text. */
export const openCsv = async (source: ByteSource, name: string, sizes = usualSizes): Promise<Table | undefined> => {
  const head = await source.read(0, usualSizes.first);
  const encoding = detectEncoding(head);
  if (encoding.kind === 'binary') return undefined;
  const table = new CsvTable(source, dialectOf(head, encoding, name), sizes);
  await table.begin();
  return table;
};

const dialectOf = (head: Uint8Array, encoding: TextEncoding, name: string): Dialect => {
  const text = toCharacters(head.subarray(encoding.markLength, 65_536), encoding);
  const newline = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  if (/\.tsv$/i.test(name)) return { encoding, newline, delimiter: '\t' };
  const { delimiter } = Papa.parse(text, { preview: 20, newline: newline as '\n', delimitersToGuess: [',', ';', '\t', '|'] }).meta;
  return { encoding, newline, delimiter: [',', ';', '\t', '|'].includes(delimiter) ? delimiter : ',' };
};

const isWide = ({ label }: TextEncoding): boolean => label.startsWith('utf-16');

/**
 * As many characters as there are code units, so that places in the text are places in the file: in all but
 * UTF-16 each byte is a character here, since delimiters and quotes are the same bytes in all of them. A
 * cell is decoded when it is shown.
 */
const toCharacters = (bytes: Uint8Array, encoding: TextEncoding): string => {
  if (isWide(encoding)) return new TextDecoder(encoding.label, { ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};

const decodeCell = (cell: string, encoding: TextEncoding): string => {
  if (isWide(encoding) || !/[\x80-\xff]/.test(cell)) return cell;
  return new TextDecoder(encoding.label).decode(Uint8Array.from(cell, (character) => character.charCodeAt(0)));
};

interface Parsed {
  readonly data: Rows;
  readonly meta: { readonly cursor: number };
  readonly errors: readonly { readonly code: string }[];
}

/** A text of any size, read block by block as far as somebody scrolls; where rows begin is remembered. */
class CsvTable implements Table {
  readonly #source: ByteSource;
  readonly #dialect: Dialect;
  readonly #sizes: BlockSizes;
  readonly #blocks: Block[] = [];
  readonly #kept = new Map<Block, Rows>();
  #columns: readonly TableColumn[] = [];
  #hasHeader = false;
  #isWhole = false;
  #problem: string | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(source: ByteSource, dialect: Dialect, sizes: BlockSizes) {
    this.#source = source;
    this.#dialect = dialect;
    this.#sizes = sizes;
  }

  get columns(): readonly TableColumn[] {
    return this.#columns;
  }

  get rowCount(): number {
    return Math.max(0, this.#lineCount - (this.#hasHeader ? 1 : 0));
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get notes(): readonly string[] {
    return [encodingNote(this.#dialect.encoding), this.#problem].filter((note) => note !== undefined);
  }

  async begin(signal?: AbortSignal): Promise<void> {
    await this.#readNext(signal);
    const [first = [], ...others] = [...this.#kept.values()][0] ?? [];
    const width = Math.max(first.length, ...others.slice(0, 1000).map((row) => row.length));
    this.#hasHeader = !(first.length > 0 && first.every((cell) => cell !== '' && Number.isFinite(Number(cell))));
    const nameAt = (index: number): string => (this.#hasHeader ? this.#decode(first[index] ?? '') : `column ${index + 1}`);
    this.#columns = Array.from({ length: width }, (_, index) => ({ name: nameAt(index) }));
  }

  async rows(start: number, end: number, signal?: AbortSignal): Promise<readonly (readonly Cell[])[]> {
    const mine = this.#reading.then(() => this.#readUntil(end + margin, signal));
    // The next one goes on where this one has failed or was given up.
    this.#reading = mine.catch(() => undefined);
    await mine;
    const skipped = this.#hasHeader ? 1 : 0;
    return await this.#lines(start + skipped, Math.min(end, this.rowCount) + skipped, signal);
  }

  get #lineCount(): number {
    const last = this.#blocks.at(-1);
    return last === undefined ? 0 : last.firstRow + last.rowCount;
  }

  async #readUntil(rows: number, signal?: AbortSignal): Promise<void> {
    while (!this.#isWhole && this.rowCount < rows) await this.#readNext(signal);
  }

  async #readNext(signal?: AbortSignal): Promise<void> {
    const start = this.#blocks.at(-1)?.end ?? this.#dialect.encoding.markLength;
    for (let length = this.#blocks.length === 0 ? this.#sizes.first : this.#sizes.later; ; length *= 4) {
      const bytes = await this.#source.read(start, start + length, signal);
      const isLast = bytes.length < length || start + bytes.length === this.#source.size;
      const parsed = this.#parse(bytes, !isLast);
      if (parsed.data.length === 0 && !isLast && length < this.#sizes.largest) continue;
      return this.#add(start, parsed, isLast);
    }
  }

  #parse(bytes: Uint8Array, ignoreLastRow: boolean): Parsed {
    const { encoding, delimiter, newline } = this.#dialect;
    const parser = new Papa.Parser({ delimiter, newline: newline as '\n' });
    return parser.parse(toCharacters(bytes, encoding), 0, ignoreLastRow) as Parsed;
  }

  #add(start: number, { data, meta, errors }: Parsed, isLast: boolean): void {
    const hasEmptyEnd = isLast && data.at(-1)?.length === 1 && data.at(-1)?.[0] === '';
    const rows = hasEmptyEnd ? data.slice(0, -1) : data;
    const perCharacter = isWide(this.#dialect.encoding) ? 2 : 1;
    const block = { start, end: start + meta.cursor * perCharacter, firstRow: this.#lineCount, rowCount: rows.length };
    this.#isWhole = isLast || rows.length === 0;
    if (!isLast && rows.length === 0) this.#problem = `After row ${this.rowCount} a text begins whose quote does not end within 8 MB: the rest is not shown.`;
    else if (errors.some(({ code }) => code === 'MissingQuotes')) this.#problem = 'The last row has a quote that is not closed.';
    this.#blocks.push(block);
    this.#keep(block, rows);
  }

  #keep(block: Block, rows: Rows): void {
    this.#kept.delete(block);
    this.#kept.set(block, rows);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #lines(start: number, end: number, signal?: AbortSignal): Promise<readonly (readonly Cell[])[]> {
    const lines: (readonly Cell[])[] = [];
    for (const block of this.#blocks) {
      if (block.firstRow + block.rowCount <= start || block.firstRow >= end) continue;
      const rows = this.#kept.get(block) ?? (await this.#readAgain(block, signal));
      this.#keep(block, rows);
      for (const row of rows.slice(Math.max(0, start - block.firstRow), end - block.firstRow)) lines.push(row.map((cell) => this.#decode(cell)));
    }
    return lines;
  }

  async #readAgain({ start, end, rowCount }: Block, signal?: AbortSignal): Promise<Rows> {
    return this.#parse(await this.#source.read(start, end, signal), false).data.slice(0, rowCount);
  }

  /** Lines may end in both ways within one file. */
  #decode(cell: string): string {
    return decodeCell(cell.endsWith('\r') ? cell.slice(0, -1) : cell, this.#dialect.encoding);
  }
}
