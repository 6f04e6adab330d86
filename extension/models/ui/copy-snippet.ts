import * as vscode from 'vscode';

import { lineText } from '../../host/hostile-text.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { modelSnippet } from '../snippet.ts';
import { openModel } from './open-model.ts';
import { pickModel } from './pick-model.ts';

/** The lines of Python that load a model. */
export const copySnippet = async (target: unknown, stores: StoreConnections): Promise<void> => {
  const picked = await pickModel(target, stores, 'Copy the snippet of which model?');
  if (picked === undefined) return;
  const { reference, store } = await openModel(picked, stores);
  await vscode.env.clipboard.writeText(modelSnippet(reference.modelUri, store?.address));
  vscode.window.setStatusBarMessage(lineText(`Copied: how ${reference.modelUri} is loaded`), 5_000);
};
