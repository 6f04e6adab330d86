import { sql, type Sql } from '../shared/sql.ts';
import { digestOf, joinStates, rowStateOf, type PlainTable } from './fingerprints.ts';

/** Rows of a piece: read and joined in a few ms. */
const rowsAtOnce = 10_000;

interface Piece {
  /** The rows after this row id, up to that of the next piece. As text: ids of experiments go beyond 2^53. */
  readonly after: string;
  /** Undefined: of the last one, that has not been looked at yet, with all that was behind it. */
  readonly mark: string | undefined;
}

interface Rows {
  readonly count: number;
  readonly last: string | null;
  readonly states: string;
}

const belowAll = (-(2n ** 63n)).toString();
const aboveAll = (2n ** 63n - 1n).toString();
/** As SQLite says it. */
const unlimited = -1;

const markOf = ({ last, states }: Rows): string => digestOf(`${last ?? ''} ${states}`);

const emptyMark = markOf({ count: 0, last: null, states: '' });

/** Tells whether rows of a table have come, gone or changed, a piece of it at a time. */
export class TableWatch {
  readonly #table: PlainTable;
  #pieces: Piece[] = [];

  constructor(table: PlainTable) {
    this.#table = table;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  /** Of what there is only the first piece is known: the rest is to be learned, of a store as it is now. */
  begin(read: Sql): void {
    this.#pieces = [{ after: belowAll, mark: undefined }];
    this.learnNext(read);
  }

  get isLearned(): boolean {
    return this.#pieces.at(-1)?.mark !== undefined;
  }

  /** One piece more; `past`: the store as it was at the beginning. */
  learnNext(past: Sql): void {
    const piece = this.#pieces.at(-1);
    if (piece === undefined || piece.mark !== undefined) return;
    const rows = this.#read(past, piece.after, undefined);
    this.#pieces[this.#pieces.length - 1] = { ...piece, mark: markOf(rows) };
    if (rows.count === rowsAtOnce && rows.last !== null) this.#pieces.push({ after: rows.last, mark: undefined });
  }

  /**
   * Since the last look at this piece. The last one has room for what is new: when it is full, there is one more. `past`: the store as it was at the
   * beginning, for a piece that has not been learned; without it that counts as changed.
   */
  hasChanged(read: Sql, index: number, past?: Sql): boolean {
    if (past !== undefined && index === this.#pieces.length - 1) this.learnNext(past);
    const piece = this.#pieces[index];
    if (piece === undefined) return false;
    const next = this.#pieces[index + 1];
    const rows = this.#read(read, piece.after, next?.after);
    const mark = markOf(rows);
    this.#pieces[index] = { ...piece, mark };
    if (next === undefined && rows.count === rowsAtOnce && rows.last !== null) this.#pieces.push({ after: rows.last, mark: emptyMark });
    return mark !== piece.mark;
  }

  #read(read: Sql, after: string, until: string | undefined): Rows {
    const table = { text: this.#table, values: [] };
    const rows = sql`
      SELECT rowid AS id, ${rowStateOf(this.#table)} AS state FROM ${table} NOT INDEXED
      WHERE rowid > ${after} AND rowid <= ${until ?? aboveAll} ORDER BY rowid LIMIT ${until === undefined ? rowsAtOnce : unlimited}`;
    const found = read.get<Rows>(sql`SELECT count(*) AS count, CAST(max(id) AS TEXT) AS last, ${joinStates(sql`state`)} AS states FROM (${rows})`);
    return found ?? { count: 0, last: null, states: '' };
  }
}
