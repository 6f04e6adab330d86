import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { runOf } from './rows/row-window.ts';
import type { RunTable } from './rows/run-table.ts';

/** As many as are read at once for a selection. */
const mostAtOnce = 4000;

/** Chosen runs, by id: they stay chosen while the table scrolls, sorts and filters. */
export class Selection {
  readonly #rows: RunTable;
  readonly #ids = signal<ReadonlySet<string>>(new Set());
  #anchor = 0;

  readonly runIds: ReadonlySignal<ReadonlySet<string>> = this.#ids;
  readonly size = computed(() => this.#ids.value.size);

  constructor(rows: RunTable) {
    this.#rows = rows;
  }

  has(runId: string): boolean {
    return this.#ids.value.has(runId);
  }

  clear(): void {
    this.#ids.value = new Set();
  }

  forget(runIds: readonly string[]): void {
    const left = new Set(this.#ids.peek());
    for (const runId of runIds) left.delete(runId);
    this.#ids.value = left;
  }

  /** A click: this run alone. */
  only(line: number): void {
    this.#anchor = line;
    const run = this.#runAt(line);
    this.#ids.value = new Set(run === undefined ? [] : [run]);
  }

  toggle(line: number): void {
    this.#anchor = line;
    const run = this.#runAt(line);
    if (run === undefined) return;
    const next = new Set(this.#ids.peek());
    if (!next.delete(run)) next.add(run);
    this.#ids.value = next;
  }

  /** From where the last one was chosen to here. Undefined when that is too much, else how many there are. */
  async extendTo(line: number): Promise<number | undefined> {
    return await this.#take(Math.min(this.#anchor, line), Math.max(this.#anchor, line) + 1);
  }

  async all(): Promise<number | undefined> {
    return await this.#take(0, this.#rows.root?.count ?? 0);
  }

  /** The first runs of the table, in its order, selected or not. */
  async first(count: number): Promise<readonly string[]> {
    return await this.#idsOf(0, Math.min(count, this.#rows.root?.count ?? 0));
  }

  async #take(from: number, to: number): Promise<number | undefined> {
    if (to - from > mostAtOnce) return undefined;
    this.#ids.value = new Set(await this.#idsOf(from, to));
    return this.#ids.peek().size;
  }

  /** Lines that are not loaded yet are read. */
  async #idsOf(from: number, to: number): Promise<readonly string[]> {
    const { root } = this.#rows;
    if (root === undefined) return [];
    await root.need(from, to);
    const lines = Array.from({ length: Math.max(0, Math.min(to, root.count) - from) }, (_, index) => from + index);
    return lines.flatMap((line) => runOf(root.at(line).entry)?.runId ?? []);
  }

  #runAt(line: number): string | undefined {
    return runOf(this.#rows.root?.at(line).entry)?.runId;
  }
}

export const tooManyToSelect = `Up to ${mostAtOnce.toLocaleString('en-US')} runs can be selected at once: narrow the table by a filter`;
