import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { RegistryTree } from './registry-tree.ts';
import { registerViewCommands } from './view-commands.ts';

export interface RegistryOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly log: Logger;
}

/** The view *Model Registry* and its commands. */
export const registerRegistry = ({ register, stores, log }: RegistryOptions): Disposable => {
  const owned = new Disposables();
  const tree = owned.own(new RegistryTree({ stores, log }));
  owned.own(registerViewCommands(register, tree));
  return owned;
};
