import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Experiment } from '../experiment.ts';
import type { Run } from '../run.ts';
import type { Page, TrackingStore } from '../tracking-store.ts';

/** Run ids in one `IN (…)`: a URL-safe, plan-safe size. */
const idsPerRequest = 200;
const experimentsPerRequest = 1000;
const parentTag = 'mlflow.parentRunId';

/** Quotes are not part of any run id or of MLflow's search strings, which know no escapes. */
const quoted = (text: string): string => `'${text.replaceAll("'", '')}'`;

export const parentOf = (run: Run): string | undefined => run.tags.find((tag) => tag.key === parentTag)?.value;

export const readExperiments = async (store: TrackingStore, signal?: AbortSignal): Promise<readonly Experiment[]> => {
  const experiments: Experiment[] = [];
  let pageToken: string | undefined;
  do {
    const page: Page<Experiment> = await store.searchExperiments({ maxResults: experimentsPerRequest, ...(pageToken !== undefined && { pageToken }) }, signal);
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
  const pages = await Promise.all(
    chunks(runIds, idsPerRequest).map((ids) =>
      store.searchRuns({ experimentIds, filter: `attributes.run_id IN (${ids.map(quoted).join(', ')})`, maxResults: ids.length }, signal),
    ),
  );
  return pages.flatMap((page) => page.items);
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

export interface RunQuery {
  readonly experimentId: ExperimentId;
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
}

/** Newest first, without nested runs. A server older than `IS NULL` sends nested ones too. */
export const readTopRuns = async (store: TrackingStore, query: RunQuery, signal?: AbortSignal): Promise<Page<Run>> => {
  try {
    return await searchNewest(store, query, `tags.\`${parentTag}\` IS NULL`, signal);
  } catch (error) {
    if (!isUnknownSyntax(error)) throw error;
    return searchNewest(store, query, '', signal);
  }
};

export const readChildRuns = (store: TrackingStore, query: RunQuery & { readonly parentId: RunId }, signal?: AbortSignal): Promise<Page<Run>> =>
  searchNewest(store, query, `tags.\`${parentTag}\` = ${quoted(query.parentId)}`, signal);

/** Nested runs of any depth that started at or after `since`. */
export const readNestedRuns = async (store: TrackingStore, query: RunQuery & { readonly since: number }, signal?: AbortSignal): Promise<Page<Run>> => {
  try {
    return await searchNewest(store, query, `tags.\`${parentTag}\` IS NOT NULL AND attributes.start_time >= ${query.since}`, signal);
  } catch (error) {
    if (!isUnknownSyntax(error)) throw error;
    return { items: [] };
  }
};

const isUnknownSyntax = (error: unknown): boolean => error instanceof MlflowError && (error.code === 'INVALID_PARAMETER_VALUE' || error.code === 'BAD_REQUEST');

const searchNewest = (store: TrackingStore, query: RunQuery, filter: string, signal?: AbortSignal): Promise<Page<Run>> =>
  store.searchRuns(
    {
      experimentIds: [query.experimentId],
      filter,
      orderBy: ['attributes.start_time DESC'],
      maxResults: query.maxResults,
      ...(query.pageToken !== undefined && { pageToken: query.pageToken }),
    },
    signal,
  );
