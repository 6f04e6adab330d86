import * as vscode from 'vscode';

import type { RunId } from '../../../schemas/ids.ts';
import type { ExportFormat, RunsQuery } from '../../../schemas/runs-protocol.ts';
import { toSignal } from '../../host/abort.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import { colorRun } from '../color-runs.ts';
import type { PendingEdits } from '../pending-edits.ts';
import { readAllRows, readSomeRows, type RunsPlace } from '../read-run-rows.ts';
import { colorTag } from '../run-query.ts';
import type { StoreConnection } from '../store-connection.ts';
import { isExportFormat, toTsv, writeRows } from '../run-rows-text.ts';
import { changeMany } from '../../host/change-many.ts';
import { saveFile } from './save-files.ts';

interface RowsOut {
  readonly query: RunsQuery;
  /** Names by id. */
  readonly experiments: ReadonlyMap<string, string>;
}

type RowsToExport = RowsOut & { readonly format: ExportFormat; readonly runIds?: readonly string[] };

export type RunsActions = ReturnType<typeof createRunsActions>;

/** A command takes rows of a tree: the one that was clicked, and all that are selected. */
const asItems = (runs: readonly RunReference[]): readonly [unknown, readonly unknown[]] => [{ run: runs[0] }, runs.map((run) => ({ run }))];

/** What a person can do from a table of runs that needs the editor. */
export const createRunsActions = (edits: PendingEdits) => ({
  compare: async (runs: readonly RunReference[]) => executeCommand('mlflow.tracking.compareRuns', ...asItems(runs)),
  deleteRuns: async (runs: readonly RunReference[]) => executeCommand('mlflow.tracking.deleteRuns', ...asItems(runs)),
  restoreRuns: async (runs: readonly RunReference[]) => executeCommand('mlflow.tracking.restoreRuns', ...asItems(runs)),
  setTag: async (runs: readonly RunReference[]) => executeCommand('mlflow.tracking.setTag', ...asItems(runs)),
  setColor: async ({ id, tracking }: StoreConnection, runIds: readonly RunId[], color: string | null) => {
    const { problem } = await changeMany({
      title: 'Colouring runs',
      items: runIds,
      preview: edits.preview<RunId>((runId) => ({ kind: 'run', storeId: id, runId, tags: [{ key: colorTag, value: color }] })),
      change: async (runId) => colorRun(tracking, runId, color),
    });
    if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
  },
  openRun: async ([run]: readonly RunReference[]) => executeCommand('mlflow.tracking.openRun', { run }),
  copy: async (text: string) => vscode.env.clipboard.writeText(text),
  copyRows: async (place: RunsPlace, { query, runIds, experiments }: RowsOut & { readonly runIds: readonly string[] }, signal: AbortSignal) => {
    const rows = await readSomeRows(place, query, runIds, signal);
    await vscode.env.clipboard.writeText(toTsv({ columns: query.columns, rows, experiments }));
  },
  exportRows: async (place: RunsPlace, wanted: RowsToExport, signal: AbortSignal) => exportRows(place, wanted, signal),
});

const exportRows = async (
  place: RunsPlace,
  { query, format, runIds, experiments }: RowsToExport,
  signal: AbortSignal,
): Promise<{ readonly file: string; readonly runs: number } | null> => {
  if (!isExportFormat(format)) throw new MlflowError('INVALID_PARAMETER_VALUE', `Runs cannot be exported as '${String(format)}'`);
  const rows = runIds === undefined ? await readAllWithProgress(place, query) : await readSomeRows(place, query, runIds, signal);
  if (rows === undefined) return null;
  const file = await saveFile(`runs.${format}`, writeRows({ columns: query.columns, rows, experiments }, format));
  return file === null ? null : { file, runs: rows.length };
};

const readAllWithProgress = async (place: RunsPlace, query: RunsQuery) => {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Reading runs', cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const tell = (count: number): void => progress.report({ message: `${count.toLocaleString('en-US')} read` });
    const rows = await readAllRows(place, query, tell, toSignal(token)).catch((error: unknown) => {
      if (token.isCancellationRequested) return undefined;
      throw error;
    });
    return token.isCancellationRequested ? undefined : rows;
  });
};
