import type { ColumnMetaData } from 'hyparquet';
import type { DecodedArray } from 'hyparquet/src/types.js';

import type { ByteSource } from './byte-source.ts';
import { beginningCodecs } from './parquet-codecs.ts';
import { assemble, toLeaf, type GroupColumn } from './parquet-column.ts';
import { decodeRows, type Leaf } from './parquet-values.ts';

interface Wanted {
  readonly rows: number;
  readonly signal: AbortSignal | undefined;
}

/** Bytes of a page that are read at most; a column of short chunks is read as a whole. */
const mostRoom = 256 * 1024;
const shortChunk = 64 * 1024;
/** The levels of all lists of a page come before its values (bytes). */
const levelRoom = 64 * 1024;

/**
 * The first values of a column, out of the beginnings of its dictionaries and of its first pages: writers make each of them 1 MB, and a
 * dictionary has its values in the order in which the rows have them. Undefined when that is not enough, or not how the column is
 * written: who then reads whole pages also learns what is wrong with them.
 */
export const readBeginning = async (source: ByteSource, column: GroupColumn, wanted: Wanted): Promise<DecodedArray | undefined> => {
  const { root, chunks } = column;
  const rooms = chunks.map((chunk) => roomFor(column, chunk, wanted.rows));
  const isShort = chunks.every((chunk) => Number(chunk.total_compressed_size) <= shortChunk);
  if (isShort || rooms.some((room) => room > mostRoom)) return undefined;
  const leaves = chunks.map((chunk) => toLeaf(root, chunk));
  const found = await Promise.all(leaves.map(async (leaf, index) => await readLeaf(source, leaf, { ...wanted, room: rooms[index] ?? mostRoom })));
  const known = found.filter((values) => values !== undefined);
  try {
    return known.length === found.length ? assemble(column, known) : undefined;
  } catch {
    return undefined;
  }
};

/** Bytes of the beginning of a page that should have the rows; more than are ever read where that cannot be. */
const roomFor = ({ field, rowsInGroup }: GroupColumn, chunk: ColumnMetaData, rows: number): number => {
  const least = beginningCodecs[chunk.codec]?.leastRoom ?? Infinity;
  const forRows = Math.ceil((Number(chunk.total_compressed_size) / Math.max(1, rowsInGroup)) * rows * 2);
  return (field.children.length > 0 ? Math.max(least, levelRoom) : least) + forRows;
};

interface WantedOfLeaf extends Wanted {
  readonly room: number;
}

/** Once more with all the room where the beginnings do not reach: values may be longer in the first rows than in others. */
const readLeaf = async (source: ByteSource, leaf: Leaf, wanted: WantedOfLeaf): Promise<DecodedArray | undefined> => {
  const beginnings = await readBytes(source, leaf.chunk, wanted);
  try {
    return decodeRows(leaf, wanted.rows, beginnings);
  } catch {
    return wanted.room < mostRoom ? await readLeaf(source, leaf, { ...wanted, room: mostRoom }) : undefined;
  }
};

const readBytes = async (source: ByteSource, chunk: ColumnMetaData, { room, signal }: WantedOfLeaf) => {
  const data = Number(chunk.data_page_offset);
  const dictionary = Number(chunk.dictionary_page_offset || data);
  const end = dictionary + Number(chunk.total_compressed_size);
  const read = async (start: number, until: number) => await source.read(start, Math.min(start + room, until), signal);
  const [dictionaryBytes, dataBytes] = await Promise.all([read(dictionary, data), read(data, end)]);
  return { dictionaryBytes, dataBytes };
};
