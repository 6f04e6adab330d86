import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { formatInteger, formatNumber } from '../../../schemas/format.ts';
import { Grid, type CellContent } from '../../shared/grid.tsx';
import type { RunPage } from '../page.ts';
import type { Table } from '../../shared/readers/table.ts';
import { createTableWindow, mostRows } from './table-window.ts';
import { Notes } from './text-view.tsx';

const columnWidth = 150;
const headerWidth = 80;
/** Of a cell on screen; the rest is in its tooltip, and a copy has all of it. */
const shownCharacters = 200;
const tooltipCharacters = 2000;

interface TableProps {
  readonly page: RunPage;
  readonly table: Table;
}

export const TableView = ({ page, table }: TableProps): JSX.Element => {
  const rows = useMemo(() => createTableWindow(table), [table]);
  useEffect(() => {
    if (rows.rowCount.peek() === 0) rows.need([0]);
    return () => rows.dispose();
  }, [rows]);
  const cell = (row: number, column: number): CellContent => {
    const value = rows.cell(row, column);
    if (value === undefined) return { text: '…', className: 'absent' };
    return value === null ? { text: 'null', className: 'absent', spoken: 'no value' } : contentOf(value, table.columns[column]?.isReal);
  };
  const columnHeader = (column: number): CellContent => {
    const { name = '', type } = table.columns[column] ?? {};
    return type === undefined ? contentOf(name) : { ...contentOf(name), title: `${name.slice(0, shownCharacters)}: ${type}` };
  };
  return (
    <>
      <Notes notes={[...rows.notes.value, countText(rows.rowCount.value, table, rows.isWhole.value)]} />
      {rows.failure.value !== undefined && (
        <p class="notice notice-warning" role="alert">
          {rows.failure.value}
        </p>
      )}
      <Grid
        label="Rows of the artifact"
        rowCount={rows.rowCount.value}
        columnCount={table.columns.length}
        columnWidth={columnWidth}
        headerWidth={headerWidth}
        corner={{ text: '', spoken: 'Row' }}
        columnHeader={columnHeader}
        rowHeader={(row) => ({ text: formatInteger(row + 1) })}
        cell={cell}
        onVisibleRows={(visible) => rows.need(visible)}
        onCopy={(text) => page.copy(text, 'Value')}
      />
    </>
  );
};

const contentOf = (value: string, isReal = false): CellContent => {
  const text = isReal ? shortNumber(value) : value;
  return {
    text: text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text,
    title: value.slice(0, tooltipCharacters),
    whole: value,
  };
};

/** Whole numbers may be ids: they are never shortened. */
const shortNumber = (value: string): string => {
  const number = Number(value);
  return Number.isFinite(number) && !Number.isInteger(number) ? formatNumber(number) : value;
};

/** Never a number that is not known. */
const countText = (rows: number, { rowCount }: Table, isWhole: boolean): string => {
  if (rows === mostRows && rowCount > mostRows) return `The first ${formatInteger(mostRows)} of ${formatInteger(rowCount)} rows can be scrolled to.`;
  if (!isWhole) return `The first ${formatInteger(rows)} rows are read; scrolling reads on.`;
  return rows === 1 ? '1 row.' : `${formatInteger(rows)} rows.`;
};
