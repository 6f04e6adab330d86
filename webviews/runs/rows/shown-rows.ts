import type { RowEdit, RunRow } from '../../../schemas/runs-protocol.ts';
import { LineMap } from './line-map.ts';
import { editRow, stageIn } from './row-edits.ts';
import { keyOf, type Entry, type Item, type RowSource, type RowWindow } from './row-window.ts';

type EditsByRun = ReadonlyMap<string, readonly RowEdit[]>;

/** What a person has done to the rows of a table since they were read. */
export interface Edited {
  /** Not answered yet. */
  readonly pending: EditsByRun;
  /** Rows that have gone. */
  readonly gone: ReadonlySet<string>;
  /** Rows that are not among those that were read, and come back to where they stood: above this line, the first ones first. */
  readonly back: readonly { readonly row: RunRow; readonly line: number }[];
}

/** The rows of a table with what a person has just said of them. */
export class ShownRows {
  readonly #window: RowWindow;
  readonly #pending: EditsByRun;
  readonly #lines: LineMap<RunRow>;
  readonly #entries = new Map<Entry, Entry>();

  constructor(window: RowWindow, { pending, gone, back }: Edited) {
    this.#window = window;
    this.#pending = pending;
    const stage = stageOf(window.source);
    const leaves = [...pending].filter(([, edits]) => (stageIn(edits) ?? stage) !== stage).map(([runId]) => runId);
    const stays = [...gone].filter((runId) => stageIn(pending.get(runId)) !== stage);
    const hidden = window.linesOf(new Set([...leaves, ...stays]));
    const there = new Set(back.length === 0 ? [] : window.loaded.map(keyOf));
    const read = new LineMap<RunRow>(hidden, []);
    this.#lines = new LineMap(
      hidden,
      back.filter(({ row }) => !there.has(row.runId)).map(({ row, line }) => ({ added: row, before: read.beforeOf(line) })),
    );
  }

  get source(): RowSource {
    return this.#window.source;
  }

  get notes(): readonly string[] {
    return this.#window.notes;
  }

  get totalIsKnown(): boolean {
    return this.#window.totalIsKnown;
  }

  /** Of the first level alone. */
  get total(): number {
    return this.#lines.countOf(this.#window.total);
  }

  get count(): number {
    return this.#lines.countOf(this.#window.count);
  }

  get isWhole(): boolean {
    return this.#window.isWhole;
  }

  /** All that was read, of every level, as it was read. */
  get loaded(): readonly Entry[] {
    return this.#window.loaded;
  }

  at(line: number): Item {
    const there = this.#lines.at(line);
    if ('added' in there) return { entry: this.#look({ kind: 'run', row: there.added }), depth: 0, window: this.#window, index: -1, isExpanded: false };
    const item = this.#window.at(there.read);
    return item.entry === undefined ? item : { ...item, entry: this.#look(item.entry) };
  }

  lineOf(key: string): number | undefined {
    const read = this.#window.lineOf(key);
    return read === undefined ? this.#lines.addedAt(({ runId }) => runId === key) : this.#lines.shownOf(read);
  }

  async need(from: number, to: number): Promise<void> {
    await this.#window.need(this.#readLine(from), this.#readLine(to));
  }

  #readLine(line: number): number {
    const there = this.#lines.at(line);
    return 'read' in there ? there.read : this.#readLine(line + 1);
  }

  /** The same object for the same row, so that it is drawn once. */
  #look(entry: Entry): Entry {
    const edits = entry.kind === 'run' ? this.#pending.get(entry.row.runId) : undefined;
    if (edits === undefined || entry.kind !== 'run') return entry;
    const known = this.#entries.get(entry);
    if (known !== undefined) return known;
    const { columns } = this.source.query;
    const look: Entry = { kind: 'run', row: edits.reduce((row, edit) => editRow(row, edit, columns), entry.row) };
    this.#entries.set(entry, look);
    return look;
  }
}

/** Of runs that belong to a table. */
export const stageOf = ({ query }: RowSource): RunRow['lifecycleStage'] => (query.deleted ? 'deleted' : 'active');
