import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { modelSnippets } from '../snippet.ts';
import { openModel, type OpenModel } from './open-model.ts';
import { pickModel } from './pick-model.ts';

/** What a command was handed, or the user's choice. */
export const copySnippet = async (target: unknown, stores: StoreConnections): Promise<void> => {
  const picked = await pickModel(target, stores, 'Copy the snippet of which model?');
  if (picked !== undefined) await copySnippetOf(await openModel(picked, stores));
};

/** Of the lines that load it and those that serve it the user's choice. */
export const copySnippetOf = async ({ reference: { modelUri }, store }: OpenModel): Promise<void> => {
  const rows = modelSnippets(modelUri, store?.address, process.platform).map(({ title, text }) => ({ label: title, text }));
  const chosen = await vscode.window.showQuickPick(rows, { placeHolder: lineText(`Copy which snippet of ${modelUri}?`) });
  if (chosen === undefined) return;
  await vscode.env.clipboard.writeText(chosen.text);
  vscode.window.setStatusBarMessage(lineText(`Copied how to work with ${modelUri}: ${chosen.label}`), 5_000);
};
