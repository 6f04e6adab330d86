import type { RunGroupsReply } from '../../schemas/workbench-api.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { toCell } from './run-cell.ts';
import type { GroupOrderKey, GroupQuery } from './run-query.ts';
import { compareValues } from './search/run-matches.ts';

type Value = string | Int64 | null | undefined;
type Group = RunGroupsReply['groups'][number];

/** What is grouped of a run: its values of `by`, and of the columns. */
export interface GroupedRun {
  readonly by: readonly Value[];
  readonly columns: readonly Value[];
}

/** Of the numbers added so far; by Welford's method, which does not lose digits to large means. */
interface Aggregate {
  count: number;
  mean: number;
  squares: number;
  min: number;
  max: number;
}

interface OpenGroup {
  readonly values: readonly (string | null)[];
  runs: number;
  readonly columns: readonly Aggregate[];
}

export const groupRuns = (runs: Iterable<GroupedRun>, { columns, order, offset, limit }: GroupQuery): RunGroupsReply => {
  const groups = new Map<string, OpenGroup>();
  for (const run of runs) addRun(groups, run, columns.length);
  const sorted = [...groups.values()].toSorted(compareGroups(order));
  return { total: sorted.length, groups: sorted.slice(offset, offset + limit).map(toGroup) };
};

const addRun = (groups: Map<string, OpenGroup>, run: GroupedRun, columns: number): void => {
  const values = run.by.map((value) => (value === null || value === undefined ? null : String(value)));
  const key = JSON.stringify(values);
  const group = groups.get(key) ?? { values, runs: 0, columns: Array.from({ length: columns }, newAggregate) };
  groups.set(key, group);
  group.runs += 1;
  for (const [index, aggregate] of group.columns.entries()) addNumber(aggregate, run.columns[index]);
};

const newAggregate = (): Aggregate => ({ count: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity });

/** NaN, which a database hands out as text, is none. */
const addNumber = (aggregate: Aggregate, value: Value): void => {
  if (typeof value !== 'number' || Number.isNaN(value)) return;
  aggregate.count += 1;
  const distance = value - aggregate.mean;
  aggregate.mean += distance / aggregate.count;
  aggregate.squares += distance * (value - aggregate.mean);
  aggregate.min = Math.min(aggregate.min, value);
  aggregate.max = Math.max(aggregate.max, value);
};

const toGroup = ({ values, runs, columns }: OpenGroup): Group => ({ values, runs, cells: columns.map(toCells) });

const toCells = ({ count, mean, squares, min, max }: Aggregate): Group['cells'][number] => ({
  count,
  mean: count === 0 ? null : toCell(mean),
  std: count < 2 ? null : toCell(Math.sqrt(squares / (count - 1))),
  min: count === 0 ? null : toCell(min),
  max: count === 0 ? null : toCell(max),
});

/** What is not told apart by the order is in the order of its values. */
const compareGroups =
  (order: readonly GroupOrderKey[]) =>
  (a: OpenGroup, b: OpenGroup): number => {
    for (const key of order) {
      const difference = compareValues(orderValue(a, key), orderValue(b, key), key.ascending);
      if (difference !== 0) return difference;
    }
    for (const [index, value] of a.values.entries()) {
      const difference = compareValues(sortable(value), sortable(b.values[index] ?? null), true);
      if (difference !== 0) return difference;
    }
    return 0;
  };

const orderValue = (group: OpenGroup, { of, index }: GroupOrderKey): string | number | undefined => {
  if (of === 'runs') return group.runs;
  if (of === 'by') return sortable(group.values[index] ?? null);
  const aggregate = group.columns[index];
  return aggregate === undefined || aggregate.count === 0 ? undefined : aggregate.mean;
};

/** Params are texts: those that are numbers are ordered as such. */
const sortable = (value: string | null): string | number | undefined => {
  if (value === null) return undefined;
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
};
