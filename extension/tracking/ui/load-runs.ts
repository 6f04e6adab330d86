import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { asRunId } from '../../../schemas/ids.ts';
import type { Run } from '../run.ts';
import type { TrackingStore } from '../tracking-store.ts';
import { readRuns } from '../runs-by-id.ts';
import type { RunForest } from './run-forest.ts';
import { parentOf, readChildRuns, readNestedRuns, readTopRuns } from './run-queries.ts';

export const pageSize = 50;
/** Nested runs looked at to learn which runs have any. */
const nestedLimit = 200;

const startsOf = (runs: readonly Run[]): readonly number[] => runs.map((run) => Number(run.info.startTime ?? 0));

interface ForestToLoad {
  readonly into: RunForest;
  /** Runs at the top, at least. */
  readonly count: number;
}

/** The newest runs of an experiment, with what is needed to know which can be expanded: two requests, seldom more. */
export const loadForest = async (store: TrackingStore, experimentId: ExperimentId, { into: forest, count }: ForestToLoad): Promise<void> => {
  const newest = await readTopRuns(store, { experimentId, maxResults: Math.max(pageSize, count) });
  forest.add(newest.runs);
  forest.hasMore = newest.hasMore;
  await noteNested(store, experimentId, forest);
};

export const loadMore = async (store: TrackingStore, experimentId: ExperimentId, forest: RunForest): Promise<void> => {
  const { startedUntil, ties } = endOf(forest.top());
  const older = await readTopRuns(store, { experimentId, maxResults: pageSize + ties, startedUntil });
  forest.add(older.runs);
  forest.hasMore = older.hasMore;
  await noteNested(store, experimentId, forest);
};

export const loadNested = async (store: TrackingStore, experimentId: ExperimentId, forest: RunForest, parentId: RunId): Promise<void> => {
  const { startedUntil, ties } = endOf(forest.isExpanded(parentId) ? forest.nestedIn(parentId) : []);
  const nested = await readChildRuns(store, { experimentId, parentId, maxResults: pageSize + ties, startedUntil });
  forest.addNested(parentId, nested.runs, nested.hasMore);
};

/** Where the next page begins; runs that started in the same millisecond come again and must not fill it. */
const endOf = (runs: readonly Run[]): { readonly startedUntil: number | undefined; readonly ties: number } => {
  const startedUntil = startsOf(runs).at(-1);
  return { startedUntil, ties: startsOf(runs).filter((start) => start === startedUntil).length };
};

const noteNested = async (store: TrackingStore, experimentId: ExperimentId, forest: RunForest): Promise<void> => {
  const startedFrom = forest.hasMore ? startsOf(forest.top()).at(-1) : undefined;
  const nested = await readNestedRuns(store, { experimentId, maxResults: nestedLimit, startedFrom });
  forest.nestingIncomplete = nested.hasMore;
  forest.noteParents(nested.runs);
  await addParentsOf(store, experimentId, forest, nested.runs);
};

/**
 * Nested runs whose parent is not loaded: the parent is older than the page and is shown too, because
 * something happens in it; or it is deleted, and the nested run stands for itself.
 */
export const addParentsOf = async (store: TrackingStore, experimentId: ExperimentId, forest: RunForest, nested: readonly Run[]): Promise<void> => {
  const known = new Map(nested.map((run) => [run.info.runId, run]));
  let children = nested.filter((run) => isLost(run, forest, known));
  while (children.length > 0) {
    const runIds = [...new Set(children.flatMap((run) => parentOf(run) ?? []))].map(asRunId);
    const parents = await readRuns(store, { experimentIds: [experimentId], runIds });
    const found = new Set<string>(parents.map((run) => run.info.runId));
    forest.add(children.filter((run) => !found.has(parentOf(run) ?? '')));
    forest.add(parents);
    // What is read once is not read again: runs may be each other's parents.
    for (const run of parents) known.set(run.info.runId, run);
    children = parents.filter((run) => isLost(run, forest, known));
  }
};

const isLost = (run: Run, forest: RunForest, read: ReadonlyMap<RunId, Run>): boolean => {
  const parent = parentOf(run);
  return parent !== undefined && forest.get(asRunId(parent)) === undefined && !read.has(asRunId(parent));
};
