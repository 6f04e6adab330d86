import { cellOf, tableOf, type Table } from '../../../shared/readers/table.ts';

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Python writes what JSON does not know: NaN and infinities. */
export const parseLoose = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replaceAll(/([[:,]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '$1"$2"'));
  }
};

/** What `mlflow.log_table` writes, and pandas with `orient='split'`; undefined for other JSON. */
export const readTable = (json: unknown): Table | undefined => {
  if (!isObject(json)) return undefined;
  const { columns, data, ...others } = json;
  const isTable =
    Array.isArray(columns) && Array.isArray(data) && data.every((row) => Array.isArray(row)) && Object.keys(others).every((key) => key === 'index');
  if (!isTable) return undefined;
  const rows = data as readonly (readonly unknown[])[];
  const isReal = (column: number): boolean => rows.some((row) => typeof row[column] === 'number' && !Number.isInteger(row[column]));
  return tableOf(
    columns.map((column, index) => ({ name: cellOf(column) ?? '', isReal: isReal(index) })),
    rows.map((row) => row.map(cellOf)),
  );
};
