import { join, posix } from 'node:path';
import * as vscode from 'vscode';

import { formatBytes } from '../../../schemas/format.ts';
import { toSignal } from '../../host/abort.ts';
import type { ArtifactReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { parseArtifactFolder, parentOf } from '../artifact-path.ts';
import type { FileInfo } from '../artifact-repository.ts';
import { downloadFile, downloadFolder, listFiles, type OnBytes } from '../download.ts';

/** A file to where the user says, a folder as a new one inside the folder that the user says. */
export const downloadArtifact = async (store: StoreConnection, reference: ArtifactReference): Promise<void> => {
  const file = await findFile(store, reference);
  const place = await (file === undefined ? saveFolder(store, reference) : saveFile(store, reference, file));
  if (place === undefined) return;
  const open = 'Show in Folder';
  if ((await sayInformation(`Downloaded ${lineText(posix.basename(reference.path) || 'all artifacts', 80)} to ${place}.`, open)) === open)
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(place));
};

/** Undefined for a folder, and for all of a run's artifacts. */
const findFile = async ({ artifacts }: StoreConnection, { run, path }: ArtifactReference): Promise<FileInfo | undefined> => {
  const at = parseArtifactFolder(path);
  if (at.length === 0) return undefined;
  const found = (await artifacts.listArtifacts(run.runId, parentOf(at).join('/') || undefined)).find((file) => file.path === at.join('/'));
  if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The run has no artifact '${path}' any more`);
  return found.isDirectory ? undefined : found;
};

const saveFile = async ({ artifacts }: StoreConnection, { run, path }: ArtifactReference, { size }: FileInfo): Promise<string | undefined> => {
  const target = await askFile(posix.basename(path));
  if (target === undefined) return undefined;
  await withProgress(path, size, async (onBytes, signal) => {
    await downloadFile({ repository: artifacts, runId: run.runId, onBytes, signal }, path, target);
  });
  return target;
};

const askFile = async (name: string): Promise<string | undefined> => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: 'Download Artifact',
    saveLabel: 'Download',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (uri !== undefined && uri.scheme !== 'file') throw new MlflowError('INVALID_PARAMETER_VALUE', 'Artifacts are downloaded to folders of this machine only');
  return uri?.fsPath;
};

const saveFolder = async ({ artifacts }: StoreConnection, { run, path }: ArtifactReference): Promise<string | undefined> => {
  const name = posix.basename(path) || `artifacts-${run.runId.slice(0, 8)}`;
  const parent = (await vscode.window.showOpenDialog({ title: 'Download To', openLabel: 'Download Here', canSelectFolders: true, canSelectFiles: false }))?.[0];
  if (parent === undefined) return undefined;
  const target = join(parent.fsPath, ...parseArtifactFolder(name));
  const files = await listFiles(artifacts, { runId: run.runId, path });
  const total = files.reduce((sum, { size = 0 }) => sum + size, 0);
  await withProgress(path || 'all artifacts', total, async (onBytes, signal) => {
    await downloadFolder({ repository: artifacts, runId: run.runId, onBytes, signal }, files, { folder: path, target });
  });
  return target;
};

type Work = (onBytes: OnBytes, signal: AbortSignal) => Promise<void>;

/** In a notification, with bytes so far and a way to give up. */
const withProgress = async (path: string, total: number | undefined, work: Work): Promise<void> => {
  const title = `Downloading ${lineText(posix.basename(path), 80)}`;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const done = new Map<string, number>();
    const onBytes: OnBytes = ({ path: file, bytes }) => {
      const increment = total === undefined || total === 0 ? 0 : (100 * (bytes - (done.get(file) ?? 0))) / total;
      done.set(file, bytes);
      progress.report({ message: `${lineText(posix.basename(file), 60)}: ${formatBytes(bytes)}`, increment });
    };
    await work(onBytes, toSignal(token));
  });
};
