import * as vscode from 'vscode';

import { formatBytes } from '../../../schemas/format.ts';
import type { ArtifactReference, RunReference } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { runsOf } from '../../host/run-items.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { artifactScheme } from '../artifact-document.ts';
import type { FileInfo } from '../artifact-repository.ts';
import { toReference } from './artifact-stores.ts';
import { storeOf } from './store-of-run.ts';

/** Lets the user choose a run of the open stores; undefined when given up. */
export type ChooseRun = (title: string) => Promise<RunReference | undefined>;

export interface ChoosingOptions {
  readonly stores: StoreConnections;
  readonly chooseRun: ChooseRun;
}

/** What a command is about: what it was handed, the artifact in the active editor, or what the user chooses. */
export const artifactOf = async (options: ChoosingOptions, target: unknown, title: string): Promise<ArtifactReference | undefined> => {
  if (isReference(target)) return target;
  const uri = target instanceof vscode.Uri ? target : activeArtifact();
  if (uri?.scheme === artifactScheme) return await toReference(options.stores, uri);
  const run = runsOf(target)?.[0] ?? (await options.chooseRun(title));
  return run === undefined ? undefined : await chooseFrom(storeOf(options.stores, run), run, title);
};

const isReference = (target: unknown): target is ArtifactReference =>
  typeof target === 'object' && target !== null && 'path' in target && typeof target.path === 'string' && 'run' in target && runsOf(target) !== undefined;

/** A picture has an editor too, but no text. */
const activeArtifact = (): vscode.Uri | undefined => {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const hasUri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook;
  return hasUri && input.uri.scheme === artifactScheme ? input.uri : undefined;
};

interface Row extends vscode.QuickPickItem {
  /** Undefined leads one folder up. */
  readonly file?: FileInfo;
}

/** Goes down folder by folder. */
const chooseFrom = async ({ artifacts }: StoreConnection, run: RunReference, title: string): Promise<ArtifactReference | undefined> => {
  for (let folder = ''; ;) {
    const rows = artifacts.listArtifacts(run.runId, folder === '' ? undefined : folder).then((files) => toRows(files, folder));
    const row = await vscode.window.showQuickPick<Row>(rows, { title, placeHolder: folder === '' ? 'Choose an artifact' : folder });
    if (row === undefined) return undefined;
    if (row.file?.isDirectory === false) return { run, path: row.file.path };
    folder = row.file?.path ?? folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  }
};

const toRows = (files: readonly FileInfo[], folder: string): readonly Row[] => {
  const rows = files.map((file): Row => {
    const name = iconSafeText(file.path.slice(file.path.lastIndexOf('/') + 1));
    return { label: file.isDirectory ? `$(folder) ${name}` : `$(file) ${name}`, description: file.size === undefined ? '' : formatBytes(file.size), file };
  });
  if (folder === '' && rows.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'This run has no artifacts');
  return folder === '' ? rows : [{ label: '$(arrow-up) ..', description: 'One folder up' }, ...rows];
};
