import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { chosenRuns, type RowArguments, runsOf } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Run } from '../run.ts';
import type { Editing } from './editing.ts';
import { removeTags, setTag } from './edit-tags.ts';
import { markFailed } from './mark-failed.ts';
import { pickDeletedRuns } from './pick-runs.ts';
import { readyStores, storeOf } from './tree-selection.ts';

export interface RunEditingOptions extends Editing {
  readonly register: RegisterCommand;
  /** The runs that are selected in the tree: what a command without an item means. */
  readonly selected: () => readonly RunReference[];
}

export const registerRunEditing = ({ register, selected, ...editing }: RunEditingOptions): Disposable => {
  const owned = new Disposables();
  const chosen = (row: RowArguments): readonly RunReference[] => chosenRuns(row, selected);
  owned.own(register('mlflow.tracking.renameRun', (...row) => renameRun(editing, chosen(row.length === 0 ? [] : [row[0]])[0])));
  owned.own(register('mlflow.tracking.markFailed', (...row) => markFailed(editing, chosen(row))));
  owned.own(register('mlflow.tracking.deleteRuns', (...row) => deleteRuns(editing, chosen(row))));
  owned.own(register('mlflow.tracking.restoreRuns', (clicked, all) => restoreRuns(editing, runsOf(clicked, all))));
  owned.own(register('mlflow.tracking.setTag', (...row) => setTag(editing, chosen(row))));
  owned.own(register('mlflow.tracking.removeTags', (...row) => removeTags(editing, chosen(row))));
  return owned;
};

const renameRun = async (editing: Editing, run: RunReference | undefined): Promise<void> => {
  if (run === undefined) return;
  const { info } = await storeOf(editing.stores, run).tracking.getRun(run.runId);
  const name = await vscode.window.showInputBox({
    title: 'Rename Run',
    value: info.runName,
    validateInput: (text) => (text.trim() === '' ? 'A run needs a name' : undefined),
  });
  if (name === undefined || name === info.runName) return;
  const changed = await changeMany({ ...renaming(editing, { from: info.runName, to: name }), items: [run] });
  tellChange(changed, `Renamed the run to “${lineText(name, 80)}”.`, renaming(editing, { from: name, to: info.runName }));
};

/** What somebody else has called it in the meantime stays. */
const renaming = ({ stores, edits }: Editing, { from, to }: { readonly from: string; readonly to: string }) => ({
  title: 'Renaming the run',
  preview: edits.preview<RunReference>((run) => ({ kind: 'run', ...run, name: to })),
  change: async (run: RunReference): Promise<void> => {
    const { tracking } = storeOf(stores, run);
    const { runName } = (await tracking.getRun(run.runId)).info;
    if (runName !== from) throw new MlflowError('INVALID_STATE', `The run has been renamed in the meantime, to “${lineText(runName, 80)}”`);
    await tracking.updateRun({ runId: run.runId, runName: to });
  },
});

const deleteRuns = async (editing: Editing, runs: readonly RunReference[]): Promise<void> => {
  const [first] = runs;
  if (first === undefined) return;
  const { stores, edits } = editing;
  const [changed, what] = await Promise.all([
    changeMany({
      title: 'Deleting runs',
      items: runs,
      preview: edits.preview<RunReference>((run) => ({ kind: 'run', ...run, lifecycleStage: 'deleted' })),
      change: (run) => storeOf(stores, run).tracking.deleteRun(run.runId),
    }),
    runs.length === 1 ? nameOf(editing, first) : '',
  ]);
  tellChange(changed, runs.length === 1 ? `Deleted the run ${what}.` : `Deleted ${changed.done.length} runs.`, restoring(editing));
};

/** Read beside the change: nobody waits for a name. */
const nameOf = async ({ stores }: Editing, run: RunReference): Promise<string> =>
  storeOf(stores, run)
    .tracking.getRun(run.runId)
    .then(
      ({ info }) => `“${lineText(info.runName, 80)}”`,
      () => run.runId,
    );

/** `asRead`: for views that have not read it. */
type ComingBack = RunReference & { readonly asRead?: Run };

const restoring = ({ stores, edits }: Editing) => ({
  title: 'Restoring runs',
  preview: edits.preview<ComingBack>(({ storeId, runId, asRead }) => ({
    kind: 'run',
    storeId,
    runId,
    lifecycleStage: 'active',
    ...(asRead !== undefined && { run: asRead }),
  })),
  change: (run: ComingBack): Promise<void> => storeOf(stores, run).tracking.restoreRun(run.runId),
});

const restoreRuns = async (editing: Editing, chosen: readonly RunReference[] | undefined): Promise<void> => {
  const runs: readonly ComingBack[] | 'none' = chosen ?? (await pickDeletedRuns(readyStores(editing.stores)));
  if (runs === 'none') {
    void sayInformation('No run is deleted. Runs of a deleted experiment come back with it.');
    return;
  }
  const { problem } = await changeMany({ ...restoring(editing), items: runs });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};
