import { directionsIn, type DirectionOf } from '../../schemas/metric-direction.ts';
import type { FacetsReply, RunGroupsReply, RunSearchReply } from '../../schemas/workbench-api.ts';
import { historyOf } from './file-histories.ts';
import type { FileIndex } from './file-index.ts';
import { findLoggedModel } from './file-logged-models.ts';
import { readRunInputs } from './file-inputs.ts';
import { candidatesOf, experimentsOf, untilTrue, type Candidate } from './file-search.ts';
import { selectRuns } from './memory-run-rows.ts';
import { toRow } from './run-row.ts';
import { facetsOf } from './memory-facets.ts';
import { groupRuns } from './group-runs.ts';
import { termValue, type TermRun } from './run-cell.ts';
import { checkWork, type GroupQuery, type RowQuery, type RunSelection } from './run-query.ts';
import type { RunTerm } from './search/rich/run-term.ts';
import { filterHolds } from './search/rich/filter-holds.ts';
import { PatternMatcher } from './search/rich/regular-expression.ts';

interface FileRun extends TermRun {
  readonly run: Candidate['run'];
}

/** Rows of a folder's runs: what columns and filter ask for is looked at in each run, all of those that are shown. */
export const searchRunRows = (index: FileIndex, query: RowQuery): RunSearchReply =>
  untilTrue(() => {
    const runs = candidatesOf(index, query.selection).map((candidate) => toFileRun(index, candidate));
    checkWork(query.selection, runs.length);
    const selected = selectRuns(runs, query);
    const shown = selected.runs.slice(query.offset, query.offset + query.limit);
    return {
      shown: shown.map(({ run }) => run),
      result: () => ({ total: selected.runs.length, rows: shown.map((run) => toRow(run, query, selected.children.get(run.info.runId))) }),
    };
  });

export const searchRunGroups = (index: FileIndex, query: GroupQuery): RunGroupsReply => {
  const runs = candidatesOf(index, query.selection).map((candidate) => toFileRun(index, candidate));
  checkWork(query.selection, runs.length);
  const matcher = new PatternMatcher();
  const matching = runs.filter((run) => filterHolds(run, query.selection.filter, matcher));
  const valuesOf = (run: FileRun, terms: readonly RunTerm[]) => terms.map((term) => termValue(run, term));
  return groupRuns(
    matching.map((run) => ({ by: valuesOf(run, query.by), columns: valuesOf(run, query.columns) })),
    query,
  );
};

export const readDirections = (index: FileIndex, experimentIds: readonly string[]): DirectionOf =>
  directionsIn(experimentsOf(index, experimentIds).flatMap(({ experiment }) => experiment.tags));

export const readFacets = (index: FileIndex, selection: RunSelection): FacetsReply =>
  facetsOf(candidatesOf(index, selection).map(({ run, experimentFolder }) => run.toRun(experimentFolder, false)));

const toFileRun = (index: FileIndex, candidate: Candidate): FileRun => ({
  run: candidate.run,
  info: candidate.info,
  metric: candidate.metric,
  param: candidate.param,
  tag: candidate.tag,
  get datasetInputs() {
    return candidate.datasetInputs;
  },
  history: (key) => historyOf(candidate.run, key),
  get models() {
    const { outputs } = readRunInputs(candidate.run.folder, candidate.experimentFolder);
    return outputs.flatMap(({ modelId }) => findLoggedModel(index, modelId)?.model.name ?? []);
  },
});
