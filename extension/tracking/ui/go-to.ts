import * as vscode from 'vscode';

import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import { runsOf } from '../../host/run-items.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import type { ExperimentsTree } from './experiments-tree.ts';
import { pickExperiment } from './pick-experiments.ts';
import { type RunItem, readRunItems } from './pick-runs.ts';
import { runIdIn } from './ids-in-text.ts';
import { readyStores } from './tree-selection.ts';

export interface GoToOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly tree: ExperimentsTree;
  /** Opens the page of a run. */
  openRun(run: RunReference): Promise<void>;
}

export const registerGoTo = ({ register, stores, tree, openRun }: GoToOptions): Disposable => {
  const owned = new Disposables();
  owned.own(
    register('mlflow.tracking.openRun', async (clicked, selected) => {
      const runs = runsOf(clicked, selected) ?? (tree.selectedRuns.length > 0 ? tree.selectedRuns : [await pickRun(readyStores(stores), 'Open Run')]);
      for (const run of runs) if (run !== undefined) await openRun(run);
    }),
  );
  owned.own(
    register('mlflow.tracking.goToRun', async (item) => {
      const run = runsOf(item)?.[0] ?? (await pickRun(readyStores(stores), 'Go to Run'));
      if (run !== undefined) await tree.revealRun(run);
    }),
  );
  owned.own(
    register('mlflow.tracking.goToExperiment', async () => {
      const picked = await pickExperiment(readyStores(stores));
      if (picked !== undefined) await tree.revealExperiment(picked.connection.id, picked.experimentId);
    }),
  );
  return owned;
};

/** ms between two searches while somebody types. */
const searchInterval = 200;

/** The newest runs first; what is typed is looked for in the whole store, by id or by a part of the name. */
const pickRun = (stores: readonly StoreConnection[], title: string): Promise<RunReference | undefined> => {
  const picker = vscode.window.createQuickPick<RunItem>();
  const { promise, resolve } = Promise.withResolvers<RunReference | undefined>();
  picker.title = title;
  picker.placeholder = 'Name, ID or pasted URL';
  picker.matchOnDetail = true;
  const search = createBatcher<string>(searchInterval, (texts) => showFound(picker, stores, texts.at(-1) ?? ''));
  picker.onDidChangeValue((text) => search.add(text.trim()));
  picker.onDidAccept(() => {
    const [chosen] = picker.selectedItems;
    // A row that was clicked while others came in its place is known no more: the picker stays.
    if (chosen !== undefined) resolve(chosen.run);
  });
  picker.onDidHide(() => {
    resolve(undefined);
    search.dispose();
    picker.dispose();
  });
  picker.show();
  search.add('');
  return promise.finally(() => picker.hide());
};

const showFound = async (picker: vscode.QuickPick<RunItem>, stores: readonly StoreConnection[], text: string): Promise<void> => {
  picker.busy = true;
  try {
    const found = await readRunItems(stores, filterFor(text));
    // The picker knows matches of its own: what the store has found is shown in any case.
    picker.items = found.map((item) => ({ ...item, alwaysShow: text !== '' }));
  } catch (error) {
    picker.placeholder = errorMessage(error);
  } finally {
    picker.busy = false;
  }
};

const filterFor = (text: string): { readonly filter?: string } => {
  const runId = runIdIn(text);
  if (runId !== undefined) return { filter: `attributes.run_id = '${runId}'` };
  // Quotes and the wildcards of LIKE stand for any character: MLflow's language knows no escapes.
  return text === '' ? {} : { filter: `attributes.run_name ILIKE '%${text.replace(/['"%\\]/g, '_')}%'` };
};
