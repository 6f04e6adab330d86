import { performance } from 'node:perf_hooks';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { newMetrics, runsOfInputs, runsOfParams, withExperiments, type ChangedRun } from './appended-rows.ts';
import { toMetricsEvent, toRunsEvent } from './change-events.ts';
import type { PlainTable } from './fingerprints.ts';
import { RowWatch, type ChangedRuns } from './row-watch.ts';
import { TableWatch } from './table-watch.ts';
import type { RowRange } from './write-ahead-log.ts';

/** Tables to which MLflow only appends: what is new has a higher row id. */
interface HighestRows {
  readonly runs: number;
  readonly metrics: number;
  readonly params: number;
  readonly inputs: number;
}

const nothing: HighestRows = { runs: 0, metrics: 0, params: 0, inputs: 0 };

/** Of these it is told only that they have changed. A registry may be of any size: what is small, and says most, comes first. */
const plainTables = {
  experiments: ['experiments', 'experiment_tags'],
  registry: [
    'registered_model_aliases',
    'registered_models',
    'registered_model_tags',
    'model_version_tags',
    'logged_model_tags',
    'logged_models',
    'model_versions',
  ],
} as const satisfies Readonly<Record<string, readonly PlainTable[]>>;

type PlainEvent = keyof typeof plainTables;

interface PlainWatch {
  readonly type: PlainEvent;
  readonly table: TableWatch;
}

/** What a look at rows has found. */
interface Found {
  readonly types: readonly PlainEvent[];
  readonly runs: readonly ChangedRuns[];
}

const nothingFound: Found = { types: [], runs: [] };

const joinFound = (all: readonly Found[]): Found => ({ types: all.flatMap(({ types }) => types), runs: all.flatMap(({ runs }) => runs) });

/**
 * Finds out what has changed in a store since the last look, whoever wrote it. Appended rows are found by
 * their row ids. Rows that MLflow updates in place are found by fingerprints of pieces of the tables, the newest and those
 * first that transactions have touched.
 */
export class ChangeScanner {
  readonly #schema: SqlSchema;
  readonly #tables = [new RowWatch('runs'), new RowWatch('tags')] as const;
  #plain: readonly PlainWatch[] = [];
  #highest: HighestRows = nothing;
  #newestAreDue = false;
  #touched: readonly RowRange[] = [];
  /** The store as it was when it began to be watched, until all pieces are learned. */
  #past: Sql | undefined;
  /** Pieces of the tables that have not been looked at since rows may have been updated, and the next one in turn. */
  #piecesDue = 0;
  #nextPiece = 0;

  constructor(schema: SqlSchema) {
    this.#schema = schema;
  }

  /** Everything up to now is known. */
  reset(read: Sql): void {
    this.#begin(read);
    this.learn(read);
  }

  /**
   * The same, without a look at all that there is: what is appended is known from now on, and what is updated as well, if `past` goes on to show the store
   * as it is now. Without it an update of what is not learned by then is told as a reset.
   */
  begin(read: Sql, past?: Sql): void {
    this.#begin(read);
    this.#past = past;
  }

  get isLearned(): boolean {
    return this.#unlearned === undefined;
  }

  /** Learns what there was at the beginning, until the time (ms) is used up. */
  learn(past: Sql, time = Number.POSITIVE_INFINITY): void {
    const end = performance.now() + time;
    const before = this.#pieces;
    do this.#unlearned?.learnNext(past);
    while (!this.isLearned && performance.now() < end);
    if (this.isLearned) this.#past = undefined;
    // Pieces are counted through all tables: when there are more of one, those behind it are others.
    if (this.#piecesDue > 0 && this.#pieces > before) this.#piecesDue = this.#pieces;
  }

  /** Cheap (microseconds, and the new rows): may be called many times a second. */
  scanAppended(read: Sql): readonly StoreEvent[] {
    const before = this.#highest;
    const now = this.#readHighest(read);
    if (now.runs < before.runs || now.metrics < before.metrics || now.params < before.params || now.inputs < before.inputs) return this.startAnew(read);
    this.#highest = now;
    const runs = [
      ...(now.runs > before.runs ? this.#newRuns(read, before.runs) : []),
      ...(now.params > before.params ? runsOfParams(read, before.params) : []),
      ...(now.inputs > before.inputs ? runsOfInputs(read, before.inputs) : []),
    ];
    return [...toRunsEvent(runs), ...(now.metrics > before.metrics ? toMetricsEvent(newMetrics(read, before.metrics)) : [])];
  }

  /** Any row may have been updated: everything is to be looked at once more, what is known to be touched before all else. */
  expectUpdates(touched: readonly RowRange[] = []): void {
    this.#newestAreDue = true;
    this.#touched = [...this.#touched, ...touched];
  }

  get isDone(): boolean {
    return !this.#newestAreDue && this.#piecesDue === 0;
  }

  /** Looks at what is newest, then at older rows until the time (ms) is used up; to be called until it is done. */
  scanUpdated(read: Sql, time = Number.POSITIVE_INFINITY): readonly StoreEvent[] {
    const end = performance.now() + time;
    const found = this.#newestAreDue ? [this.#scanLikely(read)] : [];
    do found.push(this.#scanNextPiece(read));
    while (this.#piecesDue > 0 && performance.now() < end);
    const { types, runs } = joinFound(found);
    if (runs.includes(undefined)) return this.startAnew(read);
    return [...[...new Set(types)].map((type) => ({ type })), ...this.#tellRuns(read, runs)];
  }

  #begin(read: Sql): void {
    this.#past = undefined;
    this.#highest = this.#readHighest(read);
    this.#plain = this.#plainWatches();
    for (const { table } of this.#plain) table.begin(read);
    for (const table of this.#tables) table.begin(read);
    this.#newestAreDue = false;
    this.#touched = [];
    this.#piecesDue = 0;
  }

  get #unlearned(): TableWatch | RowWatch | undefined {
    return [...this.#plain.map(({ table }) => table), ...this.#tables].find((table) => !table.isLearned);
  }

  #plainWatches(): readonly PlainWatch[] {
    return (['experiments', 'registry'] as const).flatMap((type) =>
      plainTables[type].filter((name) => this.#schema.has(name)).map((name) => ({ type, table: new TableWatch(name) })),
    );
  }

  get #pieces(): number {
    return [...this.#plain.map(({ table }) => table.pieces), ...this.#tables.map(({ chunks }) => chunks)].reduce((sum, count) => sum + count, 0);
  }

  /** After that, all the others are due. */
  #scanLikely(read: Sql): Found {
    this.#newestAreDue = false;
    const plain = this.#plain.flatMap((watch) => newestOf(watch.table).map((piece) => this.#lookAt(read, watch, piece)));
    const runs = this.#tables.flatMap((table) => {
      const chunks = new Set([...table.newestChunks(read), ...table.chunksOf(this.#touched)]);
      return [...chunks].map((chunk) => table.scan(read, chunk, this.#past));
    });
    this.#touched = [];
    this.#piecesDue = this.#pieces;
    return joinFound([...plain, { types: [], runs }]);
  }

  /** In turn, so that none waits for ever while others are written all the time. */
  #scanNextPiece(read: Sql): Found {
    if (this.#piecesDue === 0) return nothingFound;
    const before = this.#pieces;
    const piece = this.#nextPiece % before;
    const found = this.#scanPiece(read, piece);
    this.#piecesDue += this.#pieces - before - 1;
    this.#nextPiece = this.#piecesDue === 0 ? 0 : piece + 1;
    return found;
  }

  #scanPiece(read: Sql, piece: number): Found {
    let rest = piece;
    for (const watch of this.#plain) {
      if (rest < watch.table.pieces) return this.#lookAt(read, watch, rest);
      rest -= watch.table.pieces;
    }
    const [runs, tags] = this.#tables;
    const changed = rest < runs.chunks ? runs.scan(read, rest, this.#past) : tags.scan(read, rest - runs.chunks, this.#past);
    return { types: [], runs: [changed] };
  }

  #lookAt(read: Sql, { type, table }: PlainWatch, piece: number): Found {
    return table.hasChanged(read, piece, this.#past) ? { types: [type], runs: [] } : nothingFound;
  }

  /** A run that is not there any more was removed for good, with rows of many tables. */
  #tellRuns(read: Sql, changed: readonly ChangedRuns[]): readonly StoreEvent[] {
    const runIds = new Set(changed.flatMap((runs) => [...(runs ?? [])]));
    const runs = withExperiments(read, [...runIds]);
    return runs.length < runIds.size ? this.startAnew(read) : toRunsEvent(runs);
  }

  /** Nobody knows what has changed. */
  startAnew(read: Sql): readonly StoreEvent[] {
    this.reset(read);
    return [{ type: 'reset' }];
  }

  #readHighest(read: Sql): HighestRows {
    const inputs = this.#schema.has('inputs') ? sql`(SELECT coalesce(max(rowid), 0) FROM inputs)` : sql`0`;
    const row = read.get<HighestRows>(sql`
      SELECT (SELECT coalesce(max(rowid), 0) FROM runs) AS runs, (SELECT coalesce(max(rowid), 0) FROM metrics) AS metrics,
        (SELECT coalesce(max(rowid), 0) FROM params) AS params, ${inputs} AS inputs`);
    return row ?? nothing;
  }

  /** Told now, so their rows count as known: looking for updates does not find them again. */
  #newRuns(read: Sql, after: number): readonly ChangedRun[] {
    const runs = read.all<ChangedRun>(sql`SELECT run_uuid AS runId, CAST(experiment_id AS TEXT) AS experimentId FROM runs NOT INDEXED WHERE rowid > ${after}`);
    for (const table of this.#tables)
      table.learn(
        read,
        runs.map(({ runId }) => runId),
      );
    return runs;
  }
}

/** Of more pieces than these (the last has room for new rows) only the last is looked at before all others. */
const mostAtOnce = 2;

const newestOf = ({ pieces }: TableWatch): readonly number[] => {
  const first = pieces > mostAtOnce ? pieces - 1 : 0;
  return Array.from({ length: pieces - first }, (_, index) => first + index);
};
