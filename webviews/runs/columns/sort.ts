import type { ColumnId } from '../../../schemas/runs-columns.ts';
import type { SortKey } from '../../../schemas/runs-view.ts';

/** A click: descending, ascending, not at all. With more keys (shift) the others stay. */
export const toggleSort = (sort: readonly SortKey[], column: ColumnId, keepsOthers: boolean): readonly SortKey[] => {
  const present = sort.find((key) => key.column === column);
  const next: readonly SortKey[] = present === undefined ? [{ column, descending: true }] : present.descending ? [{ column, descending: false }] : [];
  if (!keepsOthers) return next;
  return present === undefined ? [...sort, ...next] : sort.flatMap((key) => (key === present ? next : [key]));
};

export const sortBy = (sort: readonly SortKey[], key: SortKey, keepsOthers: boolean): readonly SortKey[] =>
  keepsOthers ? [...sort.filter(({ column }) => column !== key.column), key] : [key];
