import type { FilterProblem, GroupsReply, RowsReply, RunRow, RunsQuery } from '../../schemas/runs-protocol.ts';
import type { RunGroupsRequest } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import { groupRuns } from './group-runs.ts';
import { readGroupQuery } from './run-query.ts';
import { isNoneOf, isOneOf, toSearchRequest } from './runs-query.ts';
import { guessing } from './search/rich/language.ts';
import { readRunFilter } from './search/rich/run-filter.ts';
import { parseRunsFilter } from './search/runs-filter.ts';
import type { StoreConnection } from './store-connection.ts';

/** Runs that one request of the page may be about, and rows that it may ask for. */
const most = 1000;

/** The runs of some experiments of one store, as the runs table asks for them. */
export interface RunsPlace {
  readonly store: StoreConnection;
  readonly experimentIds: readonly string[];
}

/** Whether totals, groups and nesting come from the server. */
export const isRich = ({ groupRows }: StoreConnection): boolean => groupRows !== undefined;

interface RowsWanted {
  readonly query: RunsQuery;
  readonly offset: number;
  readonly limit: number;
  readonly except?: readonly string[];
}

export const readRows = async (place: RunsPlace, { query, offset, limit, except = [] }: RowsWanted, signal?: AbortSignal): Promise<RowsReply> => {
  const clauses = except.length === 0 ? [] : [isNoneOf(except)];
  const request = toSearchRequest(fitting(query, place), { experimentIds: place.experimentIds, offset, limit: Math.min(limit, most), clauses });
  return await place.store.searchRows(request, signal);
};

/** A server without nesting shows all runs alike. */
const fitting = (query: RunsQuery, { store }: RunsPlace): RunsQuery => (isRich(store) || query.nesting !== 'top' ? query : { ...query, nesting: 'all' });

/** Of these runs those that belong to the query, wherever they are nested. */
export const readSomeRows = async (place: RunsPlace, query: RunsQuery, runIds: readonly string[], signal?: AbortSignal): Promise<readonly RunRow[]> => {
  const { experimentIds, store } = place;
  const everywhere: RunsQuery = { ...query, nesting: 'all' };
  const pages = await Promise.all(
    chunks(runIds, idsPerRequest).map(async (ids) =>
      store.searchRows(toSearchRequest(everywhere, { experimentIds, offset: 0, limit: most, clauses: [isOneOf(ids)] }), signal),
    ),
  );
  const rows = new Map(pages.flatMap((page) => page.rows).map((row) => [row.runId, row]));
  return runIds.flatMap((runId) => rows.get(runId) ?? []);
};

/** These runs with the values of the query: who has chosen them keeps them, also where a filter hides them by now. */
export const readChosenRows = async (place: RunsPlace, query: RunsQuery, runIds: readonly string[], signal?: AbortSignal): Promise<readonly RunRow[]> => {
  const { within: _, ...unbound } = query;
  return await readSomeRows(place, { ...unbound, filter: '' }, runIds, signal);
};

const idsPerRequest = 200;

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

interface GroupsWanted {
  readonly query: RunsQuery;
  readonly by: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export const readGroups = async (place: RunsPlace, { query, by, offset, limit }: GroupsWanted, signal?: AbortSignal): Promise<GroupsReply> => {
  const { nesting: _, ...search } = toSearchRequest(query, { experimentIds: place.experimentIds, offset, limit: Math.min(limit, most) });
  const request: RunGroupsRequest = { ...search, by };
  const { store } = place;
  if (store.groupRows !== undefined) return { ...(await store.groupRows(request, signal)), notes: [] };
  return await groupLoaded(store, request, signal);
};

/** A plain server groups nothing: what can be loaded at once is grouped here, and that is said. */
const groupLoaded = async (store: StoreConnection, request: RunGroupsRequest, signal?: AbortSignal): Promise<GroupsReply> => {
  const { by, columns, orderBy: _, ...search } = request;
  const { rows, totalIsKnown } = await store.searchRows({ ...search, columns: [...by, ...columns], offset: 0, limit: most }, signal);
  const runs = rows.map(({ cells }) => ({ by: cells.slice(0, by.length), columns: cells.slice(by.length) }));
  const notes = totalIsKnown ? [] : [`This server cannot group: these are groups of the first ${most.toLocaleString('en-US')} runs`];
  return { ...groupRuns(runs, readGroupQuery(request, guessing)), notes };
};

/** All rows of a query, page by page. */
export const readAllRows = async (place: RunsPlace, query: RunsQuery, onPage: (rows: number) => void, signal?: AbortSignal): Promise<readonly RunRow[]> => {
  const rows: RunRow[] = [];
  for (let isWhole = false; !isWhole;) {
    const page = await readRows(place, { query: { ...query, nesting: 'all' }, offset: rows.length, limit: most }, signal);
    rows.push(...page.rows);
    isWhole = page.rows.length === 0 || (page.totalIsKnown && rows.length >= page.total);
    onPage(rows.length);
  }
  return rows;
};

/** What is wrong with a filter, as far as that can be said without a server. */
export const problemsOf = (filter: string, store: StoreConnection): readonly FilterProblem[] => {
  const { problems } = readRunFilter(filter);
  return problems.length > 0 || isRich(store) ? problems : beyondMlflow(filter);
};

/** A plain server would say so too, but later. */
const beyondMlflow = (filter: string): readonly FilterProblem[] => {
  try {
    parseRunsFilter(filter);
    return [];
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    return [{ start: 0, end: filter.length, message: `This server knows only MLflow's own search language: ${error.message}` }];
  }
};
