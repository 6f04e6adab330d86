import * as vscode from 'vscode';

import { type Disposable, Disposables } from '../shared/disposables.ts';

/** ms after which a question that VS Code has not asked by itself is not coming. */
const patience = 1_000;

/**
 * VS Code asks for the lenses of a file a moment after it was shown or edited, but not when its editor has
 * lost the focus by then, and lenses stay away. This finds out, so that it can be told to ask again.
 */
export class LensQuestions implements Disposable {
  readonly #language: string;
  readonly #askAgain: () => void;
  readonly #owned = new Disposables();
  /** Version of each document for which lenses were asked. */
  readonly #asked = new WeakMap<vscode.TextDocument, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(language: string, askAgain: () => void) {
    this.#language = language;
    this.#askAgain = askAgain;
    this.#owned.own(vscode.window.onDidChangeVisibleTextEditors(() => this.#expect()));
    this.#owned.own(vscode.workspace.onDidChangeTextDocument(({ document }) => document.languageId === language && this.#expect()));
    this.#owned.own({ dispose: () => clearTimeout(this.#timer) });
  }

  wasAsked(document: vscode.TextDocument): void {
    this.#asked.set(document, document.version);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #expect(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), patience);
  }

  #check(): void {
    const isUnasked = ({ document }: vscode.TextEditor): boolean => document.languageId === this.#language && this.#asked.get(document) !== document.version;
    if (vscode.window.visibleTextEditors.some(isUnasked)) this.#askAgain();
  }
}
