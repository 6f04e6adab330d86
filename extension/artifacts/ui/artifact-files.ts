import * as vscode from 'vscode';

import { formatBytes } from '../../../schemas/format.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { explainArtifactFailure } from '../../tracking/artifact-failure.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { artifactScheme, readDocumentUri } from '../artifact-document.ts';
import { parentOf, type ArtifactPath } from '../artifact-path.ts';
import type { FileInfo } from '../artifact-repository.ts';
import { storeOfUri } from './artifact-stores.ts';

/** An editor keeps a document in memory as a whole, and several times (bytes). */
const largestDocument = 50_000_000;

/** Artifacts as read-only documents, so that VS Code's own editors, previews and differences show them. */
export const registerArtifactFiles = (stores: StoreConnections): Disposable => {
  const isReadonly = new vscode.MarkdownString('An artifact of a run can only be read. *MLflow: Download Artifact…* makes a copy.');
  return vscode.workspace.registerFileSystemProvider(artifactScheme, new ArtifactFiles(stores), { isCaseSensitive: true, isReadonly });
};

class ArtifactFiles implements vscode.FileSystemProvider {
  readonly #stores: StoreConnections;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#changed.event;

  constructor(stores: StoreConnections) {
    this.#stores = stores;
  }

  /** MLflow tells no changes of artifacts: who opens one again reads it again. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { path } = readDocumentUri(uri);
    if (path.length === 0) return toStat({ path: '', isDirectory: true });
    const name = path.join('/');
    const found = (await this.#list(uri, parentOf(path))).find((file) => file.path === name);
    if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return toStat(found);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const files = await this.#list(uri, readDocumentUri(uri).path);
    return files.map(({ path, isDirectory }) => [path.slice(path.lastIndexOf('/') + 1), isDirectory ? vscode.FileType.Directory : vscode.FileType.File]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { size } = await this.stat(uri);
    if (size > largestDocument) throw tooLarge(uri, size);
    return await this.#ask(uri, async ({ artifacts }, { runId, path }) => collect(await artifacts.downloadArtifact(runId, path.join('/')), uri));
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #list(uri: vscode.Uri, folder: ArtifactPath): Promise<readonly FileInfo[]> {
    return await this.#ask(uri, ({ artifacts }, { runId }) => artifacts.listArtifacts(runId, folder.length === 0 ? undefined : folder.join('/')));
  }

  async #ask<T>(uri: vscode.Uri, ask: (store: StoreConnection, document: ReturnType<typeof readDocumentUri>) => Promise<T>): Promise<T> {
    const document = readDocumentUri(uri);
    const store = await storeOfUri(this.#stores, uri);
    try {
      return await ask(store, document);
    } catch (error) {
      if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') throw vscode.FileSystemError.FileNotFound(uri);
      if (error instanceof vscode.FileSystemError) throw error;
      const { message, advice = '' } = await explainArtifactFailure(store, document.runId, error);
      throw vscode.FileSystemError.Unavailable(`${message} ${advice}`.trim());
    }
  }
}

const toStat = ({ isDirectory, size = 0 }: FileInfo): vscode.FileStat => ({
  type: isDirectory ? vscode.FileType.Directory : vscode.FileType.File,
  ctime: 0,
  mtime: 0,
  size,
});

const tooLarge = (uri: vscode.Uri, size: number): vscode.FileSystemError =>
  vscode.FileSystemError.Unavailable(
    `${uri.path.slice(uri.path.lastIndexOf('/') + 1)} is ${formatBytes(size)}: editors take artifacts of ${formatBytes(largestDocument)} at most. The run's page shows its beginning; MLflow: Download Artifact… copies all of it.`,
  );

/** A server that sends more than it has listed is stopped. */
const collect = async (body: AsyncIterable<Uint8Array>, uri: vscode.Uri): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largestDocument) throw tooLarge(uri, size);
  }
  return Buffer.concat(chunks);
};
