import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Run } from '../run.ts';
import type { TrackingStore } from '../tracking-store.ts';

const parentTag = 'mlflow.parentRunId';

/** Quotes are not part of any run id or of MLflow's search strings, which know no escapes. */
const quoted = (text: string): string => `'${text.replaceAll("'", '')}'`;

export const parentOf = (run: Run): string | undefined => run.tags.find((tag) => tag.key === parentTag)?.value;

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
