import { join } from 'node:path';
import * as vscode from 'vscode';

import { onDidChangeSetting, readSetting } from '../../host/settings.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServerProcess } from '../../shared/server-process.ts';
import type { StoreId } from '../../../schemas/ids.ts';
import { headersFor, type CredentialStore, type Headers } from '../credentials.ts';
import { LocalConnection, type AgreedFolders } from '../local-connection.ts';
import { RemoteConnection, type Attention } from '../remote-connection.ts';
import { labelOfAddress } from '../store-address.ts';
import { addressText, type RegistryNotes, type StoreAddress, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import type { ConnectedServers } from './connected-servers.ts';
import { defaultFolderName, defaultStoreName, findStores, type FoundStore, type Search } from './store-discovery.ts';

/** Makes the file with MLflow's tables by other means than ours; false when there are none. */
export type MakeStore = (path: string, signal?: AbortSignal) => Promise<boolean>;

type WindowStore = LocalConnection | RemoteConnection;

interface Surroundings {
  readonly server: ServerProcess;
  readonly log: Logger;
  readonly makeStore: MakeStore;
  readonly agreed: AgreedFolders;
  readonly credentials: CredentialStore;
  readonly connectedServers: ConnectedServers;
  /** Of the server at a URL. */
  readonly registryNotesOf: (url: string) => RegistryNotes;
}

/** The stores of this window: those of its folders and settings, opened while the workspace is trusted. */
export class WindowStores implements StoreConnections, Disposable {
  readonly #server: ServerProcess;
  readonly #log: Logger;
  readonly #makeStore: MakeStore;
  readonly #agreed: AgreedFolders;
  readonly #credentials: CredentialStore;
  readonly #connectedServers: ConnectedServers;
  readonly #registryNotesOf: Surroundings['registryNotesOf'];
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<void>());
  readonly #watchers = new Map<string, Disposable>();
  /** Per folder, the store that its programs log to first; two folders may share a store. */
  #found: readonly FoundStore[] = [];
  #connections: ReadonlyMap<StoreId, WindowStore> = new Map();
  #search: Promise<void> | undefined;
  #searchAgain = false;

  readonly onDidChange = this.#changed.event;
  /** Settled once the first search is over. */
  readonly found: Promise<void>;

  constructor({ server, log, makeStore, agreed, credentials, connectedServers, registryNotesOf }: Surroundings) {
    this.#server = server;
    this.#log = log;
    this.#makeStore = makeStore;
    this.#agreed = agreed;
    this.#credentials = credentials;
    this.#connectedServers = connectedServers;
    this.#registryNotesOf = registryNotesOf;
    const search = (): void => void this.search();
    this.#owned.own(vscode.workspace.onDidChangeWorkspaceFolders(search));
    this.#owned.own(vscode.workspace.onDidGrantWorkspaceTrust(search));
    this.#owned.own(onDidChangeSetting('mlflow.stores', search));
    this.found = this.search();
  }

  get all(): readonly WindowStore[] {
    return [...this.#connections.values()];
  }

  byId(id: StoreId): WindowStore | undefined {
    return this.#connections.get(id);
  }

  byAddress(address: string): WindowStore | undefined {
    return this.all.find((connection) => addressText(connection.address) === address);
  }

  /** A server is looked at only: programs log to a file. */
  activeFor(folder: string): WindowStore | undefined {
    return this.#firstOf(folder, ({ kind }) => kind !== 'server');
  }

  serverFor(folder: string): WindowStore | undefined {
    return this.#firstOf(folder, ({ kind }) => kind === 'server');
  }

  #firstOf(folder: string, isWanted: (address: StoreAddress) => boolean): WindowStore | undefined {
    const store = this.#found.find((found) => found.folder === folder && isWanted(found.address));
    return store === undefined ? undefined : this.byAddress(addressText(store.address));
  }

  async ensureFor(folder: string, signal?: AbortSignal): Promise<StoreConnection> {
    await this.search();
    const active = this.activeFor(folder) ?? (await this.#createIn(folder, signal));
    return whenOpen(active, signal);
  }

  /** From now on, and the next time, this server is asked. */
  async agreeTo(store: StoreConnection): Promise<void> {
    const connection = this.byId(store.id);
    if (!(connection instanceof RemoteConnection)) return;
    await this.#connectedServers.add(connection.folder ?? '', addressText(connection.address));
    connection.agree();
  }

  /** Looks for stores again; resolves when the list is up to date. */
  async search(): Promise<void> {
    this.#searchAgain = true;
    this.#search ??= this.#searchUntilSettled().finally(() => (this.#search = undefined));
    await this.#search;
  }

  dispose(): void {
    for (const item of [...this.#watchers.values(), ...this.all]) item.dispose();
    this.#owned.dispose();
  }

  async #searchUntilSettled(): Promise<void> {
    while (this.#searchAgain) {
      this.#searchAgain = false;
      const folders = localFolders();
      this.#watch(folders);
      const found = await Promise.all(folders.map((folder) => findStores(folder, this.#searchIn(folder))));
      this.#show(found.flat());
    }
  }

  #searchIn(folder: string): Search {
    return { configured: readSetting('mlflow.stores', vscode.Uri.file(folder)), environment: process.env, log: this.#log };
  }

  #show(found: readonly FoundStore[]): void {
    const before = this.#connections;
    this.#found = found;
    const wanted = new Map(found.toReversed().map((store) => [addressText(store.address), store]));
    const kept = this.all.filter(({ id }) => wanted.has(id));
    const added = [...wanted].filter(([address]) => this.byAddress(address) === undefined).map(([, store]) => this.#connect(store));
    for (const { address, namedBy } of found) if (namedBy !== '.env') this.#agreeTo(this.byAddress(addressText(address)));
    const order = found.map((store) => addressText(store.address));
    const now = [...kept, ...added].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    this.#connections = new Map(now.map((connection) => [connection.id, connection]));
    for (const connection of before.values()) if (!this.#connections.has(connection.id)) connection.dispose();
    this.#changed.fire();
  }

  /** Somebody has named a server in the settings since it was found in `.env`. */
  #agreeTo(connection: WindowStore | undefined): void {
    if (connection instanceof RemoteConnection) connection.agree();
  }

  #connect({ address, folder, namedBy }: FoundStore): WindowStore {
    const common = { label: labelOfAddress(address, folder), folder, log: this.#log };
    if (address.kind === 'server') {
      const needsAgreement = namedBy === '.env' && !this.#connectedServers.has(folder, addressText(address));
      const headers = async (): Promise<Headers> => headersFor(address.url, this.#credentials);
      const registryNotes = this.#registryNotesOf(address.url);
      return new RemoteConnection({ ...common, address, attention: windowFocus, headers, registryNotes, ...(needsAgreement && { namedBy }) });
    }
    return new LocalConnection({ ...common, kind: address.kind, path: address.path, server: this.#server, agreed: this.#agreed });
  }

  async #createIn(folder: string, signal?: AbortSignal): Promise<WindowStore> {
    const path = join(folder, defaultStoreName);
    if (!(await this.#makeStore(path, signal))) await this.#server.openStore({ path, create: true });
    this.#log.info(`Created ${path}`);
    await this.search();
    const created = this.byAddress(addressText({ kind: 'sqlite', path }));
    if (created === undefined) throw new MlflowError('INTERNAL_ERROR', `${path} was created, but its folder is no longer part of the workspace`);
    return created;
  }

  /** A file that appears or goes changes the list; one that could not be opened may be whole now. */
  #watch(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.dispose();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#watchFolder(folder));
  }

  #watchFolder(folder: string): Disposable {
    const owned = new Disposables();
    const folders = owned.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, `${defaultFolderName}/*/meta.yaml`), false, true));
    folders.onDidCreate(() => void this.search());
    folders.onDidDelete(() => void this.search());
    const variables = owned.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '.env')));
    for (const changed of [variables.onDidCreate, variables.onDidChange, variables.onDidDelete]) changed(() => void this.search());
    const watcher = owned.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, defaultStoreName)));
    watcher.onDidCreate(() => void this.search());
    watcher.onDidDelete(() => void this.search());
    watcher.onDidChange((uri) => {
      const connection = this.byAddress(addressText({ kind: 'sqlite', path: uri.fsPath }));
      if (connection?.state.kind === 'failed') connection.open();
    });
    return owned;
  }
}

/** Who works elsewhere does not need to know what happens on a server. */
const windowFocus: Attention = {
  isThere: () => vscode.window.state.focused,
  onDidReturn: (listener) => vscode.window.onDidChangeWindowState(({ focused }) => focused && listener()),
};

const localFolders = (): readonly string[] =>
  vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath) : [];

/** ms to wait for a store that is tried again: two attempts. */
const patience = 7000;

/** Resolves with the connection once it is open; rejects with the reason when it cannot be. */
const whenOpen = async (connection: StoreConnection, signal?: AbortSignal): Promise<StoreConnection> => {
  const { promise, resolve, reject } = Promise.withResolvers<StoreConnection>();
  const settle = (): void => {
    const { state } = connection;
    if (state.kind === 'ready') resolve(connection);
    if (state.kind === 'failed' && (state.willRetry !== true || isOverdue))
      reject(new MlflowError('INVALID_STATE', `Cannot open ${connection.label}: ${state.message}`));
  };
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    settle();
  }, patience);
  const subscription = connection.onDidChangeState(settle);
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  settle();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    subscription.dispose();
  }
};
