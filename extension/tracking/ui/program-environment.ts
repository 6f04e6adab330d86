import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

import { onDidChangeSetting, readSetting } from '../../host/settings.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { programVariables, type FolderVariables, type VariableSource } from '../program-variables.ts';
import type { StoreConnection, StoreConnections } from '../store-connection.ts';
import type { AgreedServers } from './agreed-servers.ts';
import { envFileOf, taskVariables, userVariables } from './user-variables.ts';

/** A server that programs of a folder would log to if somebody agreed. */
export interface UnagreedServer {
  readonly folder: vscode.WorkspaceFolder;
  readonly url: string;
}

/** Settings by which a person sets variables. */
const sections = ['terminal.integrated.env', 'tasks', 'python.envFile'];

/** Which variables programs get that are started in a folder without our doing, so that they log to the store that is shown. */
export class ProgramEnvironment implements Disposable {
  readonly #stores: StoreConnections;
  readonly #agreed: AgreedServers;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<void>());
  #files = new Disposables();

  /** What some folder's programs get may have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(stores: StoreConnections, agreed: AgreedServers) {
    this.#stores = stores;
    this.#agreed = agreed;
    const changed = (): void => this.#changed.fire();
    this.#owned.own(stores.onDidChange(changed));
    this.#owned.own(agreed.onDidChange(changed));
    this.#owned.own(onDidChangeSetting('mlflow.tracking.environment', changed));
    this.#owned.own(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('python.envFile')) this.#watchFiles();
        if (sections.some((section) => event.affectsConfiguration(section))) changed();
      }),
    );
    this.#owned.own(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#watchFiles()));
    this.#watchFiles();
  }

  /** Of terminals and of tasks, which are terminals. */
  async ofTerminals(folder: vscode.WorkspaceFolder): Promise<FolderVariables> {
    return await this.#variablesOf(folder, async () => [...(await userVariables(folder)), ...taskVariables(folder)]);
  }

  /** Of a debug session, which may have variables of its own. */
  async ofSession(folder: vscode.WorkspaceFolder, own: Readonly<Record<string, unknown>>, envFile: string | undefined): Promise<FolderVariables> {
    await this.#stores.found;
    return await this.#variablesOf(folder, async () => [{ name: 'launch.json', variables: own }, ...(await userVariables(folder, envFile))]);
  }

  /** The store that programs log to, if nobody has set another. */
  storeOf(folder: vscode.WorkspaceFolder): StoreConnection | undefined {
    const path = folder.uri.fsPath;
    return this.#stores.activeFor(path) ?? this.#stores.serverFor(path);
  }

  /** Undefined: programs log to a file, or the question is answered. */
  unagreedServer(folder: vscode.WorkspaceFolder): UnagreedServer | undefined {
    const address = this.storeOf(folder)?.address;
    if (address?.kind !== 'server' || !isOn(folder)) return undefined;
    return this.#agreed.answerFor(folder.uri.fsPath, address.url) === undefined ? { folder, url: address.url } : undefined;
  }

  dispose(): void {
    this.#files.dispose();
    this.#owned.dispose();
  }

  async #variablesOf(folder: vscode.WorkspaceFolder, readSources: () => Promise<readonly VariableSource[]>): Promise<FolderVariables> {
    const address = this.storeOf(folder)?.address;
    if (!isOn(folder)) return { kind: 'off' };
    if (!vscode.workspace.isTrusted || address === undefined) return { kind: 'no-store' };
    const isAgreed = address.kind !== 'server' || this.#agreed.answerFor(folder.uri.fsPath, address.url) === true;
    return isAgreed ? programVariables(address, await readSources()) : { kind: 'unagreed', url: address.url };
  }

  #watchFiles(): void {
    this.#files.dispose();
    this.#files = new Disposables();
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const file = envFileOf(folder);
      const watcher = this.#files.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(dirname(file), basename(file))));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event(() => this.#changed.fire());
    }
  }
}

const isOn = ({ uri }: vscode.WorkspaceFolder): boolean => readSetting('mlflow.tracking.environment', uri);
