import type { RunSearchReply } from '../../schemas/workbench-api.ts';
import { termValue, toCell, type TermRun } from './run-cell.ts';
import { colorTag, parentTag, type RowQuery } from './run-query.ts';

type Row = RunSearchReply['rows'][number];

/** What a table shows of a run in memory. */
export const toRow = (run: TermRun, { columns }: Pick<RowQuery, 'columns'>, children = 0): Row => {
  const { info } = run;
  const [parentRunId, color] = [run.tag(parentTag), run.tag(colorTag)];
  return {
    runId: info.runId,
    experimentId: info.experimentId,
    name: info.runName === '' ? (run.tag('mlflow.runName') ?? '') : info.runName,
    status: info.status,
    lifecycleStage: info.lifecycleStage,
    startTime: info.startTime === undefined ? null : Number(info.startTime),
    endTime: info.endTime === undefined ? null : Number(info.endTime),
    ...(parentRunId !== undefined && { parentRunId }),
    children,
    ...(color !== undefined && { color }),
    cells: columns.map((term) => toCell(termValue(run, term))),
  };
};
