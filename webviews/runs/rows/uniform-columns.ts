import type { ColumnId } from '../../../schemas/runs-columns.ts';
import { runOf } from './row-window.ts';
import type { ShownRows } from './shown-rows.ts';

/** Columns in which all runs of the table have the same; undefined unless all of them are loaded. */
export const uniformColumns = (root: ShownRows | undefined): ReadonlySet<ColumnId> | undefined => {
  if (root === undefined || !root.isWhole || root.source.by.length > 0) return undefined;
  const runs = root.loaded.flatMap((entry) => runOf(entry) ?? []);
  return new Set(root.source.query.columns.filter((_, index) => runs.every(({ cells }) => cells[index] === runs[0]?.cells[index])));
};
