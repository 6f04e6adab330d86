import { performance } from 'node:perf_hooks';

import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { readFingerprint, type Fingerprint } from './fingerprints.ts';
import { RowWatch, type ChangedRuns } from './row-watch.ts';
import type { RowRange } from './write-ahead-log.ts';

type ChangedRun = { readonly runId: string; readonly experimentId: string };

interface MetricRow extends ChangedRun {
  readonly key: string;
}

/** Tables to which MLflow only appends: what is new has a higher row id. */
interface HighestRows {
  readonly runs: number;
  readonly metrics: number;
  readonly params: number;
  readonly inputs: number;
}

const nothing: HighestRows = { runs: 0, metrics: 0, params: 0, inputs: 0 };

/**
 * Finds out what has changed in a store since the last look, whoever wrote it. Appended rows are found by
 * their row ids. Rows that MLflow updates in place are found by fingerprints: of the small tables as a
 * whole, of the runs and their tags in pieces, the newest and those first that transactions have touched.
 */
export class ChangeScanner {
  readonly #schema: SqlSchema;
  readonly #tables = [new RowWatch('runs'), new RowWatch('tags')] as const;
  #highest: HighestRows = nothing;
  #fingerprints: ReadonlyMap<Fingerprint, string> = new Map();
  #newestAreDue = false;
  #touched: readonly RowRange[] = [];
  /** Pieces of the large tables that have not been looked at since rows may have been updated, and the next one in turn. */
  #piecesDue = 0;
  #nextPiece = 0;

  constructor(schema: SqlSchema) {
    this.#schema = schema;
  }

  /** Everything up to now is known. */
  reset(read: Sql): void {
    this.#highest = this.#readHighest(read);
    this.#fingerprints = this.#readFingerprints(read);
    for (const table of this.#tables) table.reset(read);
    this.#newestAreDue = false;
    this.#touched = [];
    this.#piecesDue = 0;
  }

  /** Cheap (microseconds, and the new rows): may be called many times a second. */
  scanAppended(read: Sql): readonly StoreEvent[] {
    const before = this.#highest;
    const now = this.#readHighest(read);
    if (now.runs < before.runs || now.metrics < before.metrics || now.params < before.params || now.inputs < before.inputs) return this.#startAnew(read);
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
    this.#piecesDue = this.#pieces;
  }

  get isDone(): boolean {
    return !this.#newestAreDue && this.#piecesDue === 0;
  }

  /** Looks at what is small or new, then at older rows until the time (ms) is used up; to be called until it is done. */
  scanUpdated(read: Sql, time = Number.POSITIVE_INFINITY): readonly StoreEvent[] {
    const end = performance.now() + time;
    const events = this.#newestAreDue ? this.#scanSmall(read) : [];
    const changed = this.#newestAreDue ? this.#scanLikely(read) : [];
    this.#newestAreDue = false;
    this.#touched = [];
    do changed.push(...this.#scanNextPiece(read));
    while (this.#piecesDue > 0 && performance.now() < end);
    return changed.includes(undefined) ? this.#startAnew(read) : [...events, ...this.#tellRuns(read, changed)];
  }

  get #pieces(): number {
    return this.#tables.reduce((sum, table) => sum + table.chunks, 0);
  }

  #scanLikely(read: Sql): ChangedRuns[] {
    return this.#tables.flatMap((table) => {
      const chunks = new Set([...table.newestChunks(read), ...table.chunksOf(this.#touched)]);
      return [...chunks].map((chunk) => table.scan(read, chunk));
    });
  }

  /** In turn, so that none waits for ever while others are written all the time. */
  #scanNextPiece(read: Sql): readonly ChangedRuns[] {
    if (this.#piecesDue === 0) return [];
    const [runs, tags] = this.#tables;
    const piece = this.#nextPiece % this.#pieces;
    this.#nextPiece = piece + 1;
    this.#piecesDue -= 1;
    return [piece < runs.chunks ? runs.scan(read, piece) : tags.scan(read, piece - runs.chunks)];
  }

  /** A run that is not there any more was removed for good, with rows of many tables. */
  #tellRuns(read: Sql, changed: readonly ChangedRuns[]): readonly StoreEvent[] {
    const runIds = new Set(changed.flatMap((runs) => [...(runs ?? [])]));
    const runs = withExperiments(read, [...runIds]);
    return runs.length < runIds.size ? this.#startAnew(read) : toRunsEvent(runs);
  }

  #scanSmall(read: Sql): readonly StoreEvent[] {
    const before = this.#fingerprints;
    this.#fingerprints = this.#readFingerprints(read);
    return (['experiments', 'registry'] as const).filter((name) => before.get(name) !== this.#fingerprints.get(name)).map((type) => ({ type }));
  }

  #startAnew(read: Sql): readonly StoreEvent[] {
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

  #readFingerprints(read: Sql): ReadonlyMap<Fingerprint, string> {
    const names = ['experiments', 'registry'] as const;
    return new Map(names.map((name) => [name, readFingerprint(read, this.#schema, name)]));
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

/** Not by an index: the planner would walk all of one on (run_uuid, key, step) to save the sort of the few new rows. */
const newMetrics = (read: Sql, after: number): readonly MetricRow[] =>
  read.all<MetricRow>(sql`
    SELECT m.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId, m."key" AS "key"
    FROM (SELECT DISTINCT run_uuid, "key" FROM metrics NOT INDEXED WHERE rowid > ${after}) m JOIN runs r ON r.run_uuid = m.run_uuid`);

const runsOfParams = (read: Sql, after: number): readonly ChangedRun[] =>
  read.all<ChangedRun>(sql`
    SELECT r.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId
    FROM runs r WHERE r.run_uuid IN (SELECT run_uuid FROM params NOT INDEXED WHERE rowid > ${after})`);

const runsOfInputs = (read: Sql, after: number): readonly ChangedRun[] =>
  read.all<ChangedRun>(sql`
    SELECT r.run_uuid AS runId, CAST(r.experiment_id AS TEXT) AS experimentId
    FROM runs r WHERE r.run_uuid IN (
      SELECT CASE WHEN destination_type = 'RUN' THEN destination_id ELSE source_id END FROM inputs NOT INDEXED WHERE rowid > ${after})`);

const withExperiments = (read: Sql, runIds: readonly string[]): readonly ChangedRun[] => {
  if (runIds.length === 0) return [];
  return read.all<ChangedRun>(sql`
    SELECT run_uuid AS runId, CAST(experiment_id AS TEXT) AS experimentId
    FROM runs WHERE run_uuid IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`);
};

const toRunsEvent = (runs: readonly ChangedRun[]): readonly StoreEvent[] => {
  if (runs.length === 0) return [];
  return [{ type: 'runs', runs: [...new Map(runs.map((run) => [run.runId, run])).values()] }];
};

const toMetricsEvent = (rows: readonly MetricRow[]): readonly StoreEvent[] => {
  if (rows.length === 0) return [];
  const runs = [...Map.groupBy(rows, (row) => row.runId).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ runId: first.runId, experimentId: first.experimentId, keys: [first.key, ...others.map((row) => row.key)] }],
  );
  return [{ type: 'metrics', runs }];
};

/** One event for each kind, in the order they were found. */
export const mergeEvents = (events: readonly StoreEvent[]): readonly StoreEvent[] => {
  if (events.some((event) => event.type === 'reset')) return [{ type: 'reset' }];
  const runs = events.flatMap((event) => (event.type === 'runs' ? event.runs : []));
  return [
    ...events.filter((event) => event.type === 'experiments'),
    ...toRunsEvent(runs),
    ...events.filter((event) => event.type === 'metrics' || event.type === 'registry'),
  ];
};
