import Papa from 'papaparse';
import type { ByteSource } from '../../shared/readers/byte-source.ts';
import { openParquet } from '../../shared/readers/parquet.ts';

/** The first rows of a file, as texts. */
export interface FileRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Bytes of a CSV file that its first rows are looked for in. */
const firstBytes = 4 * 1024 * 1024;
const parquetMark = 'PAR1';

/** CSV with a header, or parquet, whatever the file is called. Rejects, in words, what is neither. */
export const readFileRows = async (source: ByteSource, mostRows: number): Promise<FileRows> => {
  const mark = new TextDecoder().decode(await source.read(0, parquetMark.length));
  return mark === parquetMark ? await readParquet(source, mostRows) : await readCsv(source, mostRows);
};

const readParquet = async (source: ByteSource, mostRows: number): Promise<FileRows> => {
  const table = await openParquet(source);
  const rows = await table.rows(0, Math.min(mostRows, table.rowCount));
  return { columns: table.columns.map(({ name }) => name), rows: rows.map((row) => row.map((cell) => cell ?? '')) };
};

const readCsv = async (source: ByteSource, mostRows: number): Promise<FileRows> => {
  const bytes = await source.read(0, firstBytes);
  if (bytes.includes(0)) throw new Error('This is neither CSV nor parquet.');
  const isCut = source.size === undefined || source.size > bytes.length;
  const { data } = Papa.parse<readonly string[]>(new TextDecoder().decode(bytes).trim(), { skipEmptyLines: true, preview: mostRows + 2 });
  const [columns = [], ...rows] = data;
  // The last row of a part of a file may be a part of a row.
  const whole = isCut && rows.length <= mostRows ? rows.slice(0, -1) : rows;
  return { columns, rows: whole.slice(0, mostRows) };
};
