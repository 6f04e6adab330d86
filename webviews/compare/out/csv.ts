import { csvField, harmless } from '../../../schemas/spreadsheet.ts';
import type { CardTable } from '../plot/scene.ts';

type Cell = string | number;

/** Comma-separated values as RFC 4180 has them. */
export const toCsv = ({ columns, rows }: CardTable): string => [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

const csvCell = (value: Cell): string => {
  if (typeof value === 'number') return numberText(value);
  return csvField(harmless(value));
};

/** As Python reads them back; MLflow keeps infinities as the largest double. */
const numberText = (value: number): string => {
  if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? 'inf' : '-inf';
  return Number.isNaN(value) ? 'nan' : String(value);
};

/** One object per row; numbers that JSON has no words for are texts. */
export const toJson = (title: string, { columns, rows }: CardTable): string => {
  const cell = (value: Cell): Cell => (typeof value === 'number' && !(Math.abs(value) < Number.MAX_VALUE) ? numberText(value) : value);
  return `${JSON.stringify({ title, rows: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, cell(row[at] ?? '')]))) }, null, 1)}\n`;
};
