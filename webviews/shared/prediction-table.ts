import { formatNumber } from '../../schemas/format.ts';

export interface PredictionTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PredictionCell[])[];
}

export interface PredictionCell {
  readonly text: string;
  /** The number as the model gave it, where `text` is shorter. */
  readonly title?: string;
}

/** More columns than this are shown as the text that they are. */
const mostColumns = 200;

/** What stands under `predictions`: a list of rows, of numbers, or of lists; undefined for everything else. */
export const tableOfPredictions = (predictions: unknown): PredictionTable | undefined => {
  if (!Array.isArray(predictions) || predictions.length === 0) return undefined;
  const rows: readonly unknown[] = predictions;
  if (rows.every(isObject)) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return { columns, rows: rows.map((row) => columns.map((column) => cellOf(row[column]))) };
  }
  if (rows.every((row) => Array.isArray(row))) {
    const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
    if (width > mostColumns) return undefined;
    const columns = Array.from({ length: width }, (_, index) => String(index));
    return { columns, rows: rows.map((row) => columns.map((_, index) => cellOf(row[index]))) };
  }
  return rows.some((row) => typeof row === 'object' && row !== null) ? undefined : { columns: ['prediction'], rows: rows.map((row) => [cellOf(row)]) };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whole numbers may be ids or classes: they are never shortened. */
const cellOf = (value: unknown): PredictionCell => {
  if (value === undefined) return { text: '' };
  if (typeof value === 'string') return { text: value };
  const whole = JSON.stringify(value);
  const text = typeof value === 'number' && !Number.isInteger(value) ? formatNumber(value) : whole;
  return text === whole ? { text } : { text, title: whole };
};
