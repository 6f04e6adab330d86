import { stat } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import * as vscode from 'vscode';

import type { EntryPointReference } from '../../host/commands.ts';
import { findProjectFile, isProjectFileName } from '../project.ts';
import { openPlace, pickWorkspaceFolder, type OpenPlaceOptions } from './open-place.ts';
import { pickEntryPoint } from './pick-entry-point.ts';
import { entryPointOf, requireTrust, type ChosenEntryPoint } from './start-run.ts';
import { openFolder } from './workspace-projects.ts';

/** What a lens or a row names, what a menu hands (an MLproject file, a script, a folder), or nothing. */
export type RunTarget = EntryPointReference | vscode.Uri | undefined;

/** Undefined when given up. */
export const chooseEntryPoint = async (target: RunTarget, title: string, options: OpenPlaceOptions): Promise<ChosenEntryPoint | undefined> => {
  requireTrust();
  // What is seen is what is run.
  await vscode.workspace.saveAll(false);
  if (target === undefined) return await pickEntryPoint(title);
  return target instanceof vscode.Uri ? await chooseFromFile(target, title) : await chooseReferred(target, options);
};

/** What a reference names, as it is now. */
export const chooseReferred = async (reference: EntryPointReference, options: OpenPlaceOptions): Promise<ChosenEntryPoint | undefined> => {
  const { uri, entryPoint, version } = reference;
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(uri)) ?? (await pickWorkspaceFolder());
  if (workspaceFolder === undefined) return undefined;
  const found = await openPlace({ uri, ...(version !== undefined && { version }) }, workspaceFolder, options);
  return { found, entryPoint: entryPointOf(found.project, entryPoint) };
};

const chooseFromFile = async (target: vscode.Uri, title: string): Promise<ChosenEntryPoint | undefined> => {
  if ((await stat(target.fsPath)).isDirectory()) return await pickEntryPoint(title, [await openFolder(target)]);
  if (isProjectFileName(basename(target.fsPath))) return await pickEntryPoint(title, [await openFolder(vscode.Uri.joinPath(target, '..'))]);
  const directory = await folderOfScript(target);
  const found = await openFolder(vscode.Uri.file(directory));
  return { found, entryPoint: entryPointOf(found.project, relative(directory, target.fsPath)) };
};

/** The nearest project around a script, within the workspace; else the script's own folder. */
const folderOfScript = async (script: vscode.Uri): Promise<string> => {
  const top = vscode.workspace.getWorkspaceFolder(script)?.uri.fsPath;
  const own = dirname(script.fsPath);
  for (let folder = own; top !== undefined && folder.startsWith(top); folder = dirname(folder)) {
    if ((await findProjectFile(folder)) !== undefined) return folder;
  }
  return own;
};
