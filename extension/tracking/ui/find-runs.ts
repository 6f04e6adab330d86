import type { RunsOfExperiments } from '../../../schemas/compare-layout.ts';
import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { asRunId } from '../../../schemas/ids.ts';
import type { Run } from '../run.ts';
import { addressText, type StoreConnection } from '../store-connection.ts';
import { readExperiments, readRuns } from '../runs-by-id.ts';

/** A run by what outlives a window: its store's address and its id. The address is empty when no store has it. */
export interface RunPointer {
  readonly store: string;
  readonly runId: string;
}

export interface FoundRuns {
  readonly pointers: readonly RunPointer[];
  /** What was not taken, in sentences. */
  readonly notes: readonly string[];
}

/** Runs by id, wherever they are. */
export const findRunsById = async (stores: readonly StoreConnection[], runIds: readonly string[]): Promise<FoundRuns> => {
  const found = new Map<string, string>();
  for (const pointer of (await Promise.all(stores.map((store) => pointersIn(store, runIds)))).flat()) found.set(pointer.runId, pointer.store);
  return { pointers: [...new Set(runIds)].map((runId) => ({ runId, store: found.get(runId) ?? '' })), notes: [] };
};

const pointersIn = async (store: StoreConnection, runIds: readonly string[]): Promise<readonly RunPointer[]> => {
  const experiments = await readExperiments(store.tracking);
  const experimentIds = experiments.map(({ experimentId }) => experimentId);
  const runs = await readRuns(store.tracking, { experimentIds, runIds: runIds.map(asRunId) });
  return runs.map((run) => toPointer(store, run));
};

const toPointer = ({ address }: StoreConnection, run: Run): RunPointer => ({ store: addressText(address), runId: run.info.runId });

/** As many as charts can show. */
const mostRuns = 1000;

/** The newest runs of experiments, by their names, in whichever stores have them. */
export const findRunsOf = async (stores: readonly StoreConnection[], source: RunsOfExperiments): Promise<FoundRuns> => {
  const most = Math.min(source.newest ?? mostRuns, mostRuns);
  const pages = await Promise.all(stores.map((store) => newestIn(store, source, most)));
  const newest = pages.flatMap(({ runs }) => runs).sort((left, right) => Number(right.run.info.startTime ?? 0) - Number(left.run.info.startTime ?? 0));
  const known = new Set(pages.flatMap(({ names }) => names));
  const missing = source.experiments.filter((name) => !known.has(name));
  const hasMore = newest.length > most || pages.some((page) => page.hasMore);
  return {
    pointers: newest.slice(0, most).map(({ store, run }) => toPointer(store, run)),
    notes: [
      ...(hasMore && source.newest === undefined ? [`These are the newest ${most.toLocaleString('en-US')} runs; there are more.`] : []),
      ...missing.map((name) => `No open store has an experiment “${name}”.`),
    ],
  };
};

interface NewestOfStore {
  readonly names: readonly string[];
  readonly runs: readonly { readonly store: StoreConnection; readonly run: Run }[];
  readonly hasMore: boolean;
}

const newestIn = async (store: StoreConnection, { experiments: names, filter }: RunsOfExperiments, most: number): Promise<NewestOfStore> => {
  const experiments = (await readExperiments(store.tracking)).filter(({ name }) => names.includes(name));
  const experimentIds: readonly ExperimentId[] = experiments.map(({ experimentId }) => experimentId);
  if (experimentIds.length === 0) return { names: [], runs: [], hasMore: false };
  const search = { experimentIds, orderBy: ['attributes.start_time DESC'], maxResults: most, ...(filter !== undefined && { filter }) };
  const page = await store.tracking.searchRuns(search);
  return { names: experiments.map(({ name }) => name), runs: page.items.map((run) => ({ store, run })), hasMore: page.nextPageToken !== undefined };
};

/** The newest run of the same experiment that started before this one. */
export const findPreviousRun = async (store: StoreConnection, runId: RunId): Promise<RunPointer | undefined> => {
  const { info } = await store.tracking.getRun(runId);
  const page = await store.tracking.searchRuns({
    experimentIds: [info.experimentId],
    filter: `attributes.start_time < ${info.startTime ?? 0}`,
    orderBy: ['attributes.start_time DESC'],
    maxResults: 1,
  });
  const [previous] = page.items;
  return previous && toPointer(store, previous);
};
