import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';

import { findProjectFile } from '../project.ts';
import { scaffoldProject, type SourceFile } from '../scaffold.ts';
import { pickWorkspaceFolder } from './open-place.ts';

/** A folder with more, or with longer ones, is no project that a person has written. */
const mostScripts = 100;
const longestScript = 500_000;

/** Writes an MLproject file from what a folder's scripts say of themselves, and shows it; one that is there is shown as it is. */
export const createProject = async (target: vscode.Uri | undefined): Promise<void> => {
  const folder = target ?? (await pickWorkspaceFolder())?.uri;
  if (folder === undefined) return;
  const existing = await findProjectFile(folder.fsPath);
  if (existing === undefined) await writeAll(folder, await scaffoldFolder(folder.fsPath));
  await vscode.window.showTextDocument(vscode.Uri.file(existing ?? join(folder.fsPath, 'MLproject')));
};

const scaffoldFolder = async (directory: string): Promise<ReadonlyMap<string, string>> => {
  const files = await readdir(directory);
  const names = files.filter((name) => name.endsWith('.py')).slice(0, mostScripts);
  const scripts = await Promise.all(names.map(async (name) => await readSource(directory, name)));
  return scaffoldProject({ name: basename(directory), files, scripts: scripts.flat() });
};

const readSource = async (directory: string, name: string): Promise<readonly SourceFile[]> => {
  const path = join(directory, name);
  const found = await stat(path);
  return found.isFile() && found.size <= longestScript ? [{ name, text: await readFile(path, 'utf8') }] : [];
};

/** One step for *Undo*. */
const writeAll = async (folder: vscode.Uri, files: ReadonlyMap<string, string>): Promise<void> => {
  const edit = new vscode.WorkspaceEdit();
  for (const [name, text] of files) edit.createFile(vscode.Uri.joinPath(folder, name), { contents: Buffer.from(text), ignoreIfExists: true });
  await vscode.workspace.applyEdit(edit);
};
