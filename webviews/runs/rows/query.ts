import { isAsked, isSortable, readColumn, type ColumnId } from '../../../schemas/runs-columns.ts';
import type { RunGroup, RunsQuery } from '../../../schemas/runs-protocol.ts';
import type { RunsView } from '../../../schemas/runs-view.ts';
import type { Entry, RowSource } from './row-window.ts';

const orderOf = ({ sort }: RunsView): readonly string[] =>
  sort.filter(({ column }) => isSortable(column)).map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'}`);

/** What the whole table asks for. Values of groups are of metrics, and groups are ordered by what they have. */
export const sourceOf = (view: RunsView, columns: readonly ColumnId[]): RowSource => {
  const query: RunsQuery = {
    filter: view.filter.trim(),
    deleted: view.deleted,
    nesting: view.nested && view.groupBy.length === 0 ? 'top' : 'all',
    orderBy: orderOf(view),
    columns: columns.filter(isAsked),
  };
  return { query, by: view.groupBy };
};

/** What is asked for groups: columns and orders that a group has. */
export const groupQuery = ({ query, by }: RowSource): RunsQuery => {
  const isOfGroup = (id: ColumnId): boolean => by.includes(id) || readColumn(id)?.kind === 'metrics';
  return {
    ...query,
    columns: query.columns.filter((id) => readColumn(id)?.kind === 'metrics'),
    orderBy: query.orderBy.filter((order) => isOfGroup(order.replace(/ (?:ASC|DESC)$/, ''))),
  };
};

/** What is below a row. */
export const sourceBelow = ({ query, by }: RowSource, entry: Entry): RowSource =>
  entry.kind === 'run'
    ? { query: { ...query, nesting: { childrenOf: entry.row.runId } }, by: [] }
    : { query: { ...query, nesting: 'all', within: withinOf(by, entry.group) }, by: [] };

const withinOf = (by: readonly ColumnId[], { values }: RunGroup): NonNullable<RunsQuery['within']> =>
  by.map((column, index) => ({ column, value: values[index] ?? null }));

/** Whether rows of one query can be shown for another: only their columns, of which there are enough, differ. */
export const serves = (there: RowSource, wanted: RowSource): boolean => {
  const has = new Set(there.query.columns);
  return isSameButColumns(there, wanted) && wanted.query.columns.every((column) => has.has(column));
};

export const isSameButColumns = (left: RowSource, right: RowSource): boolean => {
  const withoutColumns = ({ query, by }: RowSource): string => JSON.stringify({ query: { ...query, columns: [] }, by });
  return withoutColumns(left) === withoutColumns(right);
};
