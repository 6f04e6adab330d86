import { guessMetricDirection } from '../../schemas/metric-direction.ts';
import type { FacetsRequest, RunSearchRequest } from '../../schemas/workbench-api.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { MlflowError } from '../shared/errors.ts';
import { facetsOf } from './memory-facets.ts';
import { toRow } from './memory-run-rows.ts';
import type { TermRun } from './run-cell.ts';
import { parentTag, readRowQuery } from './run-query.ts';
import type { Run } from './run.ts';
import type { Facets, RunRows } from './store-connection.ts';
import type { TrackingStore } from './tracking-store.ts';

/** Runs of one request; more are slow on MLflow's server. */
const pageSize = 1000;
/** Facets are counted in as many of the newest runs. */
const mostCounted = 5000;

/** Rows from MLflow's own search: what it cannot do is refused in words, what it does not tell is said in the notes. */
export const searchRowsFrom = async (tracking: TrackingStore, request: RunSearchRequest, signal?: AbortSignal): Promise<RunRows> => {
  const query = readRowQuery(request, guessMetricDirection);
  const { runs, isComplete } = await readRuns(tracking, plainSearch(request), request.offset + request.limit, signal);
  const termRuns = runs.map(toTermRun);
  const rows = termRuns.slice(request.offset, request.offset + request.limit).map((run) => toRow(run, query, childrenIn(termRuns, run)));
  return { total: runs.length, totalIsKnown: isComplete, rows, notes: notesFor(request, isComplete) };
};

type PlainSearch = Pick<Parameters<TrackingStore['searchRuns']>[0], 'experimentIds' | 'filter' | 'viewType' | 'orderBy'>;

const plainSearch = ({ experimentIds, filter = '', viewType = 'ACTIVE_ONLY', nesting = 'all', orderBy = [] }: RunSearchRequest): PlainSearch => {
  const nested =
    nesting === 'all' ? [] : [nesting === 'top' ? `tags.\`${parentTag}\` IS NULL` : `tags.\`${parentTag}\` = '${nesting.childrenOf.replaceAll("'", '')}'`];
  return {
    experimentIds: experimentIds.map(asExperimentId),
    filter: [...(filter.trim() === '' ? [] : [filter]), ...nested].join(' AND '),
    viewType,
    orderBy,
  };
};

interface LoadedRuns {
  readonly runs: readonly Run[];
  readonly isComplete: boolean;
}

/** MLflow pages by tokens: what comes before a page has to be loaded too. */
const readRuns = async (tracking: TrackingStore, search: PlainSearch, count: number, signal?: AbortSignal): Promise<LoadedRuns> => {
  const runs: Run[] = [];
  let pageToken: string | undefined;
  do {
    const maxResults = Math.min(pageSize, count - runs.length);
    const page = await tracking.searchRuns({ ...search, maxResults, ...(pageToken !== undefined && { pageToken }) }, signal);
    runs.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && runs.length < count);
  return { runs, isComplete: pageToken === undefined };
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

const refuse = (what: string): never => {
  throw new MlflowError('INVALID_PARAMETER_VALUE', `This server knows only MLflow's own search language, without ${what}.`);
};

const childrenIn = (runs: readonly TermRun[], { info }: TermRun): number => runs.filter((run) => run.tag(parentTag) === info.runId).length;

const notesFor = ({ nesting = 'all' }: RunSearchRequest, isComplete: boolean): readonly string[] => [
  ...(isComplete ? [] : ['This server does not tell how many runs there are: only those loaded so far are counted.']),
  ...(nesting === 'top' ? ['This server cannot tell whether a parent run is there: nested runs whose parent is deleted are left out.'] : []),
];

export const readFacetsFrom = async (
  tracking: TrackingStore,
  { experimentIds, viewType = 'ACTIVE_ONLY' }: FacetsRequest,
  signal?: AbortSignal,
): Promise<Facets> => {
  const { runs, isComplete } = await readRuns(tracking, { experimentIds: experimentIds.map(asExperimentId), viewType }, mostCounted, signal);
  return { ...facetsOf(runs), notes: isComplete ? [] : [`This server counts nothing itself: only the newest ${mostCounted} runs were looked at.`] };
};
