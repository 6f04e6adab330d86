import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { runsOf } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Run, Tag } from '../run.ts';
import type { StoreConnections } from '../store-connection.ts';
import { checkTag } from '../validation.ts';
import { markFailed } from './mark-failed.ts';
import { pickDeletedRuns } from './pick-runs.ts';
import { readyStores, storeOf } from './tree-selection.ts';

export interface RunEditingOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  /** The runs that are selected in the tree: what a command without an item means. */
  readonly selected: () => readonly RunReference[];
}

export const registerRunEditing = ({ register, stores, selected }: RunEditingOptions): Disposable => {
  const owned = new Disposables();
  const chosen = (clicked: unknown, all?: readonly unknown[]): readonly RunReference[] => runsOf(clicked, all) ?? selected();
  owned.own(register('mlflow.tracking.renameRun', (clicked) => renameRun(stores, chosen(clicked)[0])));
  owned.own(register('mlflow.tracking.markFailed', (clicked, all) => markFailed(stores, chosen(clicked, all))));
  owned.own(register('mlflow.tracking.deleteRuns', (clicked, all) => deleteRuns(stores, chosen(clicked, all))));
  owned.own(register('mlflow.tracking.restoreRuns', (clicked, all) => restoreRuns(stores, runsOf(clicked, all))));
  owned.own(register('mlflow.tracking.setTag', (clicked, all) => setTag(stores, chosen(clicked, all))));
  owned.own(register('mlflow.tracking.removeTags', (clicked, all) => removeTags(stores, chosen(clicked, all))));
  return owned;
};

const renameRun = async (stores: StoreConnections, run: RunReference | undefined): Promise<void> => {
  if (run === undefined) return;
  const { tracking } = storeOf(stores, run);
  const { info } = await tracking.getRun(run.runId);
  const runName = await vscode.window.showInputBox({
    title: 'Rename Run',
    value: info.runName,
    validateInput: (name) => (name.trim() === '' ? 'A run needs a name' : undefined),
  });
  if (runName !== undefined && runName !== info.runName) await tracking.updateRun({ runId: run.runId, runName });
};

const deleteRuns = async (stores: StoreConnections, runs: readonly RunReference[]): Promise<void> => {
  const [first] = runs;
  if (first === undefined) return;
  const name = runs.length === 1 ? (await storeOf(stores, first).tracking.getRun(first.runId)).info.runName : '';
  const changed = await changeMany({ title: 'Deleting runs', items: runs, change: (run) => storeOf(stores, run).tracking.deleteRun(run.runId) });
  tellChange(changed, runs.length === 1 ? `Deleted the run “${lineText(name, 80)}”.` : `Deleted ${changed.done.length} runs.`, restoring(stores));
};

const restoring = (stores: StoreConnections) => ({
  title: 'Restoring runs',
  change: (run: RunReference): Promise<void> => storeOf(stores, run).tracking.restoreRun(run.runId),
});

const restoreRuns = async (stores: StoreConnections, chosen: readonly RunReference[] | undefined): Promise<void> => {
  const runs = chosen ?? (await pickDeletedRuns(readyStores(stores)));
  if (runs === 'none') {
    void vscode.window.showInformationMessage('No run is deleted. Runs of a deleted experiment come back with it.');
    return;
  }
  const { problem } = await changeMany({ ...restoring(stores), items: runs });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const setTag = async (stores: StoreConnections, runs: readonly RunReference[]): Promise<void> => {
  if (runs.length === 0) return;
  const known = await readTags(stores, runs);
  const key = await pickTagKey(known);
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title: `Value of ${lineText(key, 80)}`, value: known.get(key) ?? '', prompt: `For ${countRuns(runs)}` });
  if (value === undefined) return;
  const { problem } = await changeMany({
    title: 'Setting a tag',
    items: runs,
    change: (run) => storeOf(stores, run).tracking.setTag(run.runId, { key, value }),
  });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const removeTags = async (stores: StoreConnections, runs: readonly RunReference[]): Promise<void> => {
  const known = [...(await readTags(stores, runs))];
  if (known.length === 0) {
    void vscode.window.showInformationMessage('There is no tag to remove but those of MLflow itself.');
    return;
  }
  const picked = await vscode.window.showQuickPick(known.map(toTagItem), {
    canPickMany: true,
    title: `Remove Tags of ${countRuns(runs)}`,
    placeHolder: 'Choose tags',
  });
  const keys = picked?.map(({ key }) => key) ?? [];
  const { problem } = await changeMany({ title: 'Removing tags', items: runs, change: (run) => removeFrom(stores, run, keys) });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

/** MLflow refuses to remove what is not there: only some of the runs may have the tag. */
const removeFrom = async (stores: StoreConnections, run: RunReference, keys: readonly string[]): Promise<void> => {
  const { tracking } = storeOf(stores, run);
  const present = new Set((await tracking.getRun(run.runId)).tags.map(({ key }) => key));
  for (const key of keys) if (present.has(key)) await tracking.deleteTag(run.runId, key);
};

const countRuns = (runs: readonly RunReference[]): string => (runs.length === 1 ? '1 run' : `${runs.length} runs`);

/** More runs than these are not asked for their tags: the keys of some are enough to choose from. */
const readLimit = 50;

/** Keys that people have set, with a value where all the runs that have it agree. */
const readTags = async (stores: StoreConnections, runs: readonly RunReference[]): Promise<ReadonlyMap<string, string>> => {
  const read = await Promise.all(runs.slice(0, readLimit).map((run): Promise<Run> => storeOf(stores, run).tracking.getRun(run.runId)));
  const byKey = Map.groupBy(
    read.flatMap(({ tags }) => tags.filter(({ key }) => !key.startsWith('mlflow.'))),
    ({ key }) => key,
  );
  return new Map([...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, tags]) => [key, commonValue(tags)]));
};

const commonValue = (tags: readonly Tag[]): string => {
  const value = tags[0]?.value ?? '';
  return tags.every((tag) => tag.value === value) ? value : '';
};

const newTag = '$(add) New tag…';

interface TagItem extends vscode.QuickPickItem {
  readonly key: string;
}

const toTagItem = ([key, value]: readonly [string, string]): TagItem => ({ label: iconSafeText(key), description: iconSafeText(value, 60), key });

const pickTagKey = async (known: ReadonlyMap<string, string>): Promise<string | undefined> => {
  if (known.size === 0) return await askTagKey();
  const items: readonly vscode.QuickPickItem[] = [{ label: newTag, alwaysShow: true }, ...[...known].map(toTagItem)];
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly key?: string }>(items, { title: 'Set Tag', placeHolder: 'Choose a tag' });
  return picked === undefined ? undefined : (picked.key ?? (await askTagKey()));
};

const askTagKey = (): Thenable<string | undefined> => vscode.window.showInputBox({ title: 'Set Tag', prompt: 'Name of the tag', validateInput: problemOfKey });

const problemOfKey = (key: string): string | undefined => {
  if (key === '') return 'A tag needs a name';
  try {
    checkTag({ key, value: '' });
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};
