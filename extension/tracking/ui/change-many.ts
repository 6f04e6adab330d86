import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import { type Changed, changeInTurns } from '../change-in-turns.ts';

/** From this many on there is time to read, and to cancel. */
const many = 32;

export interface Change<Item> {
  /** `Deleting runs` */
  readonly title: string;
  readonly items: readonly Item[];
  readonly change: (item: Item) => Promise<void>;
}

export const changeMany = async <Item>({ title, items, change }: Change<Item>): Promise<Changed<Item>> => {
  const location = items.length < many ? { viewId: 'mlflow.experiments' } : vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => changeInTurns(items, change, toSignal(token)));
};

const undo = 'Undo';

/** Says what was done with a way back, and fails with what was not done. */
export const tellChange = <Item>({ done, problem }: Changed<Item>, message: string, takeBack: Omit<Change<Item>, 'items'>): void => {
  if (done.length > 0) void offerUndo(message, { ...takeBack, items: done });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const offerUndo = async <Item>(message: string, takeBack: Change<Item>): Promise<void> => {
  if ((await vscode.window.showInformationMessage(message, undo)) !== undo) return;
  const { problem } = await changeMany(takeBack).catch((error: unknown) => ({ problem: errorMessage(error) }));
  if (problem !== undefined) void vscode.window.showErrorMessage(`Cannot undo: ${problem}`);
};
