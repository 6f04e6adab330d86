import type { Metric, Run, Tag } from '../../../extension/tracking/run.ts';
import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import type { ExperimentId, RunId } from '../../../schemas/ids.ts';

/** A store, and a new experiment in it. */
export interface Given {
  readonly store: TrackingStore;
  readonly experiment: ExperimentId;
  readonly uniqueName: string;
}

export interface StoreTraits {
  /** A database cannot hold them, files can. */
  readonly keepsInfinities?: boolean;
}

export type SetUp = () => Promise<Given>;

export const metric = (key: string, value: number, step = 0, timestamp = 1000 + step): Metric => ({ key, value, timestamp, step });
export const tagsOf = (tags: readonly Tag[]): Record<string, string> => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
export const metricsOf = (run: Run): Record<string, number> => Object.fromEntries(run.latestMetrics.map(({ key, value }) => [key, value]));

interface NewRun {
  readonly runName?: string;
  readonly startTime?: number;
  readonly tags?: readonly Tag[];
}

export const createRun = async ({ store, experiment }: Pick<Given, 'store' | 'experiment'>, options: NewRun = {}): Promise<RunId> => {
  const run = await store.createRun({ experimentId: experiment, startTime: 1, tags: [], ...options });
  return run.info.runId;
};

/** Names of the runs that are found, in their order. */
export const searchRunNames = async (
  { store, experiment }: Pick<Given, 'store' | 'experiment'>,
  filter: string,
  orderBy: readonly string[] = [],
): Promise<readonly string[]> => {
  const page = await store.searchRuns({ experimentIds: [experiment], filter, orderBy, maxResults: 100 });
  return page.items.map((run) => run.info.runName);
};
