import * as vscode from 'vscode';

import { changeMany, tellChange } from '../../host/change-many.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable } from '../../shared/disposables.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { type DescriptionChange, readDescribed, takeBackDescription, writeDescription } from '../description-changes.ts';
import { registryOf } from '../registry-of.ts';
import type { Chosen } from './chosen-rows.ts';
import { descriptionUri } from './description-files.ts';
import { countText, type ModelOrVersionNode, modelsAndVersionsIn, taggedOf } from './selection.ts';

const view = 'mlflow.registry';

/** One is edited in an editor; several are given the same line of Markdown. */
export const registerDescriptionEditing = (register: RegisterCommand, chosen: Chosen): Disposable =>
  register('mlflow.registry.editDescription', (...row) => editDescriptions(modelsAndVersionsIn(chosen(row))));

const editDescriptions = async (nodes: readonly ModelOrVersionNode[]): Promise<void> => {
  const [first, ...others] = nodes;
  if (first === undefined) return;
  if (others.length === 0) await vscode.window.showTextDocument(descriptionUri(first), { preview: false });
  else await describeAll(nodes);
};

interface PlacedChange extends DescriptionChange {
  readonly connection: StoreConnection;
}

const describeAll = async (nodes: readonly ModelOrVersionNode[]): Promise<void> => {
  const things = countText(nodes);
  const text = await askText(things, nodes);
  if (text === undefined) return;
  const items = await Promise.all(nodes.map(withDescription));
  const changed = await changeMany({
    title: 'Setting descriptions',
    view,
    items,
    change: ({ connection, ...change }) => writeDescription(registryOf(connection), change, text),
  });
  tellChange(changed, text === '' ? `Removed the descriptions of ${things}.` : `Set the description of ${things}.`, {
    title: 'Taking descriptions back',
    view,
    change: ({ connection, ...change }) => takeBackDescription(registryOf(connection), change),
  });
};

const withDescription = async (node: ModelOrVersionNode): Promise<PlacedChange> => {
  const { description: before = '' } = await readDescribed(registryOf(node.connection), taggedOf(node));
  return { connection: node.connection, ...taggedOf(node), before };
};

const askText = (things: string, nodes: readonly ModelOrVersionNode[]): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: `Description of ${things}`,
    prompt: `Markdown, the same for all ${nodes.length}, in the place of what they have`,
  });
