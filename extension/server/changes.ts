import type { StoreEvent } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlSchema } from '../shared/sql.ts';
import { changedKeys, readFingerprint, readRunStates, readTagStates, type Fingerprint } from './fingerprints.ts';

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
 * their row ids; rows that MLflow updates in place (runs, tags, the registry) by a fingerprint of
 * the table, and only when it differs by comparing each run.
 */
export class ChangeScanner {
  readonly #schema: SqlSchema;
  #highest: HighestRows = nothing;
  #fingerprints: ReadonlyMap<Fingerprint, string> = new Map();
  #runs: Map<string, string> = new Map();
  #tags: Map<string, string> = new Map();

  constructor(schema: SqlSchema) {
    this.#schema = schema;
  }

  /** Everything up to now is known. */
  reset(read: Sql): void {
    this.#highest = this.#readHighest(read);
    this.#fingerprints = this.#readFingerprints(read);
    this.#runs = readRunStates(read);
    this.#tags = readTagStates(read);
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

  /** Reads whole tables (milliseconds for 15,000 runs). */
  scanUpdated(read: Sql): readonly StoreEvent[] {
    const before = this.#fingerprints;
    const now = this.#readFingerprints(read);
    this.#fingerprints = now;
    const differs = (name: Fingerprint): boolean => before.get(name) !== now.get(name);
    const changed = new Set<string>();
    if (differs('runs')) {
      const states = readRunStates(read);
      if ([...this.#runs.keys()].some((runId) => !states.has(runId))) return this.#startAnew(read);
      for (const runId of changedKeys(this.#runs, states)) changed.add(runId);
      this.#runs = states;
    }
    if (differs('tags')) {
      const states = readTagStates(read);
      for (const runId of changedKeys(this.#tags, states)) changed.add(runId);
      this.#tags = states;
    }
    return [
      ...(differs('experiments') ? [{ type: 'experiments' } as const] : []),
      ...toRunsEvent(withExperiments(read, [...changed])),
      ...(differs('registry') ? [{ type: 'registry' } as const] : []),
    ];
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
    const names = ['experiments', 'runs', 'tags', 'registry'] as const;
    return new Map(names.map((name) => [name, readFingerprint(read, this.#schema, name)]));
  }

  /** Told now, so their states count as known: the next scan of whole tables does not tell them again. */
  #newRuns(read: Sql, after: number): readonly ChangedRun[] {
    const runs = read.all<ChangedRun>(sql`SELECT run_uuid AS runId, CAST(experiment_id AS TEXT) AS experimentId FROM runs NOT INDEXED WHERE rowid > ${after}`);
    const runIds = runs.map((run) => run.runId);
    for (const [runId, state] of readRunStates(read, runIds)) this.#runs.set(runId, state);
    for (const [runId, state] of readTagStates(read, runIds)) this.#tags.set(runId, state);
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
