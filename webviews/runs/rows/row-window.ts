import type { GroupsReply, RowsReply, RunGroup, RunRow, RunsQuery } from '../../../schemas/runs-protocol.ts';

/** What a window of rows asks for: runs, or groups of runs. */
export interface RowSource {
  readonly query: RunsQuery;
  /** Groups by these columns; empty: runs. */
  readonly by: readonly string[];
}

export interface RowsBackend {
  rows(query: RunsQuery, offset: number, limit: number, signal: AbortSignal): Promise<RowsReply>;
  groups(source: RowSource, offset: number, limit: number, signal: AbortSignal): Promise<GroupsReply>;
  /** Something arrived, or failed. */
  onChange(): void;
  onFailure(error: unknown): void;
}

export type Entry = { readonly kind: 'run'; readonly row: RunRow } | { readonly kind: 'group'; readonly group: RunGroup };

/** One line of the table. `entry` is undefined while it is on its way. */
export interface Item {
  readonly entry: Entry | undefined;
  readonly depth: number;
  readonly window: RowWindow;
  readonly index: number;
  readonly isExpanded: boolean;
}

export const blockSize = 100;
/** Blocks kept around what is looked at: a page holds the same however many runs there are. */
const mostBlocks = 40;

export const keyOf = (entry: Entry): string => (entry.kind === 'run' ? entry.row.runId : JSON.stringify(entry.group.values));

/** How many rows are below a row. */
export const childrenOf = (entry: Entry): number => (entry.kind === 'run' ? entry.row.children : entry.group.runs);

export const runOf = (entry: Entry | undefined): RunRow | undefined => (entry?.kind === 'run' ? entry.row : undefined);

interface Answer {
  readonly entries: readonly Entry[];
  readonly total: number;
  readonly totalIsKnown: boolean;
  readonly notes: readonly string[];
}

/** Rows of one level, read in blocks as they are looked at, with the levels that are open below them. */
export class RowWindow {
  readonly source: RowSource;
  readonly depth: number;
  readonly #backend: RowsBackend;
  readonly #blocks = new Map<number, readonly Entry[]>();
  readonly #loading = new Map<number, AbortController>();
  /** Not asked for again by itself. */
  readonly #failed = new Set<number>();
  #below: readonly { readonly key: string; readonly index: number; readonly window: RowWindow }[] = [];
  #total: number;
  #totalIsKnown: boolean;
  notes: readonly string[] = [];

  constructor(source: RowSource, backend: RowsBackend, { depth = 0, total }: { readonly depth?: number; readonly total?: number } = {}) {
    this.source = source;
    this.depth = depth;
    this.#backend = backend;
    this.#total = total ?? 0;
    this.#totalIsKnown = total !== undefined;
  }

  /** Of this level alone. */
  get total(): number {
    return this.#total;
  }

  get totalIsKnown(): boolean {
    return this.#totalIsKnown;
  }

  /** Lines of this level and of those open below it; a line more where there is more to come. */
  get count(): number {
    return this.#total + (this.#totalIsKnown ? 0 : 1) + this.#below.reduce((sum, { window }) => sum + window.count, 0);
  }

  get expandedKeys(): readonly string[] {
    return this.#below.map(({ key }) => key);
  }

  /** All that is there, of every level. */
  get loaded(): readonly Entry[] {
    return [...[...this.#blocks.values()].flat(), ...this.#below.flatMap(({ window }) => window.loaded)];
  }

  get isWhole(): boolean {
    return this.#totalIsKnown && [...this.#blocks.values()].reduce((sum, block) => sum + block.length, 0) >= this.#total;
  }

  at(line: number): Item {
    const { window, index } = this.#locate(line);
    const entry = window.#blocks.get(Math.floor(index / blockSize))?.[index % blockSize];
    return { entry, depth: window.depth, window, index, isExpanded: entry !== undefined && window.expandedKeys.includes(keyOf(entry)) };
  }

  /** The line of a row that is there; undefined when it is not. */
  lineOf(key: string): number | undefined {
    return this.linesOf(new Set([key]))[0];
  }

  /** Of those that are there, in order. */
  linesOf(keys: ReadonlySet<string>): readonly number[] {
    if (keys.size === 0) return [];
    const here = [...this.#blocks].flatMap(([block, entries]) =>
      entries.flatMap((entry, at) => (keys.has(keyOf(entry)) ? [this.#lineOfIndex(block * blockSize + at)] : [])),
    );
    const below = this.#below.flatMap(({ index, window }) => window.linesOf(keys).map((line) => this.#lineOfIndex(index) + 1 + line));
    return [...here, ...below].sort((left, right) => left - right);
  }

  /** Reads what is missing of these lines, and gives up what is on its way for others. */
  async need(from: number, to: number): Promise<void> {
    const wanted = new Map<RowWindow, Set<number>>();
    for (let line = Math.max(0, from); line < Math.min(to, this.count); line++) {
      const { window, index } = this.#locate(line);
      const blocks = wanted.get(window) ?? new Set();
      wanted.set(window, blocks.add(Math.floor(index / blockSize)));
    }
    if (this.count === 1 && !this.#totalIsKnown) wanted.set(this, new Set([0]));
    for (const window of this.#all()) window.#giveUp(wanted.get(window) ?? new Set());
    await Promise.all([...wanted].flatMap(([window, blocks]) => [...blocks].map(async (block) => window.#load(block))));
  }

  expand(key: string, source: RowSource, total: number): RowWindow | undefined {
    const index = this.#indexOf(key);
    if (index === undefined || this.expandedKeys.includes(key)) return undefined;
    const window = new RowWindow(source, this.#backend, { depth: this.depth + 1, total });
    this.#below = [...this.#below, { key, index, window }].toSorted((left, right) => left.index - right.index);
    return window;
  }

  collapse(key: string): void {
    for (const below of this.#below) if (below.key === key) below.window.dispose();
    this.#below = this.#below.filter((below) => below.key !== key);
  }

  /** New values for rows that are there, in their places. */
  replace(rows: ReadonlyMap<string, RunRow>): void {
    for (const [block, entries] of this.#blocks) {
      if (!entries.some((entry) => rows.has(keyOf(entry)))) continue;
      this.#blocks.set(
        block,
        entries.map((entry) => {
          const row = rows.get(keyOf(entry));
          return row === undefined ? entry : { kind: 'run', row };
        }),
      );
    }
    for (const { window } of this.#below) window.replace(rows);
  }

  retry(): void {
    for (const window of this.#all()) window.#failed.clear();
  }

  dispose(): void {
    for (const window of this.#all()) window.#giveUp(new Set());
  }

  #all(): readonly RowWindow[] {
    return [this, ...this.#below.flatMap(({ window }) => window.#all())];
  }

  #locate(line: number): { readonly window: RowWindow; readonly index: number } {
    let before = 0;
    for (const { index, window } of this.#below) {
      const inside = line - before - index - 1;
      if (inside < 0) break;
      if (inside < window.count) return window.#locate(inside);
      before += window.count;
    }
    return { window: this, index: line - before };
  }

  #lineOfIndex(index: number): number {
    return this.#below.reduce((line, below) => (below.index < index ? line + below.window.count : line), index);
  }

  #indexOf(key: string): number | undefined {
    for (const [block, entries] of this.#blocks) {
      const at = entries.findIndex((entry) => keyOf(entry) === key);
      if (at >= 0) return block * blockSize + at;
    }
    return undefined;
  }

  #giveUp(except: ReadonlySet<number>): void {
    for (const [block, controller] of this.#loading) {
      if (except.has(block)) continue;
      this.#loading.delete(block);
      controller.abort();
    }
  }

  async #load(block: number): Promise<void> {
    if (this.#blocks.has(block) || this.#loading.has(block) || this.#failed.has(block)) return;
    const controller = new AbortController();
    this.#loading.set(block, controller);
    try {
      this.#take(block, await this.#ask(block * blockSize, controller.signal));
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#failed.add(block);
      this.#backend.onFailure(error);
    } finally {
      if (this.#loading.get(block) === controller) this.#loading.delete(block);
    }
  }

  async #ask(offset: number, signal: AbortSignal): Promise<Answer> {
    if (this.source.by.length === 0) {
      const { rows, ...answer } = await this.#backend.rows(this.source.query, offset, blockSize, signal);
      return { ...answer, entries: rows.map((row) => ({ kind: 'run', row })) };
    }
    const { groups, total, notes } = await this.#backend.groups(this.source, offset, blockSize, signal);
    return { total, totalIsKnown: true, notes, entries: groups.map((group) => ({ kind: 'group', group })) };
  }

  #take(block: number, { entries, total, totalIsKnown, notes }: Answer): void {
    this.#blocks.set(block, entries);
    this.#total = totalIsKnown ? total : Math.max(this.#total, total);
    this.#totalIsKnown = totalIsKnown;
    this.notes = notes;
    this.#forgetFarFrom(block);
    this.#backend.onChange();
  }

  #forgetFarFrom(block: number): void {
    const open = new Set(this.#below.map(({ index }) => Math.floor(index / blockSize)));
    const byDistance = [...this.#blocks.keys()].toSorted((left, right) => Math.abs(right - block) - Math.abs(left - block));
    for (const far of byDistance) {
      if (this.#blocks.size <= mostBlocks) return;
      if (!open.has(far)) this.#blocks.delete(far);
    }
  }
}
