import { termValue, type TermRun } from './run-cell.ts';
import { parentTag, type RowQuery, type RunSelection } from './run-query.ts';
import { filterHolds } from './search/rich/filter-holds.ts';
import { PatternMatcher } from './search/rich/regular-expression.ts';
import { compareValues } from './search/run-matches.ts';
import type { RowOrderKey } from './search/rich/row-order.ts';
import { compareTexts } from './search/text-match.ts';

/** Runs of a selection in order, and how many children each has among them. */
export interface SelectedRuns<R extends TermRun> {
  readonly runs: readonly R[];
  readonly children: ReadonlyMap<string, number>;
}

/** Of the runs of the selection's view; the same that becomes SQL for databases. */
export const selectRuns = <R extends TermRun>(runs: readonly R[], { selection, order }: RowQuery): SelectedRuns<R> => {
  const matcher = new PatternMatcher();
  const matching = runs.filter((run) => filterHolds(run, selection.filter, matcher));
  const children = new Map<string, number>();
  for (const run of matching) {
    const parent = parentOf(run);
    if (parent !== undefined) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  return { runs: nested(matching, selection.nesting).toSorted(compareRows(order)), children };
};

/** No run is its own parent. */
const parentOf = (run: TermRun): string | undefined => {
  const parent = run.tag(parentTag);
  return parent === run.info.runId ? undefined : parent;
};

/** A nested run stands at the top when its parent is not among those that match: it would be found nowhere else. */
const nested = <R extends TermRun>(runs: readonly R[], nesting: RunSelection['nesting']): readonly R[] => {
  if (nesting === 'all') return runs;
  if (nesting !== 'top') return runs.filter((run) => parentOf(run) === nesting.childrenOf);
  const ids = new Set<string>(runs.map(({ info }) => info.runId));
  return runs.filter((run) => !ids.has(parentOf(run) ?? ''));
};

const compareRows = (order: readonly RowOrderKey[]): ((a: TermRun, b: TermRun) => number) => {
  const values = new Map<TermRun, readonly ReturnType<typeof termValue>[]>();
  const valuesOf = (run: TermRun): readonly ReturnType<typeof termValue>[] => {
    const found = values.get(run) ?? order.map(({ term }) => termValue(run, term));
    values.set(run, found);
    return found;
  };
  return (a, b) => {
    const [left, right] = [valuesOf(a), valuesOf(b)];
    for (const [index, { ascending }] of order.entries()) {
      const difference = compareValues(left[index], right[index], ascending);
      if (difference !== 0) return difference;
    }
    return compareValues(a.info.startTime, b.info.startTime, false) || compareTexts(a.info.runId, b.info.runId);
  };
};
