import { basename } from 'node:path';
import * as vscode from 'vscode';

import type { SavedView } from '../../../schemas/runs-protocol.ts';
import { readKeptView, type RunsView } from '../../../schemas/runs-view.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { MlflowError } from '../../shared/errors.ts';
import { newViewFile, readViewFile, unreadableView, viewsFolder } from '../view-file.ts';

const pattern = `**/${viewsFolder}/*.json`;
const privateKey = 'mlflow.runsViews';
/** Files beyond these are not listed. */
const mostFiles = 100;

/** Saved views of the runs table: files of the workspace, and what this person keeps for themselves. */
export class RunsViews implements Disposable {
  readonly #memento: vscode.Memento;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    const watcher = this.#owned.own(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) this.#owned.own(event(() => this.#changed.fire()));
  }

  async read(): Promise<readonly SavedView[]> {
    const files = await this.#files();
    const shared = await Promise.all(files.map(async (uri) => readShared(uri)));
    const own = Object.entries(this.#own).map(([name, view]): SavedView => ({ name, view: readKeptView(view), problems: [] }));
    const byName = (left: SavedView, right: SavedView): number => left.name.localeCompare(right.name);
    return [...shared.flat().toSorted(byName), ...own.toSorted(byName)];
  }

  /** Asks for a name; nothing is saved when it is given up. */
  async save(view: RunsView, place: 'file' | 'private', folder: string | undefined): Promise<void> {
    if (place === 'private') return this.#savePrivate(view);
    const root = folder === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.file(folder);
    if (root === undefined) throw new MlflowError('INVALID_STATE', 'Views are saved in a folder: open one first, or save the view for yourself');
    const fileOf = (name: string): vscode.Uri => vscode.Uri.joinPath(root, viewsFolder, `${name}.json`);
    const name = await askName(async (text) => (await exists(fileOf(text))) && 'There is a view of this name: Enter replaces it');
    if (name === undefined) return;
    await vscode.workspace.fs.writeFile(fileOf(name), new TextEncoder().encode(newViewFile(view)));
    this.#changed.fire();
  }

  async forget(name: string): Promise<void> {
    const { [name]: _, ...others } = this.#own;
    await this.#memento.update(privateKey, others);
    this.#changed.fire();
  }

  /** A page is not trusted with paths: it names one of the files that it was told of. */
  async openAsText(file: string, line: number): Promise<void> {
    const uri = (await this.#files()).find((candidate) => vscode.workspace.asRelativePath(candidate) === file);
    if (uri === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${file} is no longer there`);
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, selection: new vscode.Range(at, at) });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #files(): Promise<readonly vscode.Uri[]> {
    return await vscode.workspace.findFiles(pattern, '**/node_modules/**', mostFiles);
  }

  get #own(): Readonly<Record<string, unknown>> {
    return this.#memento.get<Readonly<Record<string, unknown>>>(privateKey, {});
  }

  async #savePrivate(view: RunsView): Promise<void> {
    const name = await askName(async (text) => Object.hasOwn(this.#own, text) && 'There is a view of this name: Enter replaces it');
    if (name === undefined) return;
    await this.#memento.update(privateKey, { ...this.#own, [name]: view });
    this.#changed.fire();
  }
}

/** A file that has just gone is none; one that cannot be read hides no other. */
const readShared = async (uri: vscode.Uri): Promise<readonly SavedView[]> => {
  const name = basename(uri.path, '.json');
  const file = vscode.workspace.asRelativePath(uri);
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return [{ name, file, ...readViewFile(text) }];
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return [];
    return [{ name, file, ...unreadableView(error) }];
  }
};

const exists = async (uri: vscode.Uri): Promise<boolean> => {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
};

const askName = async (warn: (name: string) => Promise<string | false>): Promise<string | undefined> => {
  const name = await vscode.window.showInputBox({
    title: 'Save View',
    prompt: 'Name of the view',
    validateInput: async (text) => problemOf(text) ?? (await warningFor(text.trim(), warn)),
  });
  return name?.trim();
};

const problemOf = (text: string): string | undefined => {
  const name = text.trim();
  if (name === '') return 'A view needs a name';
  return /^[^\\/:*?"<>|\0-\x1f.][^\\/:*?"<>|\0-\x1f]{0,79}$/.test(name) ? undefined : 'The name has to be that of a file, with at most 80 characters';
};

const warningFor = async (name: string, warn: (name: string) => Promise<string | false>): Promise<vscode.InputBoxValidationMessage | undefined> => {
  const message = await warn(name);
  return message === false ? undefined : { message, severity: vscode.InputBoxValidationSeverity.Warning };
};
