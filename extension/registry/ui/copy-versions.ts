import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import type { FileInfo } from '../../artifacts/artifact-repository.ts';
import { parseArtifactPath } from '../../artifacts/artifact-path.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { copyVersion } from '../copy-version.ts';
import type { ModelVersion } from '../model-version.ts';
import { registerFiles } from '../register-files.ts';
import { listVersionFiles, openVersionFile, type FilesOf } from '../version-files.ts';
import { registryOf } from '../registry-of.ts';
import { chooseModel } from './choose-model.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import type { VersionNode } from './registry-nodes.ts';
import type { RegistryTree } from './registry-tree.ts';
import { chooseStore, oneVersion } from './selection.ts';

export interface Copying {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly tree: RegistryTree;
  readonly chosen: Chosen;
}

export const registerCopying = (options: Copying): Disposable => {
  const owned = new Disposables();
  owned.own(options.register('mlflow.registry.copyVersion', (...row) => copyTo(options, oneVersion(options.chosen(clickedIn(row))))));
  owned.own(options.register('mlflow.registry.downloadVersion', (...row) => download(oneVersion(options.chosen(clickedIn(row))))));
  return owned;
};

export const filesOf = (connection: StoreConnection): FilesOf => ({
  http: connection.http,
  tracking: connection.tracking,
  artifacts: connection.artifacts,
  registry: registryOf(connection),
});

const copyTo = async ({ stores, tree }: Copying, node: VersionNode): Promise<void> => {
  const title = `Copy ${lineText(node.name, 80)} Version ${node.version}`;
  const target = await chooseStore(stores, title);
  const name = target && (await chooseModel(target, `${title} to a Model in ${target.label}`));
  if (target === undefined || name === undefined) return;
  const original = await registryOf(node.connection).getModelVersion(node.name, node.version);
  const copy =
    target.id === node.connection.id ? await copyVersion(registryOf(target), original, name) : await copyToStore(node.connection, target, original, name);
  await tree.reveal(target.id, name, copy.version);
};

/** Another store knows neither the run nor the files: they are carried over, the description comes along. */
const copyToStore = async (from: StoreConnection, target: StoreConnection, original: ModelVersion, name: string): Promise<ModelVersion> => {
  const source = filesOf(from);
  const files = await listVersionFiles(source, original);
  return await withFileProgress(`Copying to ${target.label}`, files, (onFile, signal) => {
    const carried = files.map(({ path, size = 0 }) => ({ path, size, open: () => late(openVersionFile(source, original, path, signal)) }));
    const { description } = original;
    const runName = `copy of ${original.name} version ${original.version}`;
    return registerFiles(target, registryOf(target), { name, files: carried, runName, onFile, ...(description !== undefined && { description }) }, signal);
  });
};

async function* late(body: Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  yield* await body;
}

type OnFile = (file: { readonly path: string; readonly size?: number }) => void;

const withFileProgress = async <Result>(
  title: string,
  files: readonly FileInfo[],
  work: (onFile: OnFile, signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const total = Math.max(
    1,
    files.reduce((sum, { size = 0 }) => sum + size, 0),
  );
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
    work(({ path, size = 0 }) => progress.report({ message: path, increment: (100 * size) / total }), toSignal(token)),
  );
};

const download = async ({ connection, name, version }: VersionNode): Promise<void> => {
  const source = filesOf(connection);
  const found = await source.registry.getModelVersion(name, version);
  const files = await listVersionFiles(source, found);
  const place = await askPlace(`${name}-${version}`.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 100));
  if (place === undefined) return;
  await withFileProgress(`Downloading ${lineText(name, 80)} version ${version}`, files, async (onFile, signal) => {
    for (const file of files) {
      onFile(file);
      await saveFile(join(place, ...parseArtifactPath(file.path)), await openVersionFile(source, found, file.path, signal), signal);
    }
  });
  if ((await sayInformation(`Downloaded ${files.length} files to ${place}.`, 'Open Folder')) !== undefined)
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(place));
};

/** A new folder: what is there already is not touched. */
const askPlace = async (folderName: string): Promise<string | undefined> => {
  const parent = (await vscode.window.showOpenDialog({ title: 'Download To', openLabel: 'Download Here', canSelectFolders: true, canSelectFiles: false }))?.[0];
  if (parent === undefined) return undefined;
  const place = join(parent.fsPath, folderName);
  try {
    await mkdir(place);
  } catch (error) {
    throw new MlflowError('RESOURCE_ALREADY_EXISTS', `${place} cannot be made: is there one already?`, { cause: error });
  }
  return place;
};

const saveFile = async (place: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> => {
  await mkdir(dirname(place), { recursive: true });
  await pipeline(body, createWriteStream(place, { flags: 'wx' }), { signal });
};
