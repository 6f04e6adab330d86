import { isDeepStrictEqual } from 'node:util';

import type { FacetsRequest, RunGroupsRequest, RunSearchRequest } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { ViewType } from './experiment.ts';
import { guessing, type Language } from './search/rich/language.ts';
import { readRowOrder, splitDirection, type RowOrderKey } from './search/rich/row-order.ts';
import { isNumericTerm, readRunTerm, type RunTerm } from './search/rich/run-term.ts';
import { conditionsOf, parseRunFilter, type RunFilter } from './search/rich/run-filter.ts';

export const parentTag = 'mlflow.parentRunId';
export const colorTag = 'mlflow.runColor';

/** Which runs are meant. */
export interface RunSelection {
  readonly experimentIds: readonly string[];
  readonly viewType: ViewType;
  readonly filter: RunFilter;
  readonly nesting: NonNullable<RunSearchRequest['nesting']>;
}

/** A request for rows, understood. */
export interface RowQuery {
  readonly selection: RunSelection;
  readonly columns: readonly RunTerm[];
  readonly order: readonly RowOrderKey[];
  readonly offset: number;
  readonly limit: number;
}

const mostColumns = 500;
const mostRows = 1000;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** `best` follows the directions that the experiments say. */
export const readRowQuery = (request: RunSearchRequest, language: Language): RowQuery => {
  checkPage(request);
  return {
    selection: readSelection(request, language),
    columns: readColumns(request.columns, language),
    order: readRowOrder(request.orderBy ?? [], language),
    offset: request.offset,
    limit: request.limit,
  };
};

const checkPage = ({ offset, limit }: Pick<RunSearchRequest, 'offset' | 'limit'>): void => {
  if (limit < 1 || limit > mostRows) throw invalid(`Invalid value ${limit} for parameter 'limit' supplied: it must be from 1 to ${mostRows}.`);
  if (offset < 0) throw invalid(`Invalid value ${offset} for parameter 'offset' supplied: it must not be negative.`);
};

/** Comparisons of single runs that one search may take: each is about a microsecond in a database. */
const mostComparisons = 10_000_000;

/** Refuses in time what would take very long. */
export const checkWork = ({ filter }: RunSelection, runs: number): void => {
  const comparisons = conditionsOf(filter).length;
  if (comparisons * runs <= mostComparisons) return;
  throw invalid(`${comparisons} comparisons for each of ${runs} runs take too long: shorten the filter, or search fewer experiments.`);
};

/** By one of the values, by the mean of one of the columns, or by the number of runs. */
export interface GroupOrderKey {
  readonly of: 'by' | 'column' | 'runs';
  readonly index: number;
  readonly ascending: boolean;
}

/** A request for groups, understood. */
export interface GroupQuery {
  readonly selection: RunSelection;
  readonly by: readonly RunTerm[];
  readonly columns: readonly RunTerm[];
  readonly order: readonly GroupOrderKey[];
  readonly offset: number;
  readonly limit: number;
}

const mostBy = 5;

export const readGroupQuery = (request: RunGroupsRequest, language: Language): GroupQuery => {
  checkPage(request);
  const by = readColumns(request.by, language);
  const columns = readColumns(request.columns, language);
  if (by.length < 1 || by.length > mostBy) throw invalid(`Runs can be grouped by 1 to ${mostBy} columns. Got ${by.length}.`);
  const unfit = by.findIndex(({ kind }) => kind !== 'attribute' && kind !== 'parameter' && kind !== 'tag');
  if (unfit >= 0) throw invalid(`Runs can be grouped by params, tags and attributes. Got '${request.by[unfit]}'.`);
  const text = columns.findIndex((term) => !isNumericTerm(term));
  if (text >= 0) throw invalid(`Only numbers can be aggregated. Got '${request.columns[text]}'.`);
  return {
    selection: readSelection(request, language),
    by,
    columns,
    order: (request.orderBy ?? []).map((text) => readGroupKey(text, { by, columns, language })),
    offset: request.offset,
    limit: request.limit,
  };
};

interface Grouping {
  readonly by: readonly RunTerm[];
  readonly columns: readonly RunTerm[];
  readonly language: Language;
}

const readGroupKey = (text: string, { by, columns, language }: Grouping): GroupOrderKey => {
  const { column, ascending } = splitDirection(text);
  if (column.trim() === 'runs') return { of: 'runs', index: 0, ascending };
  const wanted = readColumn(column, language);
  const indexIn = (terms: readonly RunTerm[]): number => terms.findIndex((term) => isDeepStrictEqual(term, wanted));
  if (indexIn(by) >= 0) return { of: 'by', index: indexIn(by), ascending };
  if (indexIn(columns) >= 0) return { of: 'column', index: indexIn(columns), ascending };
  throw invalid(`Groups can be ordered by what they are grouped by, by their columns, or by runs. Got '${text}'.`);
};

export const readFacetsSelection = (request: FacetsRequest): RunSelection => readSelection(request, guessing);

type SelectionRequest = Pick<RunSearchRequest, 'experimentIds' | 'filter' | 'viewType' | 'nesting'>;

const readSelection = ({ experimentIds, filter = '', viewType = 'ACTIVE_ONLY', nesting = 'all' }: SelectionRequest, language: Language): RunSelection => ({
  experimentIds,
  viewType,
  filter: parseRunFilter(filter, language),
  nesting,
});

const readColumns = (columns: readonly string[], language: Language): readonly RunTerm[] => {
  if (columns.length > mostColumns) throw invalid(`At most ${mostColumns} columns can be asked for at once. Got ${columns.length}.`);
  return columns.map((text) => readColumn(text, language));
};

const readColumn = (text: string, { directionOf }: Language): RunTerm => {
  const term = readRunTerm(text, directionOf);
  if (term.kind === 'dataset') throw invalid(`A run may have several datasets: their column is 'datasets'. Got '${text}'.`);
  return term;
};
