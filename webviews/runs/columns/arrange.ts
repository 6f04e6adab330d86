import type { ColumnId } from '../../../schemas/runs-columns.ts';
import type { ViewColumn } from '../../../schemas/runs-view.ts';
import { narrowestColumn, widestColumn } from '../../../schemas/runs-view.ts';

type Columns = readonly ViewColumn[];

export const addColumn = (columns: Columns, id: ColumnId, after?: ColumnId): Columns => {
  if (columns.some((column) => column.id === id)) return columns;
  const at = columns.findIndex((column) => column.id === after);
  return at < 0 ? [...columns, { id }] : columns.toSpliced(at + 1, 0, { id });
};

export const removeColumn = (columns: Columns, id: ColumnId): Columns => columns.filter((column) => column.id !== id);

/** Beside another one, which gives it its side: a pinned one stays among the pinned. */
export const moveColumn = (columns: Columns, id: ColumnId, beside: ColumnId, side: 'before' | 'after'): Columns => {
  const moved = columns.find((column) => column.id === id);
  const goal = columns.find((column) => column.id === beside);
  if (moved === undefined || goal === undefined || moved === goal) return columns;
  const others = removeColumn(columns, id);
  const at = others.indexOf(goal) + (side === 'after' ? 1 : 0);
  return others.toSpliced(at, 0, withPin(moved, goal.pinned === true));
};

export const resizeColumn = (columns: Columns, id: ColumnId, width: number): Columns =>
  columns.map((column) => (column.id === id ? { ...column, width: Math.round(Math.min(Math.max(width, narrowestColumn), widestColumn)) } : column));

export const pinColumn = (columns: Columns, id: ColumnId, pinned: boolean): Columns =>
  columns.map((column) => (column.id === id ? withPin(column, pinned) : column));

const withPin = ({ pinned: _, ...column }: ViewColumn, pinned: boolean): ViewColumn => (pinned ? { ...column, pinned } : column);
