import type { ColumnId } from '../../../schemas/runs-columns.ts';
import { runOf } from './run-table.ts';
import type { RowWindow } from './row-window.ts';

/** Columns in which all runs of the table have the same; undefined unless all of them are loaded. */
export const uniformColumns = (root: RowWindow | undefined): ReadonlySet<ColumnId> | undefined => {
  if (root === undefined || !root.isWhole || root.source.by.length > 0) return undefined;
  const runs = root.loaded.flatMap((entry) => runOf(entry) ?? []);
  return new Set(root.source.query.columns.filter((_, index) => runs.every(({ cells }) => cells[index] === runs[0]?.cells[index])));
};
