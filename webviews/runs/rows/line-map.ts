/** A line that is shown and is none of those that were read: `before` counts the lines above it that are shown and were read. */
export interface AddedLine<Added> {
  readonly added: Added;
  readonly before: number;
}

/** Lines as they are shown, from lines as they were read: some are left out, and others stand between them. */
export class LineMap<Added> {
  /** Lines that were read, in order. */
  readonly #hidden: readonly number[];
  /** In the order of the table. */
  readonly #added: readonly AddedLine<Added>[];

  constructor(hidden: readonly number[], added: readonly AddedLine<Added>[]) {
    this.#hidden = hidden;
    this.#added = added;
  }

  /** Lines that are shown, of so many that were read. */
  countOf(read: number): number {
    return read - this.#hidden.length + this.#added.length;
  }

  /** What stands there: a line that was read, or one that was added. */
  at(shown: number): { readonly read: number } | { readonly added: Added } {
    let above = 0;
    for (const { added, before } of this.#added) {
      if (before + above === shown) return { added };
      if (before + above > shown) break;
      above++;
    }
    let read = shown - above;
    for (const line of this.#hidden) {
      if (line > read) break;
      read++;
    }
    return { read };
  }

  /** Where a line that was read is shown, or would be. */
  shownOf(read: number): number {
    const before = this.beforeOf(read);
    return before + this.#added.filter((added) => added.before <= before).length;
  }

  /** Lines that were read and are shown above this one. */
  beforeOf(read: number): number {
    return read - this.#hidden.filter((line) => line < read).length;
  }

  /** Where what was added is shown. */
  addedAt(isWanted: (added: Added) => boolean): number | undefined {
    const at = this.#added.findIndex(({ added }) => isWanted(added));
    const line = this.#added[at];
    return line === undefined ? undefined : line.before + at;
  }
}
