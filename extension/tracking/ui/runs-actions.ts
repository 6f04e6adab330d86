import * as vscode from 'vscode';

import { asExperimentId, type RunId } from '../../../schemas/ids.ts';
import type { ExportFormat, RunsQuery } from '../../../schemas/runs-protocol.ts';
import { isStep } from '../../../schemas/runs-columns.ts';
import { toSignal } from '../../host/abort.ts';
import { executeCommand, type RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { colorRun } from '../color-runs.ts';
import type { PendingEdits } from '../pending-edits.ts';
import { readAllRows, readChosenRows, type RunsPlace } from '../read-run-rows.ts';
import { colorTag } from '../run-query.ts';
import { readRuns } from '../runs-by-id.ts';
import type { StoreConnection } from '../store-connection.ts';
import { isExportFormat, toTsv, writeRows } from '../run-rows-text.ts';
import { changeMany } from '../../host/change-many.ts';
import type { Favourites } from './favourites.ts';
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
export const createRunsActions = (edits: PendingEdits, favourites: Favourites) => ({
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
  star: async ({ store, experimentIds }: RunsPlace, runIds: readonly RunId[], isStarred: boolean) => {
    const runs = await readRuns(store.tracking, { experimentIds: experimentIds.map(asExperimentId), runIds });
    await favourites.set(
      store.id,
      runs.map(({ info }) => ({ experimentId: info.experimentId, runId: info.runId })),
      isStarred,
    );
  },
  askStep,
  openRun: async ([run]: readonly RunReference[]) => executeCommand('mlflow.tracking.openRun', { run }),
  copy: async (text: string) => vscode.env.clipboard.writeText(text),
  copyRows: async (place: RunsPlace, { query, runIds, experiments }: RowsOut & { readonly runIds: readonly string[] }, signal: AbortSignal) => {
    const rows = await readChosenRows(place, query, runIds, signal);
    await vscode.env.clipboard.writeText(toTsv({ columns: query.columns, rows, experiments }));
  },
  exportRows: async (place: RunsPlace, wanted: RowsToExport, signal: AbortSignal) => exportRows(place, wanted, signal),
});

const askStep = async (key: string): Promise<number | null> => {
  const text = await vscode.window.showInputBox({
    title: `Value of ${lineText(key, 80)} at a Step`,
    prompt: 'Step, a whole number',
    validateInput: (typed) => (isStep(readStep(typed)) ? undefined : 'A step is a whole number, such as 100'),
  });
  return text === undefined ? null : readStep(text);
};

const readStep = (text: string): number => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : NaN);

const exportRows = async (
  place: RunsPlace,
  { query, format, runIds, experiments }: RowsToExport,
  signal: AbortSignal,
): Promise<{ readonly file: string; readonly runs: number } | null> => {
  if (!isExportFormat(format)) throw new MlflowError('INVALID_PARAMETER_VALUE', `Runs cannot be exported as '${String(format)}'`);
  const rows = runIds === undefined ? await readAllWithProgress(place, query) : await readChosenRows(place, query, runIds, signal);
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
