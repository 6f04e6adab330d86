import { isAbsolute, join } from 'node:path';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';

import type { PrintedPlace } from '../../../schemas/printed-place.ts';
import { MlflowError } from '../../shared/errors.ts';

/** The file that a printed place means: where it says, or below the folder of the program or one of the workspace. Undefined when it is not here. */
export const findPrinted = async (file: string, directory: string | undefined): Promise<vscode.Uri | undefined> => {
  // Looking at a share of another machine would tell that machine who looks.
  if (/^[\\/]{2}/.test(file)) return undefined;
  const folders = [...(directory === undefined ? [] : [directory]), ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath)];
  const places = isAbsolute(file) ? [file] : folders.map((folder) => join(folder, file));
  for (const place of places) if (await isFile(place)) return vscode.Uri.file(place);
  return undefined;
};

/** Opens it with the cursor in its line. */
export const openPrinted = async ({ file, line }: Pick<PrintedPlace, 'file' | 'line'>, directory: string | undefined): Promise<void> => {
  const uri = await findPrinted(file, directory);
  if (uri === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no file ${file} here: the run was made elsewhere, or it has moved`);
  const place = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(place, place) });
};

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
