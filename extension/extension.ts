import { setImmediate as nextTurn } from 'node:timers/promises';
import type * as vscode from 'vscode';

import { Disposables } from './shared/disposables.ts';

/**
 * VS Code waits for this file and for this call before it goes on with other extensions: all else is loaded once both are over. Whoever waits for
 * the extension itself, as a command or a view does, waits for all of it.
 */
export const activate = async (context: vscode.ExtensionContext): Promise<void> => {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  await nextTurn();
  const { openWorkbench } = await import('./workbench.ts');
  await openWorkbench(context, owned);
};
