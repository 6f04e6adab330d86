import * as vscode from 'vscode';

import { asRunId, asStoreId } from '../../../schemas/ids.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../store-connection.ts';
import type { RunPointer } from './find-runs.ts';

/** Asks for a tag and sets it on each of the runs. */
export const tagRuns = async (stores: StoreConnections, runs: readonly RunPointer[]): Promise<void> => {
  const title = `Tag ${runs.length.toLocaleString('en-US')} ${runs.length === 1 ? 'run' : 'runs'}`;
  const key = await vscode.window.showInputBox({
    title,
    prompt: 'Name of the tag',
    validateInput: (text) => (text.trim() === '' ? 'A tag needs a name' : undefined),
  });
  if (key === undefined) return;
  const value = await vscode.window.showInputBox({ title, prompt: `Value of ${key}` });
  if (value === undefined) return;
  const progress = { location: vscode.ProgressLocation.Window, title };
  await vscode.window.withProgress(progress, async () => setTags(stores, runs, { key, value }));
};

/** Some at a time: a thousand at once would be a thousand requests at once. */
const atOnce = 8;

const setTags = async (stores: StoreConnections, runs: readonly RunPointer[], tag: { readonly key: string; readonly value: string }): Promise<void> => {
  const waiting = [...runs];
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      const store = stores.byId(asStoreId(run.store));
      if (store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The store ${run.store} is not open in this window`);
      await store.tracking.setTag(asRunId(run.runId), tag);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};
