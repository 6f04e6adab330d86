import * as vscode from 'vscode';

import { asRunId, asStoreId } from '../../../schemas/ids.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Editing } from './editing.ts';
import { writeTag } from './edit-tags.ts';
import type { RunPointer } from './find-runs.ts';

/** Asks for a tag and sets it on each of the runs. */
export const tagRuns = async (editing: Editing, runs: readonly RunPointer[]): Promise<void> => {
  const title = `Tag ${runs.length.toLocaleString('en-US')} ${runs.length === 1 ? 'run' : 'runs'}`;
  const key = await vscode.window.showInputBox({
    title,
    prompt: 'Name of the tag',
    validateInput: (text) => (text.trim() === '' ? 'A tag needs a name' : undefined),
  });
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title, prompt: `Value of ${lineText(key, 80)}` });
  if (value === undefined) return;
  const references = runs.map(({ store, runId }) => ({ storeId: asStoreId(store), runId: asRunId(runId) }));
  await writeTag(editing, references, { key, value });
};
