import * as vscode from 'vscode';

import { type Disposable } from '../shared/disposables.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';

/** ms since the epoch. */
export interface StoredText {
  readonly text: string;
  readonly ctime: number;
  readonly mtime: number;
}

/** Where one text is kept. */
export interface TextPlace {
  read(): Promise<StoredText>;
  write(text: string): Promise<void>;
  onDidChange(listener: () => void): Disposable;
}

/** Texts of a store as files: saving writes into the store, and what somebody else has written meanwhile is a newer file, which VS Code asks about. */
export class TextFiles implements vscode.FileSystemProvider, Disposable {
  readonly #placeOf: (uri: vscode.Uri) => TextPlace;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  /** `placeOf` throws a FileSystemError for what is not there. */
  constructor(placeOf: (uri: vscode.Uri) => TextPlace) {
    this.#placeOf = placeOf;
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const subscription = this.#placeOf(uri).onDidChange(() => this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]));
    return new vscode.Disposable(() => subscription.dispose());
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, ctime, mtime } = await this.#read(uri);
    return { type: vscode.FileType.File, ctime, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const place = this.#placeOf(uri);
    try {
      await place.write(Buffer.from(content).toString('utf8'));
    } catch (error) {
      throw vscode.FileSystemError.NoPermissions(errorMessage(error));
    }
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.FileNotADirectory();
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #read(uri: vscode.Uri): Promise<StoredText> {
    const place = this.#placeOf(uri);
    try {
      return await place.read();
    } catch (error) {
      throw error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST'
        ? vscode.FileSystemError.FileNotFound(uri)
        : vscode.FileSystemError.Unavailable(errorMessage(error));
    }
  }
}
