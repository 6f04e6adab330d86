import type * as vscode from 'vscode';

import { type Disposable, Disposables } from '../shared/disposables.ts';

export interface KeptSelectionOptions<Row> {
  /** Whether the row still stands for something. */
  readonly isThere: (row: Row) => boolean;
  readonly onDidChange: (rows: readonly Row[]) => void;
  /** VS Code does not know rows that are selected: when they are read again, it does. */
  readonly onForgotten: () => void;
}

/**
 * The rows of a view that a person has selected. While VS Code reads rows again it does not know them: the view has no selection then, and a click in that
 * moment is told as a selection of nothing, for good. It never takes a row for selected that is not, so that the longer one of two answers holds.
 */
export class KeptSelection<Row> implements Disposable {
  readonly #view: Pick<vscode.TreeView<Row>, 'selection' | 'onDidChangeSelection'>;
  readonly #options: KeptSelectionOptions<Row>;
  readonly #owned = new Disposables();
  #rows: readonly Row[] = [];
  #look: NodeJS.Immediate | undefined;

  constructor(view: Pick<vscode.TreeView<Row>, 'selection' | 'onDidChangeSelection'>, options: KeptSelectionOptions<Row>) {
    this.#view = view;
    this.#options = options;
    this.#owned.own(view.onDidChangeSelection(({ selection }) => this.#keep(selection)));
    this.#owned.own({ dispose: () => clearImmediate(this.#look) });
  }

  get rows(): readonly Row[] {
    this.#lookAgain();
    if (this.#view.selection.length < this.#rows.length) this.#options.onForgotten();
    return this.#rows.filter((row) => this.#options.isThere(row));
  }

  /** VS Code knows these rows again a moment later: when all that follows from the answer has been done. */
  rowsWereRead(): void {
    this.#look ??= setImmediate(() => {
      this.#look = undefined;
      this.#lookAgain();
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #lookAgain(): void {
    const { selection } = this.#view;
    if (selection.length > this.#rows.length) this.#keep(selection);
  }

  #keep(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#options.onDidChange(rows);
  }
}

/** For `when` clauses: what the rows are; empty when they are of several kinds. */
export const commonKind = (rows: readonly { readonly kind: string }[]): string => {
  const [kind = '', ...others] = new Set(rows.map((row) => row.kind));
  return others.length === 0 ? kind : '';
};
