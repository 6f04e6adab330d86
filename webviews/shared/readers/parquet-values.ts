import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit, readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import type { ColumnDecoder, DataReader, DecodedArray, Encoding, PageHeader } from 'hyparquet/src/types.js';

import { beginningCodecs, compressors } from './parquet-codecs.ts';

/** A column of values in a row group: one that has no columns below it. */
export interface Leaf {
  /** From the root to it. */
  readonly path: readonly SchemaTree[];
  readonly element: SchemaTree['element'];
  readonly chunk: ColumnMetaData;
}

/** Of the first pages of a column. */
export interface Beginnings {
  /** Empty when there is no dictionary. */
  readonly dictionaryBytes: Uint8Array<ArrayBuffer>;
  readonly dataBytes: Uint8Array<ArrayBuffer>;
}

/** Of the beginning of a page, uncompressed (bytes). */
const mostUncompressed = 1024 * 1024;

/** Throws where the beginnings do not reach; undefined when longer ones would not help. */
export const decodeRows = (leaf: Leaf, count: number, { dictionaryBytes, dataBytes }: Beginnings): DecodedArray | undefined => {
  const page = readDataPage(leaf, openPage(dataBytes), count);
  const values = page && readValues(leaf, page, dictionaryBytes);
  return values && append([], leaf, { page, values });
};

/** All rows of whole pages that follow each other. */
export const decodePages = (leaf: Leaf, bytes: Uint8Array<ArrayBuffer>): DecodedArray => {
  let rows: DecodedArray = [];
  let dictionaryBytes = new Uint8Array();
  for (let at = 0; at < bytes.length;) {
    const opened = openPage(bytes.subarray(at));
    if (opened.header.type === 'DICTIONARY_PAGE') dictionaryBytes = bytes.subarray(at);
    const page = readDataPage(leaf, opened);
    const values = page && readValues(leaf, page, dictionaryBytes);
    if (page !== undefined && values === undefined) throw new Error(`Values that are written as ${page.encoding} are not shown here.`);
    if (page !== undefined && values !== undefined) rows = append(rows, leaf, { page, values });
    at += opened.length;
  }
  return rows;
};

/** Of what has no levels the values are the rows. */
const append = (rows: DecodedArray, { path }: Leaf, { page, values }: { readonly page: DataPage; readonly values: DecodedArray }): DecodedArray => {
  const before = Array.isArray(rows) ? (rows as unknown[]) : Array.from<unknown>(rows);
  const after = assembleLists(before, [...page.definition], [...page.repetition], values, [...path]);
  return after === values && before.length > 0 ? before.concat(Array.from<unknown>(values)) : after;
};

/** The wanted rows of it. */
interface DataPage {
  /** A list has an entry for each of its values, and one when it has none. */
  readonly repetition: readonly number[];
  readonly definition: readonly number[];
  /** Entries that have a value. */
  readonly present: number;
  /** Whether these are all entries of the page. */
  readonly isWhole: boolean;
  readonly encoding: Encoding;
  readonly reader: DataReader;
}

/** Undefined for what is no data page, or has not that many rows; without a number all of them. */
const readDataPage = (leaf: Leaf, page: OpenPage, rows?: number): DataPage | undefined => {
  const { data_page_header: first, data_page_header_v2: second } = page.header;
  const { num_values: count = 0, encoding } = first ?? second ?? {};
  if (encoding === undefined || (rows !== undefined && count < rows)) return undefined;
  // The second version has its levels before what is compressed, and says how long they are.
  const lengths = second && { repetition: second.repetition_levels_byte_length, definition: second.definition_levels_byte_length };
  const reader = lengths ? readerOf(page.content) : uncompress(page, leaf.chunk);
  const [mostRepetitions, mostDefinitions] = [getMaxRepetitionLevel([...leaf.path]), getMaxDefinitionLevel([...leaf.path])];
  const repetitions = readLevels(reader, mostRepetitions, { count, length: lengths?.repetition });
  const flat = mostRepetitions === 0 ? rows : entriesOf(repetitions, rows, count === Number(leaf.chunk.num_values));
  const entries = rows === undefined ? count : flat;
  if (entries === undefined) return undefined;
  const definition = readLevels(reader, mostDefinitions, { count: entries, length: lengths?.definition });
  return {
    repetition: repetitions.slice(0, entries),
    definition,
    present: mostDefinitions === 0 ? entries : definition.filter((level) => level === mostDefinitions).length,
    isWhole: entries === count,
    encoding,
    reader: lengths ? uncompress(page, leaf.chunk, lengths.repetition + lengths.definition) : reader,
  };
};

/** A row begins where nothing is repeated. Undefined when the last of them may go on behind the page. */
const entriesOf = (repetition: readonly number[], rows = Infinity, isWhole = false): number | undefined => {
  let begun = 0;
  const end = repetition.findIndex((level) => level === 0 && ++begun > rows);
  if (end >= 0) return end;
  return isWhole && begun === rows ? repetition.length : undefined;
};

const readValues = (leaf: Leaf, { encoding, present, isWhole, reader }: DataPage, dictionaryBytes: Uint8Array<ArrayBuffer>): DecodedArray | undefined => {
  if (present === 0) return [];
  switch (encoding) {
    case 'PLAIN':
      return readPlainValues(reader, leaf, present);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return readFromDictionary(reader, leaf, { present, dictionaryBytes });
    case 'RLE':
      return readHybrid(reader, 1, { count: present, length: undefined }).map((bit) => bit === 1);
    case 'DELTA_BINARY_PACKED':
      return readDeltas(reader, leaf, present);
    default:
      // These begin with something of each value of the page.
      return isWhole ? readTogether(reader, leaf, { encoding, count: present }) : undefined;
  }
};

const readTogether = (reader: DataReader, leaf: Leaf, { encoding, count }: { readonly encoding: Encoding; readonly count: number }) => {
  const { type } = leaf.chunk;
  const texts: Uint8Array[] = [];
  if (encoding === 'BYTE_STREAM_SPLIT') return convert(byteStreamSplit(reader, count, type, leaf.element.type_length), decoderOf(leaf));
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') deltaLengthByteArray(reader, count, texts);
  else if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, texts);
  else return undefined;
  return convert(texts, decoderOf(leaf));
};

interface FromDictionary {
  readonly present: number;
  readonly dictionaryBytes: Uint8Array<ArrayBuffer>;
}

const readFromDictionary = (reader: DataReader, leaf: Leaf, { present, dictionaryBytes }: FromDictionary): DecodedArray | undefined => {
  const indexes = readHybrid(reader, reader.view.getUint8(reader.offset++), { count: present, length: 0 });
  const most = indexes.reduce((highest, index) => Math.max(highest, index + 1), 0);
  const page = openPage(dictionaryBytes);
  if (page.header.type !== 'DICTIONARY_PAGE') return undefined;
  const dictionary = readPlainValues(uncompress(page, leaf.chunk), leaf, most);
  return indexes.map((index): unknown => dictionary[index]);
};

const readPlainValues = (reader: DataReader, leaf: Leaf, count: number): DecodedArray =>
  convert(readPlain(reader, leaf.chunk.type, count, leaf.element.type_length), decoderOf(leaf));

const readDeltas = (reader: DataReader, leaf: Leaf, count: number): DecodedArray => {
  const values = leaf.chunk.type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
  deltaBinaryUnpack(reader, count, values);
  return convert(values, decoderOf(leaf));
};

interface OpenPage {
  readonly header: PageHeader;
  /** As it is in the file, cut where the bytes end. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** Bytes, with the header. */
  readonly length: number;
}

const openPage = (bytes: Uint8Array<ArrayBuffer>): OpenPage => {
  const reader = readerOf(bytes);
  const header = parquetHeader(reader);
  const length = reader.offset + header.compressed_page_size;
  return { header, content: bytes.slice(reader.offset, length), length };
};

/** The readers of hyparquet throw where a buffer ends, so that none may be longer than what is known. */
const uncompress = ({ header, content }: OpenPage, { codec }: ColumnMetaData, from = 0): DataReader => {
  const rest = content.slice(from);
  const size = header.uncompressed_page_size - from;
  if (header.data_page_header_v2?.is_compressed === false || size === 0) return readerOf(rest);
  if (content.length === header.compressed_page_size) return readerOf(decompressPage(rest, size, codec, compressors));
  return readerOf(beginningCodecs[codec]?.uncompress(rest, Math.min(mostUncompressed, size)) ?? rest);
};

const readerOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataReader => ({
  view: new DataView(buffer, byteOffset, byteLength),
  offset: 0,
});

interface Extent {
  readonly count: number;
  /** Bytes; undefined where they are told before the values. */
  readonly length: number | undefined;
}

const readLevels = (reader: DataReader, highest: number, extent: Extent): readonly number[] =>
  highest === 0 ? [] : readHybrid(reader, 32 - Math.clz32(highest), extent);

/** Runs may go on behind what is wanted. */
const readHybrid = (reader: DataReader, bitWidth: number, { count, length }: Extent): number[] => {
  const values = Array.from({ length: count }, () => 0);
  if (bitWidth > 0) readRleBitPackedHybrid(reader, bitWidth, values, length);
  return values.slice(0, count);
};

/** As whole pages are decoded. */
const decoderOf = ({ path, element, chunk }: Leaf): ColumnDecoder => ({
  pathInSchema: chunk.path_in_schema,
  type: chunk.type,
  codec: chunk.codec,
  element,
  schemaPath: [...path],
  parsers: DEFAULT_PARSERS,
  utf8: false,
});
