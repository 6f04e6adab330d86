import * as vscode from 'vscode';

import { asStoreId } from '../../../schemas/ids.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import type { RegistryStore } from '../registry-store.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';
import { registryOf, type Chosen } from './selection.ts';

const scheme = 'mlflow-description';

/** What the address of a description names. */
interface Described {
  readonly store: string;
  readonly name: string;
  readonly version?: number;
}

interface Description {
  readonly text: string;
  readonly creationTimestamp: number;
  readonly lastUpdatedTimestamp: number;
}

/** The path is the tab's title; what is meant stands in the query. */
const uriOf = ({ connection, ...node }: ModelNode | VersionNode): vscode.Uri => {
  const described: Described = { store: connection.id, name: node.name, ...(node.kind === 'version' && { version: node.version }) };
  const title = node.name.replaceAll(/[/\\]/g, '_') + (node.kind === 'version' ? ` version ${node.version}` : '');
  return vscode.Uri.from({ scheme, path: `/${title}.md`, query: JSON.stringify(described) });
};

/** Descriptions as Markdown files: saving writes into the store, and what somebody else has written meanwhile is a newer file, which VS Code asks about. */
class DescriptionFiles implements vscode.FileSystemProvider, Disposable {
  readonly #stores: StoreConnections;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(stores: StoreConnections) {
    this.#stores = stores;
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const { connection } = this.#find(uri);
    const subscription = connection.onDidChange(({ type }) => {
      if (type === 'registry' || type === 'reset') this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    });
    return new vscode.Disposable(() => subscription.dispose());
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, creationTimestamp, lastUpdatedTimestamp } = await this.#read(uri);
    return { type: vscode.FileType.File, ctime: creationTimestamp, mtime: lastUpdatedTimestamp, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { registry, described } = this.#find(uri);
    const text = Buffer.from(content).toString('utf8');
    try {
      if (described.version === undefined) await registry.updateRegisteredModel(described.name, text);
      else await registry.updateModelVersion(described.name, described.version, text);
    } catch (error) {
      throw vscode.FileSystemError.NoPermissions(errorMessage(error));
    }
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.FileNotADirectory();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #read(uri: vscode.Uri): Promise<Description> {
    const { registry, described } = this.#find(uri);
    try {
      const { name, version } = described;
      const { description = '', ...times } = version === undefined ? await registry.getRegisteredModel(name) : await registry.getModelVersion(name, version);
      return { ...times, text: description };
    } catch (error) {
      throw error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST'
        ? vscode.FileSystemError.FileNotFound(uri)
        : vscode.FileSystemError.Unavailable(errorMessage(error));
    }
  }

  #find(uri: vscode.Uri) {
    const described = JSON.parse(uri.query) as Described;
    const connection = this.#stores.byId(asStoreId(described.store));
    if (connection === undefined) throw vscode.FileSystemError.Unavailable(`The store ${described.store} is not open in this window`);
    const registry: RegistryStore = registryOf(connection);
    return { connection, registry, described };
  }
}

export const registerDescriptions = (register: RegisterCommand, stores: StoreConnections, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  const files = owned.own(new DescriptionFiles(stores));
  owned.own(vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }));
  owned.own(register('mlflow.registry.editDescription', (item) => openDescription(chosen(item))));
  return owned;
};

const openDescription = async (nodes: readonly RegistryNode[]): Promise<void> => {
  const node = nodes.find((one) => one.kind === 'model' || one.kind === 'version');
  if (node !== undefined) await vscode.window.showTextDocument(uriOf(node), { preview: false });
};
