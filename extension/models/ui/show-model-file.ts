import { join } from 'node:path';
import * as vscode from 'vscode';

import type { StoreConnections } from '../../tracking/store-connection.ts';
import { readModel } from '../model-input.ts';
import type { ModelReference } from '../model-reference.ts';
import { openModel } from './open-model.ts';

/** The MLmodel file itself: of a folder as it is, of a store as a copy. */
export const showModelFile = async (reference: ModelReference | undefined, stores: StoreConnections): Promise<void> => {
  if (reference === undefined) return;
  const { files } = await openModel(reference, stores);
  if (files === undefined) return;
  if (files.folder !== undefined) {
    await vscode.window.showTextDocument(vscode.Uri.file(join(files.folder, 'MLmodel')));
    return;
  }
  const { text } = await readModel(files);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'mlmodel', content: text }));
};
