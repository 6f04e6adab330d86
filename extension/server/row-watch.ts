import { sql, type Sql, type SqlQuery } from '../shared/sql.ts';
import { digestOf, joinStates, rowStateOf, type RunTable } from './fingerprints.ts';
import type { RowRange } from './write-ahead-log.ts';

/** Rows that one fingerprint stands for, by the high bits of their row ids. */
const chunkBits = 10;
/** Characters of a row's state that are remembered as they are; of a longer one a digest. */
const longestMark = 100;
/** Chunks whose rows are remembered one by one: those that change are few, mostly the newest. */
const mostKnown = 64;
/** Pieces to which a hint may lead; of more it says no more than that much was written. */
const mostHinted = 64;

interface Row {
  readonly rowId: number;
  readonly runId: string;
  readonly mark: string;
}

interface ChunkMark {
  readonly rows: number;
  readonly mark: string;
}

type KnownRows = Map<number, Row>;

/** Runs whose rows have changed; undefined: rows are gone, and nobody knows whose they were. */
export type ChangedRuns = ReadonlySet<string> | undefined;

const empty: ChunkMark = { rows: 0, mark: '' };

/**
 * Finds rows of a table that were updated in place, a piece of the table at a time. Of a piece that has
 * not changed before only a fingerprint is known, so that its first change is told for all of its runs:
 * too many once, instead of a copy of a large table in memory.
 */
export class RowWatch {
  readonly #table: RunTable;
  /** Undefined: of a piece that has not been looked at yet. */
  #marks: (ChunkMark | undefined)[] = [];
  /** All pieces from this one on have been looked at. */
  #firstMarked = 0;
  readonly #known = new Map<number, KnownRows>();

  constructor(table: RunTable) {
    this.#table = table;
  }

  /** Pieces that there were at the last look. */
  get chunks(): number {
    return this.#marks.length;
  }

  /** Of what there is only the newest is known: the rest is to be learned, of a store as it is now. */
  begin(read: Sql): void {
    this.#known.clear();
    this.#marks = Array.from({ length: this.#newestChunk(read) + 1 });
    this.#firstMarked = this.#marks.length;
    const newest = this.#marks.length - 1;
    if (newest >= 0) this.#remember(newest, this.#readRows(read, newest));
    this.learnNext(read);
  }

  get isLearned(): boolean {
    return this.#firstMarked === 0;
  }

  /** One piece more; `past`: the store as it was at the beginning. */
  learnNext(past: Sql): void {
    if (this.#firstMarked === 0) return;
    this.#firstMarked -= 1;
    this.#markOf(this.#firstMarked, past);
  }

  /** Pieces that were not there at the last look, and the newest one that was. */
  newestChunks(read: Sql): readonly number[] {
    const first = Math.max(0, this.#marks.length - 1);
    return Array.from({ length: Math.max(0, this.#newestChunk(read) - first + 1) }, (_, index) => first + index);
  }

  /** Pieces in which these rows are, if they are of this table. */
  chunksOf(ranges: readonly RowRange[]): readonly number[] {
    const chunks = new Set(ranges.flatMap(({ first, last }) => [first >> chunkBits, last >> chunkBits]));
    const present = [...chunks].filter((chunk) => chunk < this.#marks.length);
    return present.length > mostHinted ? [] : present;
  }

  /** What is told of these runs by other means need not be told again. */
  learn(read: Sql, runIds: readonly string[]): void {
    for (const row of this.#rowsOf(read, runIds)) {
      const chunk = row.rowId >> chunkBits;
      const known = this.#known.get(chunk) ?? (chunk >= this.#marks.length ? this.#remember(chunk, new Map()) : undefined);
      known?.set(row.rowId, row);
    }
  }

  /** `past`: the store as it was at the beginning, for a piece that has not been learned; without it nobody knows what that was. */
  scan(read: Sql, chunk: number, past?: Sql): ChangedRuns {
    const before = chunk < this.#marks.length ? this.#markOf(chunk, past) : empty;
    if (before === undefined) return undefined;
    const now = this.#readMark(read, chunk);
    if (before.rows === now.rows && before.mark === now.mark) return new Set();
    const known = this.#known.get(chunk) ?? (before.rows === 0 ? new Map<number, Row>() : undefined);
    const rows = this.#readRows(read, chunk);
    this.#marks[chunk] = now;
    this.#remember(chunk, rows);
    if (known !== undefined) return differences(known, rows);
    return now.rows < before.rows ? undefined : new Set([...rows.values()].map(({ runId }) => runId));
  }

  #markOf(chunk: number, past: Sql | undefined): ChunkMark | undefined {
    const known = this.#marks[chunk];
    if (known !== undefined || past === undefined) return known;
    const mark = this.#readMark(past, chunk);
    this.#marks[chunk] = mark;
    return mark;
  }

  #newestChunk(read: Sql): number {
    const row = read.get<{ newest: number }>({ text: `SELECT coalesce(max(rowid), -1) AS newest FROM ${this.#table}`, values: [] });
    return (row?.newest ?? -1) >> chunkBits;
  }

  #readMark(read: Sql, chunk: number): ChunkMark {
    const text = `SELECT count(*) AS "rows", ${joinStates(rowStateOf(this.#table)).text} AS mark FROM ${this.#table} NOT INDEXED WHERE ${inChunk}`;
    const { rows, mark } = read.get<ChunkMark>({ text, values: bounds(chunk) }) ?? empty;
    return { rows, mark: digestOf(mark) };
  }

  #readRows(read: Sql, chunk: number): KnownRows {
    return this.#select(read, { text: inChunk, values: bounds(chunk) });
  }

  #rowsOf(read: Sql, runIds: readonly string[]): Iterable<Row> {
    return this.#select(read, sql`run_uuid IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`).values();
  }

  #select(read: Sql, where: SqlQuery): KnownRows {
    const text = `SELECT rowid AS rowId, run_uuid AS runId, ${rowStateOf(this.#table).text} AS mark FROM ${this.#table} WHERE ${where.text}`;
    const rows = read.all<Row>({ text, values: where.values });
    return new Map(rows.map((row) => [row.rowId, { ...row, mark: row.mark.length > longestMark ? digestOf(row.mark) : row.mark }]));
  }

  #remember(chunk: number, rows: KnownRows): KnownRows {
    this.#known.delete(chunk);
    this.#known.set(chunk, rows);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
    return rows;
  }
}

const inChunk = 'rowid BETWEEN ? AND ?';

const bounds = (chunk: number): readonly [number, number] => [chunk << chunkBits, ((chunk + 1) << chunkBits) - 1];

const differences = (before: KnownRows, now: KnownRows): ReadonlySet<string> =>
  new Set([
    ...[...now.values()].filter(({ rowId, mark, runId }) => before.get(rowId)?.mark !== mark || before.get(rowId)?.runId !== runId).map(({ runId }) => runId),
    ...[...before.values()].filter(({ rowId }) => !now.has(rowId)).map(({ runId }) => runId),
  ]);
