import Papa from 'papaparse';
import type { PredictionFiles, TextFile } from '../../schemas/predictions-page.ts';
import { tableOfPredictions, type PredictionTable } from '../shared/prediction-table.ts';

export interface PredictionRows extends PredictionTable {
  /** How many of the columns, the first ones, are the model's; the others are the input's. */
  readonly predicted: number;
}

/** Each prediction with the row of CSV that it was made of; undefined where the predictions are no table. */
export const rowsOf = ({ output, input }: PredictionFiles): PredictionRows | undefined => {
  const table = readTable(output.text);
  if (table === undefined) return undefined;
  const given = input === undefined ? undefined : readInput(input, table.rows.length);
  const rows = given === undefined ? table.rows : table.rows.map((row, index) => [...row, ...(given.rows[index] ?? []).map((text) => ({ text }))]);
  return { columns: [...table.columns, ...(given?.columns ?? [])], rows, predicted: table.columns.length };
};

const readTable = (text: string): PredictionTable | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'predictions' in value ? tableOfPredictions(value.predictions) : undefined;
  } catch {
    return undefined;
  }
};

/** Undefined when it has another number of rows: then nobody knows which belongs to which. */
const readInput = ({ text }: TextFile, count: number): { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } | undefined => {
  const { data } = Papa.parse<readonly string[]>(text.trim(), { skipEmptyLines: true });
  const [columns = [], ...rows] = data;
  return rows.length === count ? { columns, rows } : undefined;
};
