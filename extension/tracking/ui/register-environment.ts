import type * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { registerOnDemand } from '../../host/on-demand.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { explainVariables } from '../program-variables.ts';
import type { StoreConnections } from '../store-connection.ts';
import { AgreedServers } from './agreed-servers.ts';
import { provideDebugEnvironment } from './debug-environment.ts';
import { ProgramEnvironment } from './program-environment.ts';
import { provideTerminalEnvironment } from './terminal-environment.ts';

export interface EnvironmentOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly memento: vscode.Memento;
  readonly collection: vscode.GlobalEnvironmentVariableCollection;
}

export interface ProvidedEnvironment extends Disposable {
  /** What programs of a folder get, in words that follow “Terminals, tasks and debug sessions”. */
  explain(folder: vscode.WorkspaceFolder): Promise<string>;
}

/** Makes programs that are started in terminals, tasks, debug sessions and notebooks log to the store that is shown. */
export const registerEnvironment = ({ register, stores, memento, collection }: EnvironmentOptions): ProvidedEnvironment => {
  const owned = new Disposables();
  const agreed = owned.own(new AgreedServers(memento));
  const environment = owned.own(new ProgramEnvironment(stores, agreed));
  owned.own(provideTerminalEnvironment({ collection, environment, agreed }));
  owned.own(provideDebugEnvironment(environment, agreed));
  const commands = ['mlflow.tracking.logToServer', 'mlflow.tracking.insertTrackingCell', 'mlflow.tracking.addToEnvFile'] as const;
  owned.own(
    registerOnDemand(register, commands, async (register) =>
      (await import('./environment-commands.ts')).registerEnvironmentCommands({ register, environment, agreed }),
    ),
  );
  return {
    explain: async (folder) => explainVariables(await environment.ofTerminals(folder)),
    dispose: () => owned.dispose(),
  };
};
