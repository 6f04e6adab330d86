import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Experiment, ViewType } from '../experiment.ts';
import type { Run } from '../run.ts';
import type { Page, TrackingStore } from '../tracking-store.ts';

/** Run ids in one `IN (…)`: a URL-safe, plan-safe size. */
const idsPerRequest = 200;
const experimentsPerRequest = 1000;
const parentTag = 'mlflow.parentRunId';

/** Quotes are not part of any run id or of MLflow's search strings, which know no escapes. */
const quoted = (text: string): string => `'${text.replaceAll("'", '')}'`;

export const parentOf = (run: Run): string | undefined => run.tags.find((tag) => tag.key === parentTag)?.value;

export const readExperiments = async (store: TrackingStore, signal?: AbortSignal, viewType: ViewType = 'ACTIVE_ONLY'): Promise<readonly Experiment[]> => {
  const experiments: Experiment[] = [];
  let pageToken: string | undefined;
  do {
    const search = { viewType, maxResults: experimentsPerRequest, ...(pageToken !== undefined && { pageToken }) };
    const page: Page<Experiment> = await store.searchExperiments(search, signal);
    experiments.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return experiments;
};

/** Runs by id, in as few requests as can be; those that are deleted or gone are left out. */
export const readRuns = async (
  store: TrackingStore,
  experimentIds: readonly ExperimentId[],
  runIds: readonly RunId[],
  signal?: AbortSignal,
): Promise<readonly Run[]> => {
  const pages = await Promise.all(chunks(runIds, idsPerRequest).map((ids) => store.searchRuns({ experimentIds, ...byId(ids) }, signal)));
  return pages.flatMap((page) => page.items);
};

/** At most 200. */
export const readDeletedRuns = async (store: TrackingStore, experimentIds: readonly ExperimentId[], runIds: readonly RunId[]): Promise<readonly Run[]> =>
  runIds.length === 0 ? [] : (await store.searchRuns({ experimentIds, ...byId(runIds), viewType: 'DELETED_ONLY' })).items;

const byId = (runIds: readonly RunId[]) => ({ filter: `attributes.run_id IN (${runIds.map(quoted).join(', ')})`, maxResults: runIds.length });

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Newest first. Later pages begin at the last start time seen: offsets would skip runs when others are deleted. */
export interface RunQuery {
  readonly experimentId: ExperimentId;
  readonly maxResults: number;
  /** ms since the epoch, included. */
  readonly startedUntil?: number | undefined;
  /** ms since the epoch, included. */
  readonly startedFrom?: number | undefined;
}

export interface NewestRuns {
  readonly runs: readonly Run[];
  readonly hasMore: boolean;
}

/** Runs that are not nested. A server older than `IS NULL` sends nested ones too. */
export const readTopRuns = async (store: TrackingStore, query: RunQuery, signal?: AbortSignal): Promise<NewestRuns> => {
  try {
    return await searchNewest(store, query, [`tags.\`${parentTag}\` IS NULL`], signal);
  } catch (error) {
    if (!isUnknownSyntax(error)) throw error;
    return searchNewest(store, query, [], signal);
  }
};

export const readChildRuns = (store: TrackingStore, query: RunQuery & { readonly parentId: RunId }, signal?: AbortSignal): Promise<NewestRuns> =>
  searchNewest(store, query, [`tags.\`${parentTag}\` = ${quoted(query.parentId)}`], signal);

/** Nested runs of any depth. */
export const readNestedRuns = async (store: TrackingStore, query: RunQuery, signal?: AbortSignal): Promise<NewestRuns> => {
  try {
    return await searchNewest(store, query, [`tags.\`${parentTag}\` IS NOT NULL`], signal);
  } catch (error) {
    if (!isUnknownSyntax(error)) throw error;
    return { runs: [], hasMore: false };
  }
};

const isUnknownSyntax = (error: unknown): boolean => error instanceof MlflowError && (error.code === 'INVALID_PARAMETER_VALUE' || error.code === 'BAD_REQUEST');

const searchNewest = async (store: TrackingStore, query: RunQuery, clauses: readonly string[], signal?: AbortSignal): Promise<NewestRuns> => {
  const { experimentId, maxResults, startedUntil, startedFrom } = query;
  const times = [
    ...(startedUntil === undefined ? [] : [`attributes.start_time <= ${startedUntil}`]),
    ...(startedFrom === undefined ? [] : [`attributes.start_time >= ${startedFrom}`]),
  ];
  const filter = [...clauses, ...times].join(' AND ');
  const page = await store.searchRuns({ experimentIds: [experimentId], filter, orderBy: ['attributes.start_time DESC'], maxResults }, signal);
  return { runs: page.items, hasMore: page.nextPageToken !== undefined };
};
