import { dirname } from 'node:path';
import type * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { registerOnDemand } from '../../host/on-demand.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServerProcess } from '../../shared/server-process.ts';
import type { AgreedFolders } from '../local-connection.ts';
import type { RegistryNotes } from '../store-connection.ts';
import { rememberAgreedFolders } from './agreed-folders.ts';
import { rememberConnectedServers } from './connected-servers.ts';
import { KeptCredentials } from './kept-credentials.ts';
import { type MakeStore, WindowStores } from './store-connections.ts';
import type { FindMlflow } from './store-file-commands.ts';

export interface StoresOptions {
  readonly register: RegisterCommand;
  /** The window's. */
  readonly server: ServerProcess;
  readonly findMlflow: FindMlflow;
  /** Of what was done to the registry of a server. */
  readonly registryNotesOf: (url: string) => RegistryNotes;
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalState' | 'secrets'>;
  readonly log: Logger;
}

export interface RegisteredStores extends Disposable {
  readonly stores: WindowStores;
  readonly agreed: AgreedFolders;
}

/** The window's stores, and the commands that open, connect, convert and upgrade them. */
export const registerStores = ({ register, server, findMlflow, registryNotesOf, context, log }: StoresOptions): RegisteredStores => {
  const { extensionUri, globalState, secrets } = context;
  const owned = new Disposables();
  const credentials = new KeptCredentials(secrets);
  const agreed = rememberAgreedFolders(globalState);
  const connectedServers = rememberConnectedServers(globalState);
  const makeStore = createMakeStore(findMlflow, log);
  const stores = owned.own(new WindowStores({ server, log, makeStore, agreed, credentials, connectedServers, registryNotesOf }));
  const serverCommands = ['mlflow.tracking.signIn', 'mlflow.tracking.connectStore', 'mlflow.tracking.diagnoseStore', 'mlflow.tracking.openInMlflow'] as const;
  owned.own(
    registerOnDemand(register, serverCommands, async (register) =>
      (await import('./server-commands.ts')).registerServerCommands({ register, stores, credentials }),
    ),
  );
  owned.own(
    registerOnDemand(register, storeCommands, async (register) =>
      (await import('./store-commands.ts')).registerStoreCommands({ register, stores, server, extensionUri, log }),
    ),
  );
  const fileCommands = ['mlflow.tracking.allowArtifactFolders', 'mlflow.tracking.makeStoreFaster', 'mlflow.tracking.upgradeStore'] as const;
  owned.own(
    registerOnDemand(register, fileCommands, async (register) =>
      (await import('./store-file-commands.ts')).registerStoreFileCommands(register, stores, findMlflow),
    ),
  );
  return { stores, agreed, dispose: () => owned.dispose() };
};

const storeCommands = [
  'mlflow.tracking.createLocalStore',
  'mlflow.tracking.createSample',
  'mlflow.tracking.openStore',
  'mlflow.tracking.convertStore',
  'mlflow.tracking.retryStore',
] as const;

/** By the mlflow of the folder's Python, where it has one. */
const createMakeStore =
  (findMlflow: FindMlflow, log: Logger): MakeStore =>
  async (path, signal) => {
    const python = await findMlflow(dirname(path), signal);
    if (python === undefined) return false;
    const { makeStoreWithPython } = await import('../make-store.ts');
    return await makeStoreWithPython(python.path, path, log, signal);
  };
