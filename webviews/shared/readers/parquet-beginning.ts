import { Decompress } from 'fzstd';
import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { ColumnDecoder, CompressionCodec, DataReader, PageHeader } from 'hyparquet/src/types.js';

import { concatenate, type ByteSource } from './byte-source.ts';
import { uncompressBeginning } from './snappy-beginning.ts';

/** A column of a row group. */
export interface ColumnChunk {
  readonly root: SchemaTree;
  readonly field: SchemaTree;
  readonly chunk: ColumnMetaData;
}

/** Bytes of a page that are read at most; a short chunk is read as a whole. */
const mostRoom = 256 * 1024;
const shortChunk = 64 * 1024;
/** Of the beginning of a page, uncompressed (bytes). */
const mostUncompressed = 4 * mostRoom;

interface Codec {
  /** Bytes of a page that are read at least. */
  readonly leastRoom: number;
  uncompress(input: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer>;
}

/** The blocks that are whole, of which a page has some. */
const uncompressZstd = (input: Uint8Array, most: number): Uint8Array<ArrayBuffer> => {
  const blocks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((block) => {
    if (length < most) blocks.push(block);
    length += block.length;
  });
  stream.push(input);
  return concatenate(blocks);
};

/** Codecs of which a beginning can be read. Zstandard's blocks have up to 128 kB. */
const codecs: Readonly<Partial<Record<CompressionCodec, Codec>>> = {
  UNCOMPRESSED: { leastRoom: 16 * 1024, uncompress: (input) => input },
  SNAPPY: { leastRoom: 16 * 1024, uncompress: uncompressBeginning },
  ZSTD: { leastRoom: 136 * 1024, uncompress: uncompressZstd },
};

/**
 * The first values of a column, out of the beginnings of its dictionary and of its first page: writers make each of them 1 MB, and a
 * dictionary has its values in the order in which the rows have them. Undefined when that is not enough, or not how the column is
 * written: who then reads whole pages also learns what is wrong with them.
 */
export const readBeginning = async (
  source: ByteSource,
  column: ColumnChunk,
  wanted: { readonly rows: number; readonly signal: AbortSignal | undefined },
): Promise<readonly unknown[] | undefined> => {
  const { chunk } = column;
  const length = Number(chunk.total_compressed_size);
  const room = (codecs[chunk.codec]?.leastRoom ?? Infinity) + Math.ceil((length / Math.max(1, Number(chunk.num_values))) * wanted.rows * 2);
  if (!isFlat(column.field) || length <= shortChunk || !(room <= mostRoom)) return undefined;
  const data = Number(chunk.data_page_offset);
  const dictionary = Number(chunk.dictionary_page_offset || data);
  const read = async (start: number, end: number) => await source.read(start, Math.min(start + room, end), wanted.signal);
  const [dictionaryBytes, dataBytes] = await Promise.all([read(dictionary, data), read(data, dictionary + length)]);
  try {
    return decode(column, wanted.rows, { dictionaryBytes, dataBytes });
  } catch {
    return undefined;
  }
};

const isFlat = ({ children, element }: SchemaTree): boolean => children.length === 0 && element.repetition_type !== 'REPEATED';

interface Beginnings {
  /** Empty when there is no dictionary. */
  readonly dictionaryBytes: Uint8Array<ArrayBuffer>;
  readonly dataBytes: Uint8Array<ArrayBuffer>;
}

const decode = (column: ColumnChunk, count: number, { dictionaryBytes, dataBytes }: Beginnings): readonly unknown[] | undefined => {
  const { header, reader } = openPage(dataBytes, column.chunk);
  const { num_values: values = 0, encoding } = header.data_page_header ?? {};
  if (header.type !== 'DATA_PAGE' || values < count) return undefined;
  const isThere = readLevels(reader, column, count);
  const present = isThere.filter(Boolean).length;
  if (encoding === 'PLAIN') return spread(isThere, convert(readPlainValues(reader, column, present), decoderOf(column)));
  if (encoding !== 'RLE_DICTIONARY' && encoding !== 'PLAIN_DICTIONARY') return undefined;
  const indexes = readHybrid(reader, reader.view.getUint8(reader.offset++), present, 0);
  const most = indexes.reduce((highest, index) => Math.max(highest, index + 1), 0);
  const dictionaryPage = openPage(dictionaryBytes, column.chunk);
  if (dictionaryPage.header.type !== 'DICTIONARY_PAGE') return undefined;
  const dictionary = convert(readPlainValues(dictionaryPage.reader, column, most), decoderOf(column));
  return spread(
    isThere,
    indexes.map((index): unknown => dictionary[index]),
  );
};

interface OpenPage {
  readonly header: PageHeader;
  readonly reader: DataReader;
}

/** The readers of hyparquet throw where a buffer ends, so that none may be longer than what is known. */
const openPage = (bytes: Uint8Array<ArrayBuffer>, { codec }: ColumnMetaData): OpenPage => {
  const reader = readerOf(bytes);
  const header = parquetHeader(reader);
  const content = bytes.slice(reader.offset, reader.offset + header.compressed_page_size);
  const uncompressed = codecs[codec]?.uncompress(content, Math.min(mostUncompressed, header.uncompressed_page_size)) ?? content;
  return { header, reader: readerOf(uncompressed) };
};

const readerOf = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): DataReader => ({
  view: new DataView(buffer, byteOffset, byteLength),
  offset: 0,
});

/** Of each row whether it has a value. */
const readLevels = (reader: DataReader, { field }: ColumnChunk, count: number): readonly boolean[] =>
  field.element.repetition_type === 'REQUIRED' ? Array.from({ length: count }, () => true) : readHybrid(reader, 1, count).map((level) => level === 1);

/** Runs may go on behind what is wanted. */
const readHybrid = (reader: DataReader, bitWidth: number, count: number, length?: number): readonly number[] => {
  const values = Array.from({ length: count }, () => 0);
  if (bitWidth > 0) readRleBitPackedHybrid(reader, bitWidth, values, length);
  return values.slice(0, count);
};

const readPlainValues = (reader: DataReader, { field, chunk }: ColumnChunk, count: number) => readPlain(reader, chunk.type, count, field.element.type_length);

/** As whole pages are decoded. */
const decoderOf = ({ root, field, chunk }: ColumnChunk): ColumnDecoder => ({
  pathInSchema: chunk.path_in_schema,
  type: chunk.type,
  codec: chunk.codec,
  element: field.element,
  schemaPath: [root, field],
  parsers: DEFAULT_PARSERS,
  utf8: false,
});

const spread = (isThere: readonly boolean[], values: ArrayLike<unknown>): readonly unknown[] => {
  let next = 0;
  return isThere.map((has) => (has ? values[next++] : null));
};
