import { createBatcher } from '../shared/batcher.ts';
import type { Disposable } from '../shared/disposables.ts';

/**
 * ms between two refreshes while stores change all the time. VS Code shows a refresh at once, unless
 * another one was within 200 ms: then it waits for a pause of 200 ms, which a training run may not make.
 */
export const refreshInterval = 220;

export interface RowRefreshesOptions<Row> {
  /** Rows that VS Code is to show again, with what is below them; undefined: all. */
  readonly fire: (rows: Row[] | undefined) => void;
  /** A row below which nearly everything is: with it everything is shown again. */
  readonly isTop: (row: Row) => boolean;
}

/**
 * Tells VS Code which rows to show again. When it refreshes the rows below one that it is reading the children of, it puts these children at the root. A
 * refresh of everything gives such a reading up, and what has not changed is not read from a store again.
 */
export class RowRefreshes<Row extends { readonly id: string }> implements Disposable {
  readonly #options: RowRefreshesOptions<Row>;
  readonly #batcher = createBatcher<readonly Row[] | undefined>(refreshInterval, async (batch) => this.#fire(batch));
  /** Rows whose children are being read. */
  #readings = 0;

  constructor(options: RowRefreshesOptions<Row>) {
    this.#options = options;
  }

  /** Undefined: all. */
  add(rows: readonly Row[] | undefined): void {
    this.#batcher.add(rows);
  }

  async whileReading<Result>(read: () => Promise<Result>): Promise<Result> {
    this.#readings++;
    try {
      return await read();
    } finally {
      this.#readings--;
    }
  }

  dispose(): void {
    this.#batcher.dispose();
  }

  #fire(batch: readonly (readonly Row[] | undefined)[]): void {
    const rows = batch.filter((some) => some !== undefined).flat();
    const isWhole = batch.includes(undefined) || this.#readings > 0 || rows.some(this.#options.isTop);
    this.#options.fire(isWhole ? undefined : [...new Map(rows.map((row) => [row.id, row])).values()]);
  }
}
