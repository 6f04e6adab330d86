import { dirname } from 'node:path';
import type * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServerProcess } from '../../shared/server-process.ts';
import type { AgreedFolders } from '../local-connection.ts';
import { makeStoreWithPython } from '../make-store.ts';
import type { RegistryNotes } from '../store-connection.ts';
import { rememberAgreedFolders } from './agreed-folders.ts';
import { rememberConnectedServers } from './connected-servers.ts';
import { KeptCredentials } from './kept-credentials.ts';
import { registerServerCommands } from './server-commands.ts';
import { registerStoreCommands } from './store-commands.ts';
import { type MakeStore, WindowStores } from './store-connections.ts';
import { type FindMlflow, registerStoreFileCommands } from './store-file-commands.ts';

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
  owned.own(registerServerCommands({ register, stores, credentials }));
  owned.own(registerStoreCommands({ register, stores, server, extensionUri, log }));
  owned.own(registerStoreFileCommands(register, stores, findMlflow));
  return { stores, agreed, dispose: () => owned.dispose() };
};

/** By the mlflow of the folder's Python, where it has one. */
const createMakeStore =
  (findMlflow: FindMlflow, log: Logger): MakeStore =>
  async (path, signal) => {
    const python = await findMlflow(dirname(path), signal);
    return python !== undefined && (await makeStoreWithPython(python.path, path, log, signal));
  };
