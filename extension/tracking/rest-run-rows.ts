import { isDeepStrictEqual } from 'node:util';

import type { FacetsRequest, RunSearchRequest } from '../../schemas/workbench-api.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { facetsOf } from './memory-facets.ts';
import type { TermRun } from './run-cell.ts';
import { parentTag, readRowQuery, type RowQuery } from './run-query.ts';
import { toRow } from './run-row.ts';
import type { Run } from './run.ts';
import { orderKeys } from './search/run-field.ts';
import { guessing } from './search/rich/language.ts';
import type { RunFilter } from './search/rich/run-filter.ts';
import type { RunTerm } from './search/rich/run-term.ts';
import type { Facets, RunRows } from './store-connection.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Runs of one request; more are slow on MLflow's server. */
const pageSize = 1000;
/** Facets are counted in as many of the newest runs. */
const mostCounted = 5000;

type PlainSearch = Pick<Parameters<TrackingStore['searchRuns']>[0], 'experimentIds' | 'filter' | 'viewType' | 'orderBy'>;

/** The runs of a search from its first one on. */
interface LoadedRuns {
  readonly search: PlainSearch;
  readonly runs: readonly Run[];
  /** Of what has not been loaded yet. */
  readonly nextPageToken?: string;
}

/**
 * Rows from MLflow's own search: what it cannot do is refused in words, what it does not tell is said in the notes. It pages by tokens,
 * so that what comes before a page has to be loaded too: the last search is kept until it begins anew, or its runs may have changed.
 */
export class RestRunRows {
  readonly #tracking: TrackingStore;
  #last: LoadedRuns | undefined;

  constructor(tracking: TrackingStore) {
    this.#tracking = tracking;
  }

  /** Runs may have changed. */
  forget(): void {
    this.#last = undefined;
  }

  async searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows> {
    const query = readRowQuery(request, guessing);
    refuseBeyondMlflow(query);
    if (request.offset === 0) this.forget();
    const { runs, nextPageToken } = await this.#load(plainSearch(request), request.offset + request.limit, signal);
    const children = countChildren(runs);
    const rows = runs.slice(request.offset, request.offset + request.limit).map((run) => toRow(toTermRun(run), query, children.get(run.info.runId)));
    const totalIsKnown = nextPageToken === undefined;
    return { total: runs.length, totalIsKnown, rows, notes: notesFor(query, { totalIsKnown, hasNested: children.size > 0 }) };
  }

  async facets({ experimentIds, viewType = 'ACTIVE_ONLY' }: FacetsRequest, signal?: AbortSignal): Promise<Facets> {
    const loaded = await this.#load(plainSearch({ experimentIds, viewType }), mostCounted, signal);
    const runs = loaded.runs.slice(0, mostCounted);
    const isAll = loaded.nextPageToken === undefined && runs.length === loaded.runs.length;
    return { ...facetsOf(runs), notes: isAll ? [] : [`This server counts nothing itself: only the newest ${mostCounted} runs were looked at.`] };
  }

  async #load(search: PlainSearch, count: number, signal?: AbortSignal): Promise<LoadedRuns> {
    let loaded: LoadedRuns =
      isDeepStrictEqual(this.#last?.search, search) && this.#last !== undefined ? this.#last : await this.#loadPage({ search, runs: [] }, count, signal);
    while (loaded.nextPageToken !== undefined && loaded.runs.length < count) loaded = await this.#loadPage(loaded, count, signal);
    this.#last = loaded;
    return loaded;
  }

  async #loadPage({ search, runs, nextPageToken: pageToken }: LoadedRuns, count: number, signal?: AbortSignal): Promise<LoadedRuns> {
    const maxResults = Math.min(pageSize, count - runs.length);
    const { items, nextPageToken } = await this.#tracking.searchRuns({ ...search, maxResults, ...(pageToken !== undefined && { pageToken }) }, signal);
    return { search, runs: [...runs, ...items], ...(nextPageToken !== undefined && { nextPageToken }) };
  }
}

const plainSearch = ({
  experimentIds,
  filter = '',
  viewType = 'ACTIVE_ONLY',
  nesting = 'all',
  orderBy = [],
}: Omit<RunSearchRequest, 'columns' | 'offset' | 'limit'>): PlainSearch => ({
  experimentIds: experimentIds.map(asExperimentId),
  filter: [filter.trim(), nestingFilter(nesting)].filter((part) => part !== '').join(' AND '),
  viewType,
  orderBy,
});

/** No run id has quotes, and MLflow's strings know no escapes. */
const nestingFilter = (nesting: NonNullable<RunSearchRequest['nesting']>): string => {
  if (nesting === 'all') return '';
  return nesting === 'top' ? `tags.\`${parentTag}\` IS NULL` : `tags.\`${parentTag}\` = '${nesting.childrenOf.replaceAll("'", '')}'`;
};

const refuseBeyondMlflow = ({ selection, columns, order }: RowQuery): void => {
  if (!isPlain(selection.filter)) refuse('OR, NOT, brackets, regular expressions and functions');
  if ([...columns, ...order.map(({ term }) => term)].some(({ kind }) => kind === 'history' || kind === 'step')) refuse('the functions of metric histories');
  if (!order.every(({ term }) => isOrderable(term))) refuse('an order by what is not a metric, a param, a tag or one of its own attributes');
};

const refuse = (what: string): never => {
  throw new MlflowError('INVALID_PARAMETER_VALUE', `This server knows only MLflow's own search language, without ${what}.`);
};

const isPlain = (filter: RunFilter): boolean => filter.kind === 'comparison' || (filter.kind === 'all' && filter.parts.every(isPlain));

const isOrderable = (term: RunTerm): boolean => {
  if (term.kind === 'attribute') return orderKeys.includes(term.key);
  return term.kind === 'metric' || term.kind === 'parameter' || term.kind === 'tag';
};

const toTermRun = (run: Run): TermRun => ({
  info: run.info,
  metric: (key) => run.latestMetrics.find((metric) => metric.key === key)?.value,
  param: (key) => run.params.find((param) => param.key === key)?.value,
  tag: (key) => run.tags.find((tag) => tag.key === key)?.value,
  datasetInputs: run.datasetInputs,
  models: run.modelOutputs.map(({ modelId }) => modelId),
  history: () => refuse('the functions of metric histories'),
});

const countChildren = (runs: readonly Run[]): ReadonlyMap<string, number> => {
  const children = new Map<string, number>();
  for (const { tags } of runs) {
    const parent = tags.find(({ key }) => key === parentTag)?.value;
    if (parent !== undefined) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  return children;
};

interface Answered {
  readonly totalIsKnown: boolean;
  readonly hasNested: boolean;
}

const notesFor = ({ selection, columns }: RowQuery, { totalIsKnown, hasNested }: Answered): readonly string[] => [
  ...(totalIsKnown ? [] : ['This server does not tell how many runs there are: only those loaded so far are counted.']),
  ...(selection.nesting === 'top' ? ['This server cannot tell whether a parent run is there: nested runs whose parent is deleted are left out.'] : []),
  ...(selection.nesting === 'all' && hasNested ? ['This server does not nest: child runs stand among the others, too.'] : []),
  ...(columns.some(({ kind }) => kind === 'models') ? ['This server sends ids of models with its runs, not their names.'] : []),
];
