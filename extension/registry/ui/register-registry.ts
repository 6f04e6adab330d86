import type * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { registerComparing } from './compare-versions.ts';
import { registerCopying } from './copy-versions.ts';
import { registerDescriptionFiles } from './description-files.ts';
import { registerAliasEditing } from './edit-aliases.ts';
import { registerDescriptionEditing } from './edit-descriptions.ts';
import { registerModelEditing } from './edit-models.ts';
import { registerStageEditing } from './edit-stages.ts';
import { watchGateFiles } from './gate-diagnostics.ts';
import { registerSourceRuns } from './open-source-run.ts';
import { registerPromoting } from './promote-version.ts';
import { registerTagEditing } from './edit-tags.ts';
import { registerModelPages } from './model-pages.ts';
import { registerHistory } from './show-history.ts';
import { registerRegistering } from './register-versions.ts';
import { RegistryTree } from './registry-tree.ts';
import { chosenFrom } from './selection.ts';
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
  owned.own(registerModelEditing({ register, stores, tree, chosen }));
  owned.own(registerAliasEditing(register, chosen));
  owned.own(registerStageEditing(register, chosen));
  owned.own(registerTagEditing(register, chosen));
  owned.own(registerDescriptionFiles(stores));
  owned.own(registerDescriptionEditing(register, chosen));
  owned.own(registerRegistering({ register, stores, tree }));
  owned.own(registerCopying({ register, stores, tree, chosen }));
  owned.own(registerPromoting(register, chosen));
  owned.own(registerModelPages({ register, stores, tree, chosen, extensionUri, log }));
  owned.own(registerHistory(register, stores, chosen));
  owned.own(registerComparing(register, stores, chosen));
  owned.own(registerSourceRuns(register, chosen));
  owned.own(watchGateFiles());
  return owned;
};
