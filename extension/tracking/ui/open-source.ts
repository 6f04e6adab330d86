import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

import type { RunReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import { tagOf } from '../read-run.ts';
import type { StoreConnections } from '../store-connection.ts';
import { storeOf } from './tree-selection.ts';

/** Opens what a run was started from: a file of this workspace, or a page of the web. */
export const openSource = async (stores: StoreConnections, run: RunReference): Promise<void> => {
  const name = tagOf(await storeOf(stores, run).tracking.getRun(run.runId), 'mlflow.source.name') ?? '';
  if (/^https?:\/\//i.test(name)) {
    await vscode.env.openExternal(vscode.Uri.parse(name, true));
    return;
  }
  const found = await firstFile(candidates(name));
  if (found === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no file ${name} here: the run was started elsewhere, or it has moved`);
  await vscode.commands.executeCommand('vscode.open', found);
};

/** Where the name says, and where it would be in each folder of the workspace. */
const candidates = (name: string): readonly vscode.Uri[] => {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
  return (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))).map((path) => vscode.Uri.file(path));
};

const firstFile = async (uris: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> => {
  for (const uri of uris) if (await isFile(uri)) return uri;
  return undefined;
};

const isFile = async (uri: vscode.Uri): Promise<boolean> => {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File;
  } catch {
    return false;
  }
};
