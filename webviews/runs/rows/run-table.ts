import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { RowEdit, RunRow, RunsProtocol } from '../../../schemas/runs-protocol.ts';
import type { HostClient } from '../../shared/host.ts';
import { EditedRows } from './edited-rows.ts';
import { groupQuery, isSameButColumns, serves, sourceBelow } from './query.ts';
import { childrenOf, keyOf, RowWindow, type Item, type RowSource, type RowsBackend } from './row-window.ts';
import { ShownRows } from './shown-rows.ts';

interface Lines {
  readonly from: number;
  readonly to: number;
}

/** Where the table stands after its rows were read anew: at the top, or with a row where it was. */
export type Place = { readonly row?: { readonly key: string; readonly wasAt: number } };

/** Rows that came since cannot be left out one by one without end: then all is read anew. */
const mostNew = 200;

/** The rows of the page: what is shown stays until what replaces it has come. */
export class RunTable {
  readonly #host: HostClient<RunsProtocol>;
  readonly #report: (error: unknown) => void;
  readonly #root = signal<RowWindow | undefined>(undefined);
  readonly #revision = signal(0);
  readonly #edits = new EditedRows();
  readonly #shown = computed(() => {
    void this.#revision.value;
    const window = this.#root.value;
    return window && new ShownRows(window, this.#edits.now.value);
  });
  readonly #newRuns = signal<readonly string[]>([]);
  readonly #isLoading = signal(false);
  readonly #place = signal<Place | undefined>(undefined);
  #wanted: RowSource | undefined;
  #coming: RowWindow | undefined;
  #comesToTop = false;
  /** ms since the epoch. */
  #readAt = 0;
  /** What is shown is not what is wanted, which could not be read. */
  #hasFailed = false;
  #visible: Lines = { from: 0, to: 40 };

  readonly newRuns: ReadonlySignal<readonly string[]> = this.#newRuns;
  readonly isLoading: ReadonlySignal<boolean> = this.#isLoading;
  /** Set when the rows were replaced: the table scrolls to it. */
  readonly place: ReadonlySignal<Place | undefined> = this.#place;

  constructor(host: HostClient<RunsProtocol>, report: (error: unknown) => void) {
    this.#host = host;
    this.#report = report;
  }

  /** Undefined until the first rows have come; reading it subscribes to everything in it. */
  get root(): ShownRows | undefined {
    return this.#shown.value;
  }

  show(source: RowSource): void {
    const before = this.#wanted;
    this.#wanted = source;
    const there = this.#coming ?? this.#root.peek();
    if (there !== undefined && !this.#hasFailed && serves(there.source, source)) return;
    void this.#read(before !== undefined && isSameButColumns(before, source) ? 'same' : 'top');
  }

  /** Reads everything shown again; nothing moves. */
  async reload(): Promise<void> {
    await this.#read('same');
  }

  look(visible: Lines): void {
    this.#visible = visible;
    void this.#shown.peek()?.need(visible.from, visible.to);
  }

  toggle({ entry, window, isExpanded }: Item): void {
    if (entry === undefined || childrenOf(entry) === 0) return;
    if (isExpanded) window.collapse(keyOf(entry));
    else window.expand(keyOf(entry), sourceBelow(window.source, entry), childrenOf(entry));
    this.#changed();
    this.look(this.#visible);
  }

  /** Runs changed, came or went: what is shown of them is read again, in its place. */
  async merge(runIds: readonly string[]): Promise<void> {
    const root = this.#root.peek();
    if (root === undefined) return;
    if (root.source.by.length > 0) return this.reload();
    const known = new Set(root.loaded.map(keyOf));
    const { rows, ...now } = await this.#host.request('someRows', { query: root.source.query, runIds });
    if (root !== this.#root.peek()) return;
    const found = new Map(rows.map((row) => [row.runId, row]));
    // What a person brings back does not announce itself.
    const isOther = runIds.some((runId) => (known.has(runId) ? !found.has(runId) : this.#edits.isBack(runId)));
    if (isOther) return this.reload();
    root.replace(found);
    const unknown = rows.filter(({ runId }) => !known.has(runId));
    this.#noteNew(root, unknown, now);
    await this.#countChildren(root, known, unknown);
    this.#changed();
  }

  /** What a person has said of runs, before and after the store has taken it. */
  edit({ pending, written }: { readonly pending: readonly RowEdit[]; readonly written: readonly RowEdit[] }): void {
    const window = this.#root.peek();
    if (window === undefined) return;
    batch(() => {
      this.#edits.take(window, pending, written);
      this.#changed();
    });
  }

  /** Reads again what could not be read. */
  retry(): void {
    const root = this.#root.peek();
    if (root === undefined || this.#hasFailed) return void this.#read('top');
    root.retry();
    void this.#shown.peek()?.need(this.#visible.from, this.#visible.to);
  }

  dispose(): void {
    this.#root.peek()?.dispose();
    this.#coming?.dispose();
  }

  /** A row that is not loaded may be old and only have scrolled by: where totals are known, they tell how many are new. */
  #noteNew(root: RowWindow, unknown: readonly RunRow[], { total, totalIsKnown }: { readonly total: number; readonly totalIsKnown: boolean }): void {
    const before = new Set(this.#newRuns.peek());
    const candidates = unknown.filter(({ runId }) => !before.has(runId)).toSorted((left, right) => (right.startTime ?? 0) - (left.startTime ?? 0));
    const added =
      totalIsKnown && root.totalIsKnown
        ? candidates.slice(0, Math.max(0, total - root.total - before.size))
        : candidates.filter(({ startTime }) => (startTime ?? 0) >= this.#readAt);
    if (added.length > 0) this.#newRuns.value = [...before, ...added.map(({ runId }) => runId)];
  }

  /** A parent has more children than before. */
  async #countChildren(root: RowWindow, known: ReadonlySet<string>, unknown: readonly RunRow[]): Promise<void> {
    const parents = [...new Set(unknown.flatMap(({ parentRunId }) => (parentRunId !== undefined && known.has(parentRunId) ? [parentRunId] : [])))];
    if (parents.length === 0) return;
    const { rows } = await this.#host.request('someRows', { query: root.source.query, runIds: parents });
    if (root === this.#root.peek()) root.replace(new Map(rows.map((row) => [row.runId, row])));
  }

  async #read(wanted: 'top' | 'same'): Promise<void> {
    const source = this.#wanted;
    if (source === undefined) return;
    // Another order is on its way: rows have no place of before in it.
    const where = this.#coming !== undefined && this.#comesToTop ? 'top' : wanted;
    this.#comesToTop = where === 'top';
    this.#coming?.dispose();
    const { from, to } = where === 'top' ? { from: 0, to: 40 } : this.#visible;
    let failure: unknown;
    const next = new RowWindow(
      source,
      this.#backend(
        () => this.#coming === next,
        (error) => (failure = error),
      ),
    );
    this.#coming = next;
    this.#isLoading.value = true;
    const readAt = Date.now();
    await next.need(0, 1);
    await this.#openAgain(next, where === 'same' ? (this.#root.peek() ?? next) : next);
    await next.need(from, to);
    if (this.#coming !== next) return;
    this.#readAt = readAt;
    this.#settle(next, where, failure);
  }

  #settle(next: RowWindow, where: 'top' | 'same', failure: unknown): void {
    this.#coming = undefined;
    this.#hasFailed = failure !== undefined;
    batch(() => {
      this.#isLoading.value = false;
      // Rows of before stay with the reason why there are no others.
      if (failure !== undefined) return this.#report(failure);
      const before = this.#root.peek();
      const first = this.#shown.peek()?.at(this.#visible.from).entry;
      before?.dispose();
      this.#newRuns.value = [];
      if (where === 'top') this.#edits.forget();
      this.#edits.settle(next, before, this.#readAt);
      this.#root.value = next;
      this.#place.value = where === 'top' || first === undefined ? {} : { row: { key: keyOf(first), wasAt: this.#visible.from } };
      this.#changed();
    });
  }

  /** What was open stays open, as far as it is still there. */
  async #openAgain(next: RowWindow, before: RowWindow): Promise<void> {
    const keys = before.expandedKeys;
    if (keys.length === 0 || before.source.by.join() !== next.source.by.join()) return;
    await next.need(0, Math.min(this.#visible.to, next.count));
    for (const key of keys) {
      const line = next.lineOf(key);
      const entry = line === undefined ? undefined : next.at(line).entry;
      if (entry !== undefined && childrenOf(entry) > 0) next.expand(key, sourceBelow(next.source, entry), childrenOf(entry));
    }
  }

  #backend(isComing: () => boolean, onFirstFailure: (error: unknown) => void): RowsBackend {
    return {
      rows: async (query, offset, limit, abort) => {
        const except = isComing() ? [] : this.#newRuns.peek();
        if (except.length > mostNew) return await this.#host.request('rows', { query, offset, limit }, abort);
        return await this.#host.request('rows', { query, offset, limit, ...(except.length > 0 && { except }) }, abort);
      },
      groups: async (source, offset, limit, abort) => await this.#host.request('groups', { query: groupQuery(source), by: source.by, offset, limit }, abort),
      onChange: () => this.#changed(),
      onFailure: (error) => (isComing() ? onFirstFailure(error) : this.#report(error)),
    };
  }

  #changed(): void {
    this.#revision.value = this.#revision.peek() + 1;
  }
}
