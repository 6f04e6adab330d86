import { parquetMetadataAsync, parquetRead, parquetSchema, type AsyncBuffer, type FileMetaData, type RowGroup, type SchemaTree } from 'hyparquet';

import { formatBytes, formatInteger } from '../../../schemas/format.ts';
import type { ByteSource } from './byte-source.ts';
import { readBeginning } from './parquet-beginning.ts';
import { compressors } from './parquet-codecs.ts';
import { decodeNested, isNested, type GroupColumn } from './parquet-column.ts';
import { readPages, type ChunkPages } from './parquet-pages.ts';
import { cellOf, type Cell, type Table } from './table.ts';

/** Most footers are smaller (bytes). */
const footerGuess = 64 * 1024;
/** Pages that are read to show some rows: they cannot be jumped over without an index (bytes). */
const mostPages = 64 * 1024 * 1024;
const mostColumns = 500;

/** Rejects, in words, what is no parquet file or not whole. */
export const openParquet = async (source: ByteSource, signal?: AbortSignal): Promise<Table> => {
  const head = await source.read(0, 4, signal);
  const { size } = source;
  const isParquet = new TextDecoder().decode(head) === 'PAR1';
  if (size === undefined) throw new Error('The server does not tell how large the file is, and a parquet file is read from its end: download it.');
  if (!isParquet) throw new Error('This is no parquet file: it does not begin as one.');
  const metadata = await readMetadata(source, size, signal);
  return tableOf(source, size, metadata);
};

const readMetadata = async (source: ByteSource, size: number, signal?: AbortSignal): Promise<FileMetaData> => {
  const file = { byteLength: size, slice: async (start: number, end = size) => toBuffer(await source.read(start, end, signal)) };
  try {
    return await parquetMetadataAsync(file, { initialFetchSize: Math.min(footerGuess, size) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error('The file is cut off, or still being written: a parquet file ends with the list of its columns, and this one does not.', { cause: error });
  }
};

const toBuffer = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

const tableOf = (source: ByteSource, size: number, metadata: FileMetaData): Table => {
  const children = parquetSchema(metadata).children.slice(0, mostColumns);
  const all = parquetSchema(metadata).children.length;
  const names = children.map(({ element }) => element.name);
  const groups = metadata.row_groups.length;
  return {
    columns: children.map((child) => ({ name: child.element.name, type: typeOf(child), isReal: isReal(child) })),
    rowCount: Number(metadata.num_rows),
    isWhole: true,
    notes: [
      `${all} ${all === 1 ? 'column' : 'columns'}, ${groups} row ${groups === 1 ? 'group' : 'groups'}${metadata.created_by === undefined ? '' : `, written by ${metadata.created_by}`}.`,
      ...(all > mostColumns ? [`The first ${mostColumns} columns are shown.`] : []),
    ],
    rows: async (start, end, signal) => await readRows({ source, size, metadata, names }, { start, end, signal }),
  };
};

const typeOf = ({ element, children }: SchemaTree): string => {
  if (children.length > 0) return element.converted_type === 'LIST' ? 'list' : element.converted_type === 'MAP' ? 'map' : 'struct';
  return (element.logical_type?.type ?? element.converted_type ?? element.type ?? '').toLowerCase();
};

const isReal = ({ element: { type, converted_type: converted } }: SchemaTree): boolean => type === 'FLOAT' || type === 'DOUBLE' || converted === 'DECIMAL';

interface OpenFile {
  readonly source: ByteSource;
  readonly size: number;
  readonly metadata: FileMetaData;
  readonly names: readonly string[];
}

interface WantedRows {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

const readRows = async (file: OpenFile, wanted: WantedRows): Promise<readonly (readonly Cell[])[]> => {
  const beginnings = await readBeginnings(file, wanted);
  const others = file.names.filter((name) => !beginnings.has(name));
  const rest = others.length === 0 ? [] : await readPagesOf({ ...file, names: others }, wanted);
  if (beginnings.size === 0) return rest.map((row) => row.map(cellOf));
  const columns = file.names.map((name) => beginnings.get(name) ?? rest.map((row) => row[others.indexOf(name)]));
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((values) => cellOf(values[row])));
};

/** Columns whose wanted rows are near the beginning of a row group. */
const readBeginnings = async (file: OpenFile, wanted: WantedRows): Promise<ReadonlyMap<string, readonly unknown[]>> => {
  const [part, ...others] = partsOf(file.metadata, wanted);
  if (part === undefined || others.length > 0) return new Map();
  const found = await Promise.all(
    file.names.map(async (name) => {
      const column = columnOf(file.metadata, part.group, name);
      const values = column && (await readBeginning(file.source, column, { rows: part.until, signal: wanted.signal }));
      return [name, values && Array.from(values).slice(part.from)] as const;
    }),
  );
  return new Map(found.flatMap(([name, values]) => (values === undefined ? [] : [[name, values]])));
};

const columnOf = (metadata: FileMetaData, group: RowGroup, name: string): GroupColumn | undefined => {
  const root = parquetSchema(metadata);
  const field = root.children.find(({ element }) => element.name === name);
  const chunks = group.columns.flatMap(({ meta_data: chunk }) => (chunk?.path_in_schema[0] === name ? [chunk] : []));
  return field && { root, field, chunks, rowsInGroup: Number(group.num_rows) };
};

interface GroupPart {
  readonly group: RowGroup;
  /** Rows, from the beginning of the group. */
  readonly from: number;
  readonly until: number;
}

/** The row groups that have wanted rows. */
const partsOf = ({ row_groups: groups }: FileMetaData, { start, end }: WantedRows): readonly GroupPart[] => {
  let groupStart = 0;
  return groups.flatMap((group) => {
    const [from, until] = [Math.max(0, start - groupStart), Math.min(end - groupStart, Number(group.num_rows))];
    groupStart += Number(group.num_rows);
    return from < until ? [{ group, from, until }] : [];
  });
};

/** Only the pages up to the last wanted row are read. */
const readPagesOf = async (file: OpenFile, wanted: WantedRows): Promise<readonly (readonly unknown[])[]> => {
  const nested = parquetSchema(file.metadata).children.flatMap((field) => (isNested(field) ? [field.element.name] : []));
  const flat = file.names.filter((name) => !nested.includes(name));
  for (let generosity = 1; ; generosity *= 4) {
    const { pages, isWhole } = await readWantedPages(file, wanted, generosity);
    const values = new Map(nested.filter((name) => file.names.includes(name)).map((name) => [name, nestedValues(file, wanted, { name, pages })]));
    if (!isWhole && [...values.values()].includes(undefined)) continue;
    const rows = flat.length === 0 ? [] : await decode({ ...file, names: flat }, wanted, pages);
    const count = Math.min(wanted.end, Number(file.metadata.num_rows)) - wanted.start;
    return Array.from({ length: Math.max(0, count) }, (_, row) =>
      file.names.map((name) => (values.has(name) ? values.get(name)?.[row] : rows[row]?.[flat.indexOf(name)])),
    );
  }
};

interface NestedColumn {
  readonly name: string;
  readonly pages: readonly ChunkPages[];
}

/** Undefined when its pages do not have all wanted rows. */
const nestedValues = ({ metadata }: OpenFile, wanted: WantedRows, { name, pages }: NestedColumn): readonly unknown[] | undefined => {
  const parts = partsOf(metadata, wanted).map(({ group, from, until }) => {
    const column = columnOf(metadata, group, name);
    const values = column && decodeNested(column, pages, until);
    return values && Array.from(values).slice(from);
  });
  return parts.includes(undefined) ? undefined : parts.flatMap((values) => values ?? []);
};

const readWantedPages = async ({ source, metadata, names }: OpenFile, rows: WantedRows, generosity: number) => {
  const wanted: Promise<ChunkPages>[] = [];
  let budget = mostPages;
  for (const { group, until } of partsOf(metadata, rows)) {
    const rowsInGroup = Number(group.num_rows);
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined || !names.includes(chunk.path_in_schema[0] ?? '')) continue;
      const total = Number(chunk.total_compressed_size);
      const guess = Math.min(total, Math.ceil((total * until * 1.2 * generosity) / rowsInGroup) + 64 * 1024);
      budget -= guess;
      wanted.push(readPages(source, chunk, { rows: until, guess, rowsInGroup, generosity, signal: rows.signal }));
    }
  }
  const results = await Promise.allSettled(wanted);
  if (budget < 0) throw tooDeep(rows.start, mostPages - budget);
  const pages = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return { pages, isWhole: pages.every((each) => each.isWhole) };
};

const tooDeep = (row: number, bytes: number): Error =>
  new Error(`To show row ${formatInteger(row + 1)}, ${formatBytes(bytes)} would have to be read: the file has no index of its pages. Download it.`);

const decode = async ({ source, size, metadata, names }: OpenFile, { start, end, signal }: WantedRows, pages: readonly ChunkPages[]): Promise<unknown[][]> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown[][]>();
  const read: AsyncBuffer = {
    byteLength: size,
    slice: async (from, to = size) => {
      const known = pages.find(({ offset, bytes }) => from >= offset && to <= offset + bytes.length);
      if (known !== undefined) return known.bytes.slice(from - known.offset, to - known.offset).buffer;
      return toBuffer(await source.read(from, to, signal));
    },
  };
  const shortened = {
    ...metadata,
    row_groups: metadata.row_groups.map((group) => ({ ...group, columns: group.columns.map((column) => shorten(column, pages)) })),
  };
  const rowEnd = Math.min(end, Number(metadata.num_rows));
  const columns = [...names];
  parquetRead({
    file: read,
    metadata: shortened,
    compressors,
    columns,
    utf8: false,
    rowStart: start,
    rowEnd,
    onComplete: (rows) => resolve(rows as unknown[][]),
  }).catch(reject);
  return await promise;
};

type Column = RowGroup['columns'][number];

const shorten = (column: Column, pages: readonly ChunkPages[]): Column => {
  const found = column.meta_data && pages.find(({ chunk }) => chunk === column.meta_data);
  if (found === undefined || column.meta_data === undefined) return column;
  return { ...column, meta_data: { ...column.meta_data, total_compressed_size: BigInt(found.bytes.length) } };
};
