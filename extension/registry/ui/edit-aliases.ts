import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import { checkNewAlias, type Alias } from '../alias.ts';
import { moveAlias, removeAlias, takeBackMove } from '../alias-changes.ts';
import { registryOf } from '../registry-of.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import type { VersionNode } from './registry-nodes.ts';
import { oneVersion } from './selection.ts';

const view = 'mlflow.registry';

export const registerAliasEditing = (register: RegisterCommand, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.registry.setAlias', (...row) => setAlias(oneVersion(chosen(clickedIn(row))))));
  owned.own(register('mlflow.registry.removeAliases', (...row) => removeAliases(oneVersion(chosen(clickedIn(row))))));
  return owned;
};

const setAlias = async ({ connection, name, version }: VersionNode): Promise<void> => {
  const registry = registryOf(connection);
  const { aliases } = await registry.getRegisteredModel(name);
  const alias = await chooseAlias(`Alias of ${lineText(name, 80)} Version ${version}`, aliases, version);
  if (alias === undefined) return;
  const move = { name, alias, version, seenAt: aliases.find((one) => one.alias === alias)?.version };
  if (move.seenAt === version) return;
  await moveAlias(registry, move);
  const from = move.seenAt === undefined ? '' : ` from version ${move.seenAt}`;
  const what = move.seenAt === undefined ? 'Set' : 'Moved';
  tellChange({ done: [move] }, `${what} @${lineText(alias, 80)}${from} to version ${version} of “${lineText(name, 80)}”.`, {
    title: 'Moving an alias back',
    view,
    change: (done) => takeBackMove(registry, done),
  });
};

interface AliasItem extends vscode.QuickPickItem {
  readonly alias?: string;
}

/** One of the model's, or a new one; undefined when given up. */
const chooseAlias = async (title: string, aliases: readonly Alias[], version: number): Promise<string | undefined> => {
  if (aliases.length === 0) return await askAlias(title);
  const offered = aliases.map((one): AliasItem => ({ label: `@${iconSafeText(one.alias)}`, description: placeText(one, version), alias: one.alias }));
  const newAlias: AliasItem = { label: '$(add) New alias…', alwaysShow: true };
  const picked = await vscode.window.showQuickPick<AliasItem>([...offered, newAlias], { title, placeHolder: 'Choose an alias' });
  return picked === undefined ? undefined : (picked.alias ?? (await askAlias(title)));
};

const placeText = ({ version: now }: Alias, version: number): string => (now === version ? 'is here already' : `moves here from version ${now}`);

export const askAlias = (title: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({ title, prompt: 'Name of the alias', placeHolder: 'champion', validateInput: problemOfAlias });

const problemOfAlias = (alias: string): string | undefined => {
  try {
    checkNewAlias(alias);
    return undefined;
  } catch (error) {
    return alias === '' ? 'An alias needs a name' : errorMessage(error);
  }
};

const removeAliases = async ({ connection, name, version }: VersionNode): Promise<void> => {
  const registry = registryOf(connection);
  const aliases = (await registry.getRegisteredModel(name)).aliases.filter((one) => one.version === version);
  if (aliases.length === 0) {
    void sayInformation(`Version ${version} of “${lineText(name, 80)}” has no alias.`);
    return;
  }
  const items = aliases.map(({ alias }) => ({
    label: `@${iconSafeText(alias)}`,
    description: `models:/${lineText(name, 80)}@${lineText(alias, 80)} stops working`,
    alias,
  }));
  const picked = await vscode.window.showQuickPick(items, { canPickMany: true, title: 'Remove Aliases', placeHolder: 'Choose aliases' });
  const moves = (picked ?? []).map(({ alias }) => ({ name, alias, seenAt: version }));
  const changed = await changeMany({ title: 'Removing aliases', view, items: moves, change: (move) => removeAlias(registry, move) });
  tellChange(changed, `Removed ${changed.done.map(({ alias }) => `@${lineText(alias, 40)}`).join(', ')}.`, {
    title: 'Setting aliases again',
    view,
    change: (move) => moveAlias(registry, { ...move, version, seenAt: undefined }),
  });
};
