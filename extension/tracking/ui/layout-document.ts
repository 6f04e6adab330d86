import { basename } from 'node:path';
import * as vscode from 'vscode';

import type { CompareLayout } from '../../../schemas/compare-layout.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { MlflowError } from '../../shared/errors.ts';
import { layoutsFolder, newLayoutFile, readLayoutFile, writeLayoutFile, type LayoutFile } from '../layout-file.ts';

/** ms between two edits while something is dragged: each is a step of undo. */
const editInterval = 400;

type LayoutChange = (layout: CompareLayout) => CompareLayout;

/** A layout file that is open in an editor: read from it, and changed in it. It is saved as any document is. */
export class LayoutDocument implements Disposable {
  readonly #document: vscode.TextDocument;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new Emitter<void>());
  readonly #edits = this.#owned.own(createBatcher<LayoutChange>(editInterval, (changes) => this.#apply(changes)));
  #written = '';

  /** Somebody else has changed the text. */
  readonly onDidChange = this.#changed.event;

  constructor(document: vscode.TextDocument) {
    this.#document = document;
    this.#owned.own(
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0 && document.getText() !== this.#written) this.#changed.fire();
      }),
    );
  }

  get name(): string {
    return basename(this.#document.uri.path);
  }

  read(): LayoutFile {
    return readLayoutFile(this.#document.getText());
  }

  change(change: LayoutChange): void {
    this.#edits.add(change);
  }

  /** Beside the page, at the line. */
  async openAsText(line: number): Promise<void> {
    const at = new vscode.Range(line - 1, 0, line - 1, 0);
    await vscode.commands.executeCommand('vscode.openWith', this.#document.uri, 'default', { viewColumn: vscode.ViewColumn.Beside, selection: at });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** A file with mistakes in it is not written: what could not be read would be lost. */
  async #apply(changes: readonly LayoutChange[]): Promise<void> {
    const { layout, problems } = this.read();
    if (problems.length > 0) return;
    const text = this.#document.getText();
    this.#written = writeLayoutFile(
      text,
      changes.reduce((changed, change) => change(changed), layout),
    );
    if (this.#written === text) return;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.#document.uri, new vscode.Range(this.#document.positionAt(0), this.#document.positionAt(text.length)), this.#written);
    await vscode.workspace.applyEdit(edit);
  }
}

/** Asks for a name, and writes the file among the folder's layouts; undefined when it was given up. */
export const saveNewLayout = async (layout: CompareLayout, folder: string | undefined): Promise<vscode.Uri | undefined> => {
  const place = folder === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.file(folder);
  if (place === undefined) throw new MlflowError('INVALID_STATE', 'Layouts are kept in a folder: open one first');
  const name = await askName(place);
  if (name === undefined) return undefined;
  const uri = fileOf(place, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(newLayoutFile(layout)));
  return uri;
};

const fileOf = (folder: vscode.Uri, name: string): vscode.Uri => vscode.Uri.joinPath(folder, layoutsFolder, `${name.trim()}.json`);

const askName = async (folder: vscode.Uri): Promise<string | undefined> =>
  await vscode.window.showInputBox({
    title: 'Save Layout',
    prompt: `Name of the layout, a file in ${layoutsFolder}`,
    value: 'compare',
    validateInput: async (name) => {
      if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(name.trim())) return 'Letters, digits, spaces, dots, dashes and underscores make a name';
      const exists = await vscode.workspace.fs.stat(fileOf(folder, name)).then(
        () => true,
        () => false,
      );
      return exists ? { message: 'There is a layout of this name: it will be replaced', severity: vscode.InputBoxValidationSeverity.Warning } : undefined;
    },
  });
