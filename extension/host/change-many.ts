import * as vscode from 'vscode';

import { type Changed, changeInTurns, type ItemsToChange } from '../shared/change-in-turns.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import { toSignal } from './abort.ts';
import type { ViewId } from './manifest.ts';
import { sayError, sayInformation } from './messages.ts';

/** From this many on there is time to read, and to cancel. */
const many = 32;

export interface Change<Item> extends ItemsToChange<Item> {
  /** `Deleting runs` */
  readonly title: string;
  /** Whose progress bar moves; that of *Experiments* when absent. */
  readonly view?: ViewId;
}

export const changeMany = async <Item>({ title, view: viewId = 'mlflow.experiments', ...toChange }: Change<Item>): Promise<Changed<Item>> => {
  const location = toChange.items.length < many ? { viewId } : vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => changeInTurns(toChange, toSignal(token)));
};

const undo = 'Undo';

/** Says what was done with a way back, and fails with what was not done. */
export const tellChange = <Item>({ done, problem }: Changed<Item>, message: string, takeBack: Omit<Change<Item>, 'items'>): void => {
  if (done.length > 0) void offerUndo(message, { ...takeBack, items: done });
  if (problem !== undefined) throw new MlflowError('INVALID_STATE', problem);
};

const offerUndo = async <Item>(message: string, takeBack: Change<Item>): Promise<void> => {
  if ((await sayInformation(message, undo)) !== undo) return;
  const { problem } = await changeMany(takeBack).catch((error: unknown) => ({ problem: errorMessage(error) }));
  if (problem !== undefined) void sayError(`Cannot undo: ${problem}`);
};
