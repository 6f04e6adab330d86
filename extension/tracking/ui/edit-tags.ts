import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RunReference } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Run, Tag } from '../run.ts';
import { checkTag } from '../validation.ts';
import type { Editing } from './editing.ts';
import { storeOf } from './tree-selection.ts';
import { writingTags } from './write-tags.ts';

export const setTag = async (editing: Editing, runs: readonly RunReference[]): Promise<void> => {
  if (runs.length === 0) return;
  const seen = await readSome(editing, runs);
  const known = tagsOf(seen);
  const key = await pickTagKey(known);
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title: `Value of ${lineText(key, 80)}`, value: known.get(key) ?? '', prompt: `For ${countRuns(runs)}` });
  if (value !== undefined) await writeTag(editing, runs, { key, value, seen });
};

/** `seen`: as in `writingTags`. */
type WrittenTag = Tag & { readonly seen?: readonly Run[] };

/** Sets it on each of the runs, with a way back. */
export const writeTag = async (editing: Editing, runs: readonly RunReference[], { key, value, seen }: WrittenTag): Promise<void> => {
  const writing = writingTags(editing, new Map([[key, value]]), seen);
  const changed = await changeMany({ title: 'Setting a tag', items: runs, ...writing });
  tellChange(changed, `Set ${lineText(key, 80)} of ${countRuns(changed.done)}.`, writing.takeBack);
};

export const removeTags = async (editing: Editing, runs: readonly RunReference[]): Promise<void> => {
  const seen = await readSome(editing, runs);
  const known = [...tagsOf(seen)];
  if (known.length === 0) {
    void sayInformation('There is no tag to remove but those of MLflow itself.');
    return;
  }
  const picked = await vscode.window.showQuickPick(known.map(toTagItem), {
    canPickMany: true,
    title: `Remove Tags of ${countRuns(runs)}`,
    placeHolder: 'Choose tags',
  });
  const keys = picked?.map(({ key }) => key) ?? [];
  if (keys.length === 0) return;
  const writing = writingTags(editing, new Map(keys.map((key) => [key, null])), seen);
  const what = keys.map((key) => lineText(key, 80)).join(', ');
  const changed = await changeMany({ title: 'Removing tags', items: runs, ...writing });
  tellChange(changed, `Removed ${what} of ${countRuns(changed.done)}.`, writing.takeBack);
};

const countRuns = (runs: readonly RunReference[]): string => (runs.length === 1 ? '1 run' : `${runs.length} runs`);

/** More runs than these are not asked for their tags: the keys of some are enough to choose from. */
const readLimit = 50;

const readSome = async ({ stores }: Editing, runs: readonly RunReference[]): Promise<readonly Run[]> =>
  await Promise.all(runs.slice(0, readLimit).map((run): Promise<Run> => storeOf(stores, run).tracking.getRun(run.runId)));

/** Keys that people have set, with a value where all the runs that have it agree. */
const tagsOf = (read: readonly Run[]): ReadonlyMap<string, string> => {
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
