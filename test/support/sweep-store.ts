import Database from 'better-sqlite3';

import { openDatabase } from '../../extension/server/database.ts';

/** What the runs of `sweep/trials` were given, and the metric that follows from it. */
export interface Trial {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly rmse: number;
}

export const trials: readonly Trial[] = Array.from({ length: 36 }, (_, index) => {
  const rate = Number((10 ** (-4 + (index % 6) * 0.6)).toPrecision(3));
  const depth = 2 + (index % 4);
  const rmse = Number((0.4 + Math.abs(Math.log10(rate) + 2) * 0.1 + depth * 0.02 + (index % 3) * 0.01).toPrecision(4));
  return {
    name: `trial-${index}`,
    params: { learning_rate: String(rate), max_depth: String(depth), optimizer: ['adam', 'sgd', 'lion'][index % 3] ?? '' },
    rmse,
  };
});

/** The run `spiky` of `sweep/long` is flat but for one of its steps. */
export const spike = { steps: 20_000, step: 10_003, value: 5 };

export const manyRuns = 1000;

interface History {
  readonly key: string;
  readonly values: readonly number[];
}

interface NewRun {
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly histories: readonly History[];
}

const falling = (count: number, to: number): readonly number[] => Array.from({ length: count }, (_, step) => to + 1 / (1 + step));

const experiments: Readonly<Record<string, readonly NewRun[]>> = {
  'sweep/trials': trials.map(({ name, params, rmse }) => ({
    name,
    params,
    histories: [
      { key: 'rmse', values: [rmse] },
      { key: 'loss', values: falling(30, rmse) },
    ],
  })),
  'sweep/long': [
    { name: 'spiky', histories: [{ key: 'loss', values: Array.from({ length: spike.steps }, (_, step) => (step === spike.step ? spike.value : 1)) }] },
  ],
  many: Array.from({ length: manyRuns }, (_, index) => ({ name: `one-of-many-${index}`, histories: [{ key: 'loss', values: falling(20, index / 1000) }] })),
};

const start = 1_700_000_000_000;

/** Writes an `mlflow.db` whose runs have fixed params and histories; `prefix`, one character, keeps the run ids of two stores apart. */
export const writeSweepStore = (path: string, prefix: string): void => {
  openDatabase(path, { create: true }).dispose();
  const database = new Database(path);
  const write = writerOf(database, prefix);
  database.transaction(() => {
    for (const [name, runs] of Object.entries(experiments)) write(name, runs);
  })();
  database.close();
};

const writerOf = (database: Database.Database, prefix: string): ((name: string, runs: readonly NewRun[]) => void) => {
  const addExperiment = database.prepare(
    "INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time) VALUES (?, '/nowhere', 'active', ?, ?)",
  );
  const addRun = database.prepare(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version, lifecycle_stage,
       artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', 'me', 'FINISHED', ?, ?, '', 'active', '/nowhere', ?)`,
  );
  const addParam = database.prepare('INSERT INTO params ("key", value, run_uuid) VALUES (?, ?, ?)');
  const addMetric = database.prepare('INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)');
  const addLatest = database.prepare('INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)');
  let count = 0;
  const addHistory = (runId: string, { key, values }: History): void => {
    for (const [step, value] of values.entries()) addMetric.run(key, value, start + step * 1000, runId, step);
    const last = values.length - 1;
    addLatest.run(key, values[last], start + last * 1000, runId, last);
  };
  return (name, runs) => {
    const experimentId = addExperiment.run(name, start, start).lastInsertRowid;
    for (const run of runs) {
      const runId = `${prefix}${(count++).toString(16).padStart(31, '0')}`;
      addRun.run(runId, run.name, start + count, start + count + 60_000, experimentId);
      for (const [key, value] of Object.entries(run.params ?? {})) addParam.run(key, value, runId);
      for (const history of run.histories) addHistory(runId, history);
    }
  };
};
