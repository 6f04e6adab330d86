import type { ColumnMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { DataReader, PageHeader } from 'hyparquet/src/types.js';

import { concatenate, type ByteSource } from './byte-source.ts';

/** The first pages of a column chunk, each of them whole. */
export interface ChunkPages {
  readonly chunk: ColumnMetaData;
  /** Of the first byte, in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the chunk has no more pages. */
  readonly isWhole: boolean;
}

interface Wanted {
  /** Rows from the chunk's beginning. */
  readonly rows: number;
  /** Bytes that may have them. */
  readonly guess: number;
  readonly rowsInGroup: number;
  /** A list's values are counted, not its rows: how many more to read than the average says. */
  readonly generosity: number;
  readonly signal: AbortSignal | undefined;
}

/** The header of the next page is read along (bytes). */
const headerRoom = 16 * 1024;

/** Reads on until the pages have as many values as the wanted rows should have. */
export const readPages = async (source: ByteSource, chunk: ColumnMetaData, wanted: Wanted): Promise<ChunkPages> => {
  const offset = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const total = Number(chunk.total_compressed_size);
  const values = Math.ceil((Number(chunk.num_values) / Math.max(1, wanted.rowsInGroup)) * wanted.rows * wanted.generosity);
  let bytes = await source.read(offset, offset + Math.min(wanted.guess, total), wanted.signal);
  for (;;) {
    const found = findPages(bytes, values);
    if (bytes.length >= total) return { chunk, offset, bytes, isWhole: true };
    if (found.values >= values) return { chunk, offset, bytes: bytes.subarray(0, found.end), isWhole: false };
    const next = Math.min(total, Math.ceil(Math.max(found.next + headerRoom, bytes.length * 1.25)));
    const more = await source.read(offset + bytes.length, offset + next, wanted.signal);
    if (more.length === 0) throw new Error('The file is cut off: its columns end before its list of them says so.');
    bytes = concatenate([bytes, more]);
  }
};

interface FoundPages {
  /** After the last page that is whole. */
  readonly end: number;
  /** Where the page ends that is not; 0 when its header is cut too. */
  readonly next: number;
  readonly values: number;
}

const findPages = (bytes: Uint8Array<ArrayBuffer>, wanted: number): FoundPages => {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let [end, values] = [0, 0];
  while (values < wanted && reader.offset < bytes.length) {
    const header = readHeader(reader);
    if (header === undefined) return { end, next: 0, values };
    const next = reader.offset + header.compressed_page_size;
    if (header.compressed_page_size < 0) throw new Error('A page of this parquet file has a negative size');
    if (next > bytes.length) return { end, next, values };
    values += header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    reader.offset = next;
    end = next;
  }
  return { end, next: 0, values };
};

/** Undefined when it is cut: it reads beyond the end, or says that a text of it would. */
const readHeader = (reader: DataReader): PageHeader | undefined => {
  const isNearEnd = reader.view.byteLength - reader.offset < headerRoom;
  try {
    return parquetHeader(reader);
  } catch (error) {
    if (isNearEnd || error instanceof RangeError) return undefined;
    throw error;
  }
};
