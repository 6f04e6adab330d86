import { readColumn, type ColumnId } from '../../schemas/runs-columns.ts';
import type { ExportFormat, RunRow } from '../../schemas/runs-protocol.ts';
import { csvField, harmless } from '../../schemas/spreadsheet.ts';
import type { RunCell } from '../../schemas/workbench-api.ts';

/** Runs as a table for other programs. */
export interface RowsTable {
  readonly columns: readonly ColumnId[];
  readonly rows: readonly RunRow[];
  /** Names by id. */
  readonly experiments: ReadonlyMap<string, string>;
}

const fixed = ['name', 'run_id', 'experiment'] as const;

const headOf = ({ columns }: RowsTable): readonly string[] => [...fixed, ...shown(columns)];

/** What stands in its own columns already is not there twice. */
const shown = (columns: readonly ColumnId[]): readonly ColumnId[] => columns.filter((id) => id !== 'attributes.run_id' && id !== 'experiment');

const cellsOf = (row: RunRow, { columns, experiments }: RowsTable): readonly RunCell[] => [
  row.name,
  row.runId,
  experiments.get(row.experimentId) ?? row.experimentId,
  ...shown(columns).map((id) => plainCell(id, row.cells[columns.indexOf(id)] ?? null)),
];

/** Times as everybody reads them; what a Date cannot hold stays a number. */
const plainCell = (id: ColumnId, cell: RunCell): RunCell => {
  const column = readColumn(id);
  const isTime = column?.kind === 'attributes' && (column.key === 'start_time' || column.key === 'end_time');
  return isTime && typeof cell === 'number' && Math.abs(cell) <= 8.64e15 ? new Date(cell).toISOString() : cell;
};

const textOf = (cell: RunCell): string => (typeof cell === 'number' ? String(cell) : harmless(cell ?? ''));

export const toCsv = (table: RowsTable): string => lines(table, ',', '\r\n', (cell) => csvField(textOf(cell)));

/** As spreadsheets take it from the clipboard: a cell is one line. */
export const toTsv = (table: RowsTable): string => lines(table, '\t', '\n', (cell) => textOf(cell).replace(/[\t\r\n]+/g, ' '));

const lines = (table: RowsTable, separator: string, end: string, write: (cell: RunCell) => string): string =>
  [headOf(table), ...table.rows.map((row) => cellsOf(row, table))].map((cells) => cells.map(write).join(separator) + end).join('');

const toJson = (table: RowsTable): string => {
  const head = headOf(table);
  const objects = table.rows.map((row) => Object.fromEntries(cellsOf(row, table).map((cell, at) => [head[at] ?? '', cell])));
  return `${JSON.stringify(objects, null, 1)}\n`;
};

const toMarkdown = (table: RowsTable): string => {
  const write = (cell: RunCell): string => escapeMarkdown(String(cell ?? ''));
  const line = (cells: readonly RunCell[]): string => `| ${cells.map(write).join(' | ')} |\n`;
  const head = headOf(table);
  return line(head) + line(head.map(() => '---')) + table.rows.map((row) => line(cellsOf(row, table))).join('');
};

const escapeMarkdown = (text: string): string => (text === '---' ? text : text.replace(/[\\`*_{}[\]<>|#!]/g, (sign) => `\\${sign}`).replace(/[\r\n]+/g, ' '));

const writers: Readonly<Record<ExportFormat, (table: RowsTable) => string>> = { csv: toCsv, json: toJson, md: toMarkdown };

export const isExportFormat = (text: string): text is ExportFormat => Object.hasOwn(writers, text);
export const writeRows = (table: RowsTable, format: ExportFormat): string => writers[format](table);
