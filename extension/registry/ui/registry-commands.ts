import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import type { Chosen } from './chosen-rows.ts';
import { registerCopying } from './copy-versions.ts';
import { registerAliasEditing } from './edit-aliases.ts';
import { registerDescriptionEditing } from './edit-descriptions.ts';
import { registerModelEditing } from './edit-models.ts';
import { registerStageEditing } from './edit-stages.ts';
import { registerTagEditing } from './edit-tags.ts';
import { registerSourceRuns } from './open-source-run.ts';
import { registerPromoting } from './promote-version.ts';
import { registerRegistering } from './register-versions.ts';
import type { RegistryTree } from './registry-tree.ts';

export interface RegistryCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly tree: RegistryTree;
  readonly chosen: Chosen;
}

/** What is done with models and versions. */
export const registerRegistryCommands = ({ register, stores, tree, chosen }: RegistryCommandsOptions): Disposable => {
  const owned = new Disposables();
  owned.own(registerModelEditing({ register, stores, tree, chosen }));
  owned.own(registerAliasEditing(register, chosen));
  owned.own(registerStageEditing(register, chosen));
  owned.own(registerTagEditing(register, chosen));
  owned.own(registerDescriptionEditing(register, chosen));
  owned.own(registerRegistering({ register, stores, tree }));
  owned.own(registerCopying({ register, stores, tree, chosen }));
  owned.own(registerPromoting(register, chosen));
  owned.own(registerSourceRuns(register, chosen));
  return owned;
};
