import { closeSync, openSync, readSync } from 'node:fs';

/** Row ids that a page of a table holds, whichever table it is of. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Sizes in bytes, as https://www.sqlite.org/fileformat.html#walformat has them. */
const logHeader = 32;
const frameHeader = 24;
const magicNumbers: ReadonlySet<number> = new Set([0x377f0682, 0x377f0683]);
/** A page with rows of a table: its kind, the number of its cells, and where their places begin. */
const tableLeaf = 0x0d;
const cellCount = 3;
const cellPlaces = 8;
/** Bytes that are looked at for one look: what has written more has touched so much that no hint is worth its time. */
const mostBytes = 4_000_000;

/**
 * Which rows transactions have touched, as the pages tell that they added to a file's write-ahead log: a hint where to look first.
 * The log may be started anew, and pages of other tables count as well: what is not named here may have changed too.
 */
export class WriteAheadLog {
  readonly #path: string;
  /** Of the log that was looked at, which has new ones whenever it is started anew. */
  #salts = '';
  #end = logHeader;

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Since the last look; nothing in other journal modes. */
  touchedRows(): readonly RowRange[] {
    const file = this.#open();
    if (file === undefined) return [];
    try {
      return this.#readFrames(file);
    } finally {
      closeSync(file);
    }
  }

  /** SQLite's locks are on other files: to close this one lets none of them go. */
  #open(): number | undefined {
    try {
      return openSync(this.#path, 'r');
    } catch {
      // Not there, in other journal modes and when nobody has written; or not for us: it is only a hint.
      return undefined;
    }
  }

  #readFrames(file: number): readonly RowRange[] {
    const header = readBytes(file, 0, logHeader);
    if (header.length < logHeader || !magicNumbers.has(header.readUInt32BE(0))) return [];
    const frameSize = frameHeader + header.readUInt32BE(8);
    const salts = header.toString('hex', 16, 24);
    if (salts !== this.#salts) this.#end = logHeader;
    this.#salts = salts;
    const bytes = readBytes(file, this.#end, mostBytes - (mostBytes % frameSize));
    const frames = Array.from({ length: Math.floor(bytes.length / frameSize) }, (_value, index) => bytes.subarray(index * frameSize, (index + 1) * frameSize));
    const ours = frames.slice(
      0,
      countWhile(frames, (frame) => frame.toString('hex', 8, 16) === salts),
    );
    // The last page of a transaction names the size of the file; what follows is not committed yet.
    const committed = ours.slice(0, ours.findLastIndex((frame) => frame.readUInt32BE(4) !== 0) + 1);
    this.#end += committed.length * frameSize;
    return committed.flatMap((frame) => rowsOf(frame.subarray(frameHeader)) ?? []);
  }
}

const readBytes = (file: number, from: number, most: number): Buffer => {
  const buffer = Buffer.allocUnsafe(most);
  return buffer.subarray(0, readSync(file, buffer, 0, most, from));
};

const countWhile = <T>(items: readonly T[], holds: (item: T) => boolean): number => {
  const end = items.findIndex((item) => !holds(item));
  return end < 0 ? items.length : end;
};

const rowsOf = (page: Buffer): RowRange | undefined => {
  const cells = page[0] === tableLeaf ? page.readUInt16BE(cellCount) : 0;
  if (cells === 0) return undefined;
  const [first, last] = [rowIdOf(page, page.readUInt16BE(cellPlaces)), rowIdOf(page, page.readUInt16BE(cellPlaces + 2 * (cells - 1)))];
  return first === undefined || last === undefined ? undefined : { first, last };
};

/** A cell is the length of its payload, then its row id. */
const rowIdOf = (page: Buffer, cell: number): number | undefined => readVarint(page, skipVarint(page, cell));

const skipVarint = (page: Buffer, at: number): number => {
  let end = at;
  while (end < at + 8 && (page[end] ?? 0) >= 0x80) end += 1;
  return end + 1;
};

/** Undefined: a row id beyond those that are counted up. */
const readVarint = (page: Buffer, at: number): number | undefined => {
  let value = 0;
  for (let index = at; index < at + 7; index += 1) {
    const byte = page[index] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return value;
  }
  return undefined;
};
