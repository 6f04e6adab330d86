import type { FileIndex } from './file-index.ts';
import { isInView } from './file-experiments.ts';
import type { ExperimentFolder } from './file-experiment.ts';
import { readRunInputs } from './file-inputs.ts';
import type { RunFolder } from './file-run.ts';
import { pagesOf } from './search/page-token.ts';
import { compareRuns, runMatches, type SearchedRun } from './search/run-matches.ts';
import { parseRunsFilter, type RunComparison } from './search/runs-filter.ts';
import { readRunsOrder } from './search/runs-order.ts';
import type { DatasetSummary, Page, SearchRuns } from './tracking-store.ts';
import { checkMaxResults, parseExperimentId } from './validation.ts';
import type { Run } from './run.ts';

const mostSummaries = 1000;
/** A search is made anew when runs that it shows have changed in the meantime; who writes all the time waits for nobody. */
const mostAttempts = 3;

export interface Candidate extends SearchedRun {
  readonly run: RunFolder;
  readonly experimentFolder: string;
}

/** What a search asks for is looked at once, however often it is compared. */
const candidate = (run: RunFolder, { place }: ExperimentFolder): Candidate => ({
  run,
  experimentFolder: place.folder,
  info: run.info,
  metric: remembering((key) => run.metricNow(key)),
  param: (key) => run.params.get(key),
  tag: remembering((key) => run.tagNow(key)),
  get datasetInputs() {
    return readRunInputs(run.folder, place.folder).datasets;
  },
});

const remembering = <T>(read: (key: string) => T): ((key: string) => T) => {
  let known: Map<string, { readonly value: T }> | undefined;
  return (key) => {
    known ??= new Map();
    const found = known.get(key) ?? { value: read(key) };
    known.set(key, found);
    return found.value;
  };
};

export const experimentsOf = (index: FileIndex, ids: readonly string[]): readonly ExperimentFolder[] =>
  [...new Set(ids.map(parseExperimentId))].flatMap((id) => index.experiment(id) ?? []);

/** Keys that are searched for are looked at in each run, runs that are shown file by file, all else of the others now and then. */
export const searchRuns = (index: FileIndex, search: SearchRuns): Page<Run> => {
  checkMaxResults(search.maxResults);
  const comparisons = parseRunsFilter(search.filter ?? '');
  const compare = compareRuns(readRunsOrder(search.orderBy ?? []));
  const { offset, tokenFor } = pagesOf('runs', search);
  return untilTrue(() => {
    const candidates = candidatesOf(index, { ...search, runIds: runIdsIn(comparisons) });
    const found = candidates.filter((run) => runMatches(run, comparisons)).toSorted(compare);
    const shown = found.slice(offset, offset + search.maxResults);
    return {
      shown: shown.map(({ run }) => run),
      result: () => {
        const items = shown.map(({ run, experimentFolder }) => run.toRun(experimentFolder, false));
        return found.length > offset + shown.length ? { items, nextPageToken: tokenFor(offset + shown.length) } : { items };
      },
    };
  });
};

interface Attempt<T> {
  /** Runs that the result shows. */
  readonly shown: readonly RunFolder[];
  readonly result: () => T;
}

/** A search whose result shows the runs as they are. */
export const untilTrue = <T>(search: () => Attempt<T>): T => {
  for (let attempt = 1; ; attempt += 1) {
    const { shown, result } = search();
    const changes = shown.map((run) => run.check(true));
    const isTrue = changes.every(({ isChanged, metrics }) => !isChanged && metrics.length === 0);
    if (isTrue || attempt >= mostAttempts) return result();
  }
};

/** Which runs are looked at. */
export interface View {
  readonly experimentIds: readonly string[];
  readonly viewType?: SearchRuns['viewType'];
  /** Only runs that have one of these ids; all when absent. */
  readonly runIds?: readonly string[] | undefined;
}

export const candidatesOf = (index: FileIndex, { experimentIds, viewType, runIds }: View): readonly Candidate[] =>
  experimentsOf(index, experimentIds).flatMap((experiment) =>
    (runIds === undefined ? experiment.runs() : experiment.runsCalled(runIds))
      .filter((run) => isInView(run.info.lifecycleStage, viewType))
      .map((run) => candidate(run, experiment)),
  );

/** As views ask for runs that have changed. */
const runIdsIn = (comparisons: readonly RunComparison[]): readonly string[] | undefined => {
  const ofIds = comparisons.find(({ entity, key, comparator }) => entity === 'attribute' && key === 'run_id' && (comparator === '=' || comparator === 'IN'));
  if (ofIds?.comparator === 'IN') return ofIds.values;
  return ofIds?.comparator === '=' ? [String(ofIds.value)] : undefined;
};

/** Each dataset that runs of these experiments used, once per context. */
export const searchDatasets = (index: FileIndex, experimentIds: readonly string[]): readonly DatasetSummary[] => {
  const found = new Map<string, DatasetSummary>();
  for (const experiment of experimentsOf(index, experimentIds)) {
    const { experimentId, folder } = experiment.place;
    for (const { dataset, tags } of experiment.runs().flatMap((run) => readRunInputs(run.folder, folder).datasets)) {
      const context = tags.find(({ key }) => key === 'mlflow.data.context')?.value;
      const summary = { experimentId, name: dataset.name, digest: dataset.digest, ...(context !== undefined && { context }) };
      found.set(JSON.stringify(Object.values(summary)), summary);
    }
  }
  return [...found.values()].slice(0, mostSummaries);
};
