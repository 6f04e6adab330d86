import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import type { ColumnDecoder, DataReader, DecodedArray, Encoding, PageHeader } from 'hyparquet/src/types.js';

import { beginningCodecs } from './parquet-codecs.ts';

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
  const page = readDataPage(leaf, count, dataBytes);
  if (page === undefined) return undefined;
  const values = readValues(leaf, page, dictionaryBytes);
  return values && assembleLists([], [...page.definition], [...page.repetition], values, [...leaf.path]);
};

/** The wanted rows of it. */
interface DataPage {
  /** A list has an entry for each of its values, and one when it has none. */
  readonly repetition: readonly number[];
  readonly definition: readonly number[];
  /** Entries that have a value. */
  readonly present: number;
  readonly encoding: Encoding;
  readonly reader: DataReader;
}

const readDataPage = (leaf: Leaf, rows: number, bytes: Uint8Array<ArrayBuffer>): DataPage | undefined => {
  const page = openPage(bytes);
  const { data_page_header: first, data_page_header_v2: second } = page.header;
  const { num_values: values = 0, encoding } = first ?? second ?? {};
  if (encoding === undefined || values < rows) return undefined;
  // The second version has its levels before what is compressed, and says how long they are.
  const lengths = second && { repetition: second.repetition_levels_byte_length, definition: second.definition_levels_byte_length };
  const reader = lengths ? readerOf(page.content) : uncompress(page, leaf.chunk);
  const [mostRepetitions, mostDefinitions] = [getMaxRepetitionLevel([...leaf.path]), getMaxDefinitionLevel([...leaf.path])];
  const repetitions = readLevels(reader, mostRepetitions, { count: values, length: lengths?.repetition });
  const entries = mostRepetitions === 0 ? rows : entriesOf(repetitions, rows, values === Number(leaf.chunk.num_values));
  if (entries === undefined) return undefined;
  const definition = readLevels(reader, mostDefinitions, { count: entries, length: lengths?.definition });
  return {
    repetition: repetitions.slice(0, entries),
    definition,
    present: mostDefinitions === 0 ? entries : definition.filter((level) => level === mostDefinitions).length,
    encoding,
    reader: lengths ? uncompress(page, leaf.chunk, lengths.repetition + lengths.definition) : reader,
  };
};

/** A row begins where nothing is repeated. Undefined when the last of them may go on behind the page. */
const entriesOf = (repetition: readonly number[], rows: number, isWhole: boolean): number | undefined => {
  let begun = 0;
  const end = repetition.findIndex((level) => level === 0 && ++begun > rows);
  if (end >= 0) return end;
  return isWhole && begun === rows ? repetition.length : undefined;
};

const readValues = (leaf: Leaf, { encoding, present, reader }: DataPage, dictionaryBytes: Uint8Array<ArrayBuffer>): DecodedArray | undefined => {
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
    // What is left begins with something of each value of the page.
    default:
      return undefined;
  }
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
}

const openPage = (bytes: Uint8Array<ArrayBuffer>): OpenPage => {
  const reader = readerOf(bytes);
  const header = parquetHeader(reader);
  return { header, content: bytes.slice(reader.offset, reader.offset + header.compressed_page_size) };
};

/** The readers of hyparquet throw where a buffer ends, so that none may be longer than what is known. */
const uncompress = ({ header, content }: OpenPage, { codec }: ColumnMetaData, from = 0): DataReader => {
  const rest = content.slice(from);
  const isCompressed = header.data_page_header_v2?.is_compressed !== false;
  const most = Math.min(mostUncompressed, header.uncompressed_page_size - from);
  return readerOf((isCompressed && beginningCodecs[codec]?.uncompress(rest, most)) || rest);
};

const readerOf = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): DataReader => ({
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
