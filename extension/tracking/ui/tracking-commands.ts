import * as vscode from 'vscode';

import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import type { OnDemand } from '../../host/on-demand.ts';
import { runsOf } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { PendingEdits } from '../pending-edits.ts';
import type { CheckedRuns } from './checked-runs.ts';
import { registerCompareCommands } from './compare-commands.ts';
import type { ComparePages } from './compare-page.ts';
import { registerPermanentDeletion } from './delete-permanently.ts';
import { registerExperimentEditing } from './edit-experiments.ts';
import { registerRunEditing } from './edit-runs.ts';
import type { ExperimentsTree } from './experiments-tree.ts';
import { registerFavourites } from './favourite-commands.ts';
import type { Favourites } from './favourites.ts';
import { registerGoTo } from './go-to.ts';
import { registerRunsCommands } from './runs-commands.ts';
import type { RunsPages } from './runs-page.ts';
import { showStores } from './store-picker.ts';
import type { WindowStores } from './store-connections.ts';
import { isTreeNode } from './tree-nodes.ts';

export interface TrackingCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: WindowStores;
  readonly edits: PendingEdits;
  readonly tree: ExperimentsTree;
  readonly checked: CheckedRuns;
  readonly pages: OnDemand<ComparePages>;
  readonly tables: OnDemand<RunsPages>;
  readonly favourites: Favourites;
  /** Opens the page of a run. */
  openRun(run: RunReference): Promise<void>;
}

export const registerTrackingCommands = (options: TrackingCommandsOptions): Disposable => {
  const { register, stores, edits, tree, checked, pages, tables, favourites, openRun } = options;
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.refresh', () => tree.refresh()));
  owned.own(register('mlflow.tracking.showMoreRuns', (item) => isTreeNode(item) && item.kind === 'more' && tree.showMore(item)));
  owned.own(registerCompareCommands({ register, stores, selectedRuns: () => tree.selectedRuns, checked, pages }));
  owned.own(registerRunsCommands({ register, stores, pages: tables }));
  owned.own(register('mlflow.tracking.showStores', () => showStores(stores, (store) => tree.revealStore(store))));
  owned.own(register('mlflow.tracking.uncheckRuns', () => checked.clear()));
  owned.own(
    register('mlflow.tracking.copyRunId', (clicked, selected) =>
      vscode.env.clipboard.writeText((runsOf(clicked, selected) ?? []).map(({ runId }) => runId).join('\n')),
    ),
  );
  owned.own(registerRunEditing({ register, stores, edits, selected: () => tree.selectedRuns }));
  owned.own(registerExperimentEditing({ register, stores, edits, reveal: (store, experiment) => tree.revealExperiment(store, experiment) }));
  owned.own(registerPermanentDeletion(register, stores));
  owned.own(registerFavourites(register, favourites));
  owned.own(registerGoTo({ register, stores, tree, openRun }));
  return owned;
};
