import type { ExperimentId, RunId } from '../../schemas/ids.ts';
import type { Experiment, ViewType } from './experiment.ts';
import type { Run } from './run.ts';
import { isOneOf } from './runs-query.ts';
import type { Page, TrackingStore } from './tracking-store.ts';

/** Run ids in one `IN (…)`: a size that fits into an address and into a plan. */
const idsPerRequest = 200;
const experimentsPerRequest = 1000;

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

export interface RunsById {
  readonly experimentIds: readonly ExperimentId[];
  readonly runIds: readonly RunId[];
  /** Without it, runs that are not deleted. */
  readonly viewType?: ViewType;
}

/** Runs by id, in as few requests as can be; those that are gone are left out. */
export const readRuns = async (store: TrackingStore, { runIds, ...where }: RunsById, signal?: AbortSignal): Promise<readonly Run[]> => {
  const pages = await Promise.all(
    chunks(runIds, idsPerRequest).map((ids) => store.searchRuns({ ...where, filter: isOneOf(ids), maxResults: ids.length }, signal)),
  );
  return pages.flatMap(({ items }) => items);
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
