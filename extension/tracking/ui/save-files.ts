import { basename, extname } from 'node:path';
import * as vscode from 'vscode';

import { MlflowError } from '../../shared/errors.ts';

/** Writes what a page has made to where the user says; the file's name, or null when it was given up. */
export const saveFile = async (name: string, data: string | ArrayBuffer): Promise<string | null> => {
  const uri = await askWhere(name);
  if (uri === undefined) return null;
  await vscode.workspace.fs.writeFile(uri, bytesOf(data));
  return basename(uri.path);
};

const askWhere = async (name: string): Promise<vscode.Uri | undefined> => {
  // A page is not trusted with paths: of what it says only the last part counts.
  const plain = basename(name);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = extname(plain).slice(1);
  return await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, plain) }),
    filters: { [extension.toUpperCase()]: [extension] },
  });
};

const bytesOf = (data: string | ArrayBuffer): Uint8Array => (typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data));

interface Report {
  readonly markdown: string;
  readonly images: readonly { readonly name: string; readonly data: ArrayBuffer }[];
}

/** Places for reports: chosen first, since a report names the folder of its pictures, and written once. */
export class ReportPlaces {
  readonly #chosen = new Map<string, vscode.Uri>();
  #count = 0;

  /** `folder` is a name beside the file; null when the user gave up. */
  async choose(): Promise<{ readonly file: string; readonly folder: string } | null> {
    const uri = await askWhere('comparison.md');
    if (uri === undefined) return null;
    const file = `report-${++this.#count}`;
    this.#chosen.set(file, uri);
    return { file, folder: folderName(uri) };
  }

  /** Opens the report when it is written. */
  async write(file: string, { markdown, images }: Report): Promise<void> {
    const uri = this.#chosen.get(file);
    if (uri === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', 'No place was chosen for this report');
    this.#chosen.delete(file);
    const folder = vscode.Uri.joinPath(uri, '..', folderName(uri));
    await Promise.all(images.map(async ({ name, data }) => vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, basename(name)), bytesOf(data))));
    await vscode.workspace.fs.writeFile(uri, bytesOf(markdown));
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }
}

const folderName = (uri: vscode.Uri): string => `${basename(uri.path, extname(uri.path))}.files`;
