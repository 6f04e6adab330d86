/** How the runs table is looked at: what *Save View* keeps and `runs-view.schema.json` describes. */

import { asRecord } from './compare-charts.ts';
import { isSortable, readColumn, type ColumnId } from './runs-columns.ts';

export const runsViewVersion = 1;

export interface ViewColumn {
  readonly id: ColumnId;
  /** CSS pixels; absent: as wide as its kind is. */
  readonly width?: number;
  /** Stays at the left while the others scroll. */
  readonly pinned?: boolean;
}

export interface SortKey {
  readonly column: ColumnId;
  readonly descending: boolean;
}

export interface RunsView {
  /** MLflow's search language, and what our server adds to it. */
  readonly filter: string;
  readonly deleted: boolean;
  /** Child runs below their parents. */
  readonly nested: boolean;
  readonly onlyDiffering: boolean;
  readonly groupBy: readonly ColumnId[];
  readonly sort: readonly SortKey[];
  /** Undefined: chosen by what the runs have. */
  readonly columns?: readonly ViewColumn[];
}

export const defaultRunsView: RunsView = { filter: '', deleted: false, nested: true, onlyDiffering: false, groupBy: [], sort: [] };

export interface ViewProblem {
  /** Keys and indices from the root to what is wrong. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export const mostGroups = 4;
export const narrowestColumn = 40;
export const widestColumn = 1000;

/** What can be shown of a view, and what cannot. A part that is wrong takes its default; nothing is taken of a newer version. */
export const readRunsView = (value: unknown): { readonly view: RunsView; readonly problems: readonly ViewProblem[] } => {
  const from = asRecord(value);
  const problems: ViewProblem[] = [];
  const { version } = from;
  if (typeof version === 'number' && version > runsViewVersion) {
    const message = `This view was saved by a newer MLflow Workbench (version ${version}, this one knows ${runsViewVersion}): update the extension to use it`;
    return { view: defaultRunsView, problems: [{ path: ['version'], message }] };
  }
  if (version !== runsViewVersion) problems.push({ path: ['version'], message: `"version" must be ${runsViewVersion}` });
  return { view: readParts(from, problems), problems };
};

type Unknowns = Readonly<Record<string, unknown>>;

/** Without a version: what a page keeps for itself, where nobody is told of mistakes. */
export const readKeptView = (value: unknown): RunsView => readParts(asRecord(value), []);

const readParts = (from: Unknowns, problems: ViewProblem[]): RunsView => {
  const columns = readList(from, 'columns', readViewColumn, problems);
  const flag = (name: 'deleted' | 'nested' | 'onlyDiffering'): boolean => readFlag(from, name, problems);
  return {
    filter: readFilter(from, problems),
    deleted: flag('deleted'),
    nested: flag('nested'),
    onlyDiffering: flag('onlyDiffering'),
    groupBy: (readList(from, 'groupBy', readGroup, problems) ?? []).slice(0, mostGroups).map(({ id }) => id),
    sort: readList(from, 'sort', readSortKey, problems) ?? [],
    ...(columns !== undefined && { columns: uniqueColumns(columns) }),
  };
};

const readFilter = ({ filter }: Unknowns, problems: ViewProblem[]): string => {
  if (typeof filter === 'string') return filter;
  if (filter !== undefined) problems.push({ path: ['filter'], message: '"filter" must be a text' });
  return defaultRunsView.filter;
};

const readFlag = (from: Unknowns, name: 'deleted' | 'nested' | 'onlyDiffering', problems: ViewProblem[]): boolean => {
  const value = from[name];
  if (typeof value === 'boolean') return value;
  if (value !== undefined) problems.push({ path: [name], message: `"${name}" must be true or false` });
  return defaultRunsView[name];
};

const readList = <Item>(
  from: Unknowns,
  name: string,
  read: (value: unknown) => Item | string,
  problems: ViewProblem[],
): readonly Exclude<Item, string>[] | undefined => {
  const value = from[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    problems.push({ path: [name], message: `"${name}" must be a list` });
    return undefined;
  }
  return value.flatMap((item: unknown, index) => {
    const known = read(item);
    if (typeof known !== 'string') return [known as Exclude<Item, string>];
    problems.push({ path: [name, index], message: known });
    return [];
  });
};

const noColumn = (id: unknown): string =>
  `${JSON.stringify(id) ?? 'Nothing'} is no column: columns are "params.<key>", "metrics.<key>", "best(metrics.<key>)", "at(metrics.<key>, 100)" …`;

const readViewColumn = (value: unknown): ViewColumn | string => {
  const { id, width, pinned } = typeof value === 'string' ? { id: value } : asRecord(value);
  if (typeof id !== 'string' || readColumn(id) === undefined) return noColumn(id);
  return {
    id,
    ...(typeof width === 'number' && Number.isFinite(width) && { width: Math.min(Math.max(Math.round(width), narrowestColumn), widestColumn) }),
    ...(pinned === true && { pinned }),
  };
};

const readSortKey = (value: unknown): SortKey | string => {
  const { column, descending } = asRecord(value);
  if (typeof column !== 'string' || !isSortable(column)) return noColumn(column);
  return { column, descending: descending === true };
};

interface Group {
  readonly id: ColumnId;
}

const readGroup = (value: unknown): Group | string => {
  const kind = typeof value === 'string' ? readColumn(value)?.kind : undefined;
  return typeof value === 'string' && (kind === 'params' || kind === 'tags') ? { id: value } : `Runs are grouped by "params.<key>" or "tags.<key>"`;
};

const uniqueColumns = (columns: readonly ViewColumn[]): readonly ViewColumn[] => [...new Map(columns.map((column) => [column.id, column])).values()];
