import type * as vscode from 'vscode';

import type { CommandId, RegisterCommand } from '../../host/commands.ts';
import { OnDemand, registerOnDemand } from '../../host/on-demand.ts';
import { restoreOnDemand } from '../../host/restored-pages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { chosenFrom, clickedIn } from './chosen-rows.ts';
import { registerComparing } from './compare-versions.ts';
import { registerDescriptionFiles } from './description-files.ts';
import { watchGateFiles } from './gate-diagnostics.ts';
import { registerHistory } from './show-history.ts';
import { RegistryTree } from './registry-tree.ts';
import { oneModel } from './selection.ts';
import { registerViewCommands } from './view-commands.ts';

export interface RegistryOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

/** The view *Model Registry* and its commands. */
export const registerRegistry = ({ register, stores, extensionUri, log }: RegistryOptions): Disposable => {
  const owned = new Disposables();
  const tree = owned.own(new RegistryTree({ stores, log }));
  const chosen = chosenFrom(() => tree.selection);
  owned.own(registerViewCommands(register, tree));
  owned.own(
    registerOnDemand(register, editingCommands, async (register) =>
      (await import('./registry-commands.ts')).registerRegistryCommands({ register, stores, tree, chosen }),
    ),
  );
  const pages = owned.own(new OnDemand(async () => (await import('./model-pages.ts')).createModelPages({ stores, tree, extensionUri, log })));
  owned.own(restoreOnDemand('mlflow.registeredModel', () => pages.get()));
  owned.own(register('mlflow.registry.openModel', async (...row) => (await pages.get()).open(oneModel(chosen(clickedIn(row))))));
  owned.own(registerDescriptionFiles(stores));
  owned.own(registerHistory(register, stores, chosen));
  owned.own(registerComparing(register, stores, chosen));
  owned.own(watchGateFiles(log));
  return owned;
};

const editingCommands: readonly CommandId[] = [
  'mlflow.registry.createModel',
  'mlflow.registry.renameModel',
  'mlflow.registry.deleteModels',
  'mlflow.registry.deleteVersions',
  'mlflow.registry.setAlias',
  'mlflow.registry.removeAliases',
  'mlflow.registry.transitionStage',
  'mlflow.registry.setTag',
  'mlflow.registry.removeTags',
  'mlflow.registry.editDescription',
  'mlflow.registry.registerModel',
  'mlflow.registry.registerFolder',
  'mlflow.registry.copyVersion',
  'mlflow.registry.downloadVersion',
  'mlflow.registry.promoteVersion',
  'mlflow.registry.openRun',
];
