import * as vscode from 'vscode';

import { iconSafeText, lineText } from '../../host/hostile-text.ts';
import type { Target } from '../champion.ts';
import { registryOf } from '../registry-of.ts';
import { askAlias } from './edit-aliases.ts';
import type { VersionNode } from './registry-nodes.ts';

interface TargetItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

/** What teams call the version in use, when they have not called it anything yet. */
const usualAlias = 'champion';

/** An alias, or an active stage where the server has stages; undefined when given up. */
export const chooseTarget = async ({ connection, name, version }: VersionNode): Promise<Target | undefined> => {
  const registry = registryOf(connection);
  const [{ aliases }, { currentStage }] = await Promise.all([registry.getRegisteredModel(name), registry.getModelVersion(name, version)]);
  const known = aliases.map((one): TargetItem => aliasItem(one.alias, one.version === version ? 'is here already' : `is version ${one.version} now`));
  const usual = aliases.some(({ alias }) => alias === usualAlias) ? [] : [aliasItem(usualAlias, 'is not set yet')];
  const stages =
    currentStage === undefined
      ? []
      : (['Production', 'Staging'] as const).map((stage): TargetItem => ({ label: stage, description: 'stage', target: { kind: 'stage', stage } }));
  const title = `Promote ${lineText(name, 80)} Version ${version}`;
  const items = [...known, ...usual, { label: '$(add) New alias…' }, ...stages];
  const picked = await vscode.window.showQuickPick<TargetItem>(items, { title, placeHolder: 'To what?' });
  if (picked === undefined || picked.target !== undefined) return picked?.target;
  const alias = await askAlias(title);
  return alias === undefined ? undefined : { kind: 'alias', alias };
};

const aliasItem = (alias: string, description: string): TargetItem => ({ label: `@${iconSafeText(alias)}`, description, target: { kind: 'alias', alias } });
