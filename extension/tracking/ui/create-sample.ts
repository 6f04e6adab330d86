import { access, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

import type { ServerProcess } from '../../shared/server-process.ts';
import { logRecordedRuns, type RecordedRuns } from '../recorded-runs.ts';
import { createRestTrackingStore } from '../rest-tracking-store.ts';
import { defaultStoreName } from './store-discovery.ts';

const sample = 'wine-quality';
const recorded = 'recorded-runs.json';
const files = ['MLproject', 'README.md', 'python_env.yaml', 'train.py', 'validate.py', 'wine.py'];

export interface SampleOptions {
  readonly server: ServerProcess;
  readonly extensionUri: vscode.Uri;
}

/** Copies the example and fills a store for it, without network or Python; shown where there is room for it. */
export const createSample = async (options: SampleOptions): Promise<void> => {
  const place = await choosePlace();
  if (place === undefined) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Creating a sample project' };
  await vscode.window.withProgress(progress, async () => await fill(place, options));
  if (!place.isOpen) {
    const forceNewWindow = (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
    return void (await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(place.path), { forceNewWindow }));
  }
  await vscode.commands.executeCommand('mlflow.experiments.focus');
  // Beside the first steps that are being taken, not in their place.
  await vscode.window.showTextDocument(vscode.Uri.file(join(place.path, 'MLproject')), { preview: false });
};

interface Place {
  readonly path: string;
  readonly isOpen: boolean;
}

/** The folder that is open, when it is empty; otherwise a new one, where the person says. */
const choosePlace = async (): Promise<Place | undefined> => {
  const [folder, ...others] = vscode.workspace.workspaceFolders ?? [];
  if (folder?.uri.scheme === 'file' && others.length === 0 && (await isEmpty(folder.uri.fsPath))) return { path: folder.uri.fsPath, isOpen: true };
  const title = 'Create the Sample Project In…';
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: 'Create Here', canSelectFiles: false, canSelectFolders: true });
  return chosen?.[0] && { path: await freeName(chosen[0].fsPath), isOpen: false };
};

const isEmpty = async (folder: string): Promise<boolean> => (await readdir(folder)).every((name) => name.startsWith('.'));

/** Nothing that is there is written over. */
const freeName = async (parent: string): Promise<string> => {
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? sample : `${sample}-${number}`);
    if (!(await exists(path))) return path;
  }
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const fill = async ({ path, isOpen }: Place, { server, extensionUri }: SampleOptions): Promise<void> => {
  const source = vscode.Uri.joinPath(extensionUri, 'examples', sample).fsPath;
  const runs = JSON.parse(await readFile(join(source, recorded), 'utf8')) as RecordedRuns;
  await mkdir(path, { recursive: true });
  await Promise.all(files.map((name) => copyFile(join(source, name), join(path, name))));
  const { reply, http } = await server.openStore({ path: join(path, defaultStoreName), create: true });
  try {
    await logRecordedRuns(createRestTrackingStore(http), runs, Date.now());
  } finally {
    // In a folder that is open the window has found the store meanwhile, and goes on with it.
    if (!isOpen) await server.closeStore(reply.storeId);
  }
};
