import { columnId, type ColumnId } from '../../../schemas/runs-columns.ts';
import type { RowEdit, RunRow } from '../../../schemas/runs-protocol.ts';
import type { RunCell } from '../../../schemas/workbench-api.ts';

const colorTag = 'mlflow.runColor';

/** A row as a person has left it. */
export const editRow = (row: RunRow, edit: RowEdit, columns: readonly ColumnId[]): RunRow => {
  const { name = row.name, status = row.status, lifecycleStage = row.lifecycleStage, tags = [] } = edit;
  const cells = editedCells(edit);
  const color = tags.find(({ key }) => key === colorTag);
  const { color: before, ...others } = row;
  const now = color === undefined ? before : (color.value ?? undefined);
  return {
    ...others,
    ...(now !== undefined && { color: now }),
    name,
    status,
    lifecycleStage,
    cells: row.cells.map((cell, at) => {
      const said = cells.get(columns[at] ?? '');
      return said === undefined ? cell : said;
    }),
  };
};

/** Cells that show what was said; null: nothing any more. */
const editedCells = ({ name, status, tags = [] }: RowEdit): ReadonlyMap<ColumnId, RunCell> =>
  new Map<ColumnId, RunCell>([
    ...(name === undefined ? [] : [['attributes.run_name', name] as const, ['tags.`mlflow.runName`', name] as const]),
    ...(status === undefined ? [] : [['attributes.status', status] as const]),
    ...tags.map(({ key, value }) => [columnId({ kind: 'tags', key }) ?? '', value] as const),
  ]);

/** What was said of each run, the last word last. */
export const byRun = (edits: readonly RowEdit[]): ReadonlyMap<string, readonly RowEdit[]> => Map.groupBy(edits, ({ runId }) => runId);

/** Where it was said of the run whether it is deleted. */
export const stageIn = (edits: readonly RowEdit[] | undefined): RowEdit['lifecycleStage'] =>
  edits?.findLast((edit) => edit.lifecycleStage !== undefined)?.lifecycleStage;
