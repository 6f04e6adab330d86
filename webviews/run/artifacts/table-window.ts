import { signal, type ReadonlySignal } from '@preact/signals';
import type { Cell, Table } from '../../shared/readers/table.ts';

/** Rows of a table that are on screen, and those around them. */
export interface TableWindow {
  readonly rowCount: ReadonlySignal<number>;
  readonly isWhole: ReadonlySignal<boolean>;
  readonly notes: ReadonlySignal<readonly string[]>;
  /** Why rows could not be read. */
  readonly failure: ReadonlySignal<string | undefined>;
  /** Undefined while it is being read. */
  cell(row: number, column: number): Cell | undefined;
  need(rows: readonly number[]): void;
  dispose(): void;
}

const blockRows = 100;
const mostBlocks = 60;
/** A browser lays out no more than so many lines. */
export const mostRows = 1_000_000;

export const createTableWindow = (table: Table): TableWindow => {
  const blocks = new Map<number, readonly (readonly Cell[])[]>();
  const reading = new Set<number>();
  const abort = new AbortController();
  const version = signal(0);
  const rowCount = signal(Math.min(table.rowCount, mostRows));
  const isWhole = signal(table.isWhole);
  const notes = signal(table.notes);
  const failure = signal<string | undefined>(undefined);

  const read = async (block: number): Promise<void> => {
    reading.add(block);
    try {
      const rows = await table.rows(block * blockRows, Math.min((block + 1) * blockRows, mostRows), abort.signal);
      blocks.set(block, rows);
      const [oldest] = blocks.keys();
      if (blocks.size > mostBlocks && oldest !== undefined) blocks.delete(oldest);
      failure.value = undefined;
    } catch (error) {
      if (!abort.signal.aborted) failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      reading.delete(block);
      rowCount.value = Math.min(table.rowCount, mostRows);
      isWhole.value = table.isWhole;
      notes.value = table.notes;
      version.value += 1;
    }
  };

  return {
    rowCount,
    isWhole,
    notes,
    failure,
    cell: (row, column) => {
      void version.value;
      const block = blocks.get(Math.floor(row / blockRows));
      return block === undefined ? undefined : (block[row % blockRows]?.[column] ?? null);
    },
    need: (rows) => {
      const [first = 0, last = 0] = [rows[0], rows.at(-1)];
      for (let block = Math.floor(first / blockRows); block <= Math.floor(last / blockRows); block += 1) {
        // The last block that is known may have been read before there was more of it.
        const isShort = !table.isWhole && (blocks.get(block)?.length ?? 0) < blockRows;
        if (!reading.has(block) && (!blocks.has(block) || isShort)) void read(block);
      }
    },
    dispose: () => abort.abort(),
  };
};
