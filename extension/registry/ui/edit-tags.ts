import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Tag } from '../../tracking/run.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { checkModelTag } from '../registry-tag.ts';
import { deleteTag, readTags, setTag, takeBackTag, type TagChange } from '../tag-changes.ts';
import { registryOf } from '../registry-of.ts';
import type { Chosen } from './chosen-rows.ts';
import { countText, type ModelOrVersionNode, modelsAndVersionsIn, taggedOf } from './selection.ts';

const view = 'mlflow.registry';

export const registerTagEditing = (register: RegisterCommand, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.registry.setTag', (...row) => setTags(modelsAndVersionsIn(chosen(row)))));
  owned.own(register('mlflow.registry.removeTags', (...row) => removeTags(modelsAndVersionsIn(chosen(row)))));
  return owned;
};

/** More things than these are not asked for their tags: the keys of some are enough to choose from. */
const readLimit = 50;
const ownPrefix = 'mlflow.';

const tagsOf = ({ connection, ...node }: ModelOrVersionNode): Promise<readonly Tag[]> => readTags(registryOf(connection), taggedOf(node));

const knownTags = async (nodes: readonly ModelOrVersionNode[]): Promise<ReadonlyMap<string, string>> => {
  const all = (await Promise.all(nodes.slice(0, readLimit).map(tagsOf))).flat().filter(({ key }) => !key.startsWith(ownPrefix));
  const byKey = [...Map.groupBy(all, ({ key }) => key)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(byKey.map(([key, tags]) => [key, new Set(tags.map(({ value }) => value)).size === 1 ? (tags[0]?.value ?? '') : '']));
};

const setTags = async (nodes: readonly ModelOrVersionNode[]): Promise<void> => {
  if (nodes.length === 0) return;
  const known = await knownTags(nodes);
  const key = await chooseKey(known);
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title: `Value of ${lineText(key, 80)}`, value: known.get(key) ?? '', prompt: `For ${countText(nodes)}` });
  if (value === undefined) return;
  await apply(nodes, key, { title: 'Setting a tag', message: `Set ${lineText(key, 80)} of ${countText(nodes)}.` }, (connection, change) =>
    setTag(registryOf(connection), taggedOf(change), { key, value }),
  );
};

interface PlacedChange extends TagChange {
  readonly connection: StoreConnection;
}

const takingBack = { title: 'Taking tags back', view, change: (done: PlacedChange) => takeBackPlaced(done) } as const;

const takeBackPlaced = ({ connection, ...change }: PlacedChange): Promise<void> => takeBackTag(registryOf(connection), change);

interface Words {
  readonly title: string;
  readonly message: string;
}

/** Changes one tag of all of them, with what it was before for the way back. */
const apply = async (
  nodes: readonly ModelOrVersionNode[],
  key: string,
  { title, message }: Words,
  work: (connection: StoreConnection, change: TagChange) => Promise<void>,
): Promise<void> => {
  const items = await Promise.all(
    nodes.map(async (node): Promise<PlacedChange> => {
      const before = (await tagsOf(node)).find((tag) => tag.key === key)?.value;
      return { connection: node.connection, ...taggedOf(node), key, before };
    }),
  );
  tellChange(await changeMany({ title, view, items, change: ({ connection, ...change }) => work(connection, change) }), message, takingBack);
};

const removeTags = async (nodes: readonly ModelOrVersionNode[]): Promise<void> => {
  const known = [...(await knownTags(nodes))];
  if (known.length === 0) {
    void sayInformation('There is no tag to remove but those of MLflow itself.');
    return;
  }
  const items = known.map(([key, value]) => ({ label: iconSafeText(key), description: iconSafeText(value, 60), key }));
  const picked = await vscode.window.showQuickPick(items, { title: `Remove a Tag of ${countText(nodes)}`, placeHolder: 'Choose a tag' });
  if (picked === undefined) return;
  const { key } = picked;
  await apply(nodes, key, { title: 'Removing a tag', message: `Removed ${lineText(key, 80)} of ${countText(nodes)}.` }, (connection, change) =>
    deleteTag(registryOf(connection), taggedOf(change), key),
  );
};

interface KeyItem extends vscode.QuickPickItem {
  readonly key?: string;
}

const chooseKey = async (known: ReadonlyMap<string, string>): Promise<string | undefined> => {
  if (known.size === 0) return await askKey();
  const offered = [...known].map(([key, value]): KeyItem => ({ label: iconSafeText(key), description: iconSafeText(value, 60), key }));
  const picked = await vscode.window.showQuickPick<KeyItem>([{ label: '$(add) New tag…', alwaysShow: true }, ...offered], {
    title: 'Set Tag',
    placeHolder: 'Choose a tag',
  });
  return picked === undefined ? undefined : (picked.key ?? (await askKey()));
};

const askKey = (): Thenable<string | undefined> => vscode.window.showInputBox({ title: 'Set Tag', prompt: 'Name of the tag', validateInput: problemOfKey });

const problemOfKey = (key: string): string | undefined => {
  if (key === '') return 'A tag needs a name';
  try {
    checkModelTag({ key, value: '' });
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};
