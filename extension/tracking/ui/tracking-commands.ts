import * as vscode from 'vscode';

import type { RegisterCommand, RunReference } from '../../host/commands.ts';
import { runsOf } from '../../host/run-items.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { CheckedRuns } from './checked-runs.ts';
import type { ComparePages } from './compare-page.ts';
import type { ExperimentsTree } from './experiments-tree.ts';
import { pickRuns } from './pick-runs.ts';
import type { WindowStores } from './store-connections.ts';
import { isTreeNode } from './tree-nodes.ts';

export interface TrackingCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: WindowStores;
  readonly tree: ExperimentsTree;
  readonly checked: CheckedRuns;
  readonly pages: ComparePages;
}

export const registerTrackingCommands = ({ register, stores, tree, checked, pages }: TrackingCommandsOptions): Disposable => {
  const owned = new Disposables();
  const compare = async (runs: readonly RunReference[]): Promise<void> => {
    const chosen = runs.length >= 2 ? runs : await pickRuns(stores.all, runs);
    if (chosen !== undefined && chosen.length > 0) pages.open(chosen);
  };
  owned.own(register('mlflow.tracking.refresh', () => tree.refresh()));
  owned.own(register('mlflow.tracking.showMoreRuns', (item) => isTreeNode(item) && item.kind === 'more' && tree.showMore(item)));
  owned.own(register('mlflow.tracking.compareRuns', (clicked, selected) => compare(runsOf(clicked, selected) ?? tree.selectedRuns)));
  owned.own(register('mlflow.tracking.compareCheckedRuns', () => compare(checked.all)));
  owned.own(register('mlflow.tracking.uncheckRuns', () => checked.clear()));
  owned.own(register('mlflow.tracking.copyRunId', (item) => vscode.env.clipboard.writeText(runsOf(item)?.[0]?.runId ?? '')));
  return owned;
};
