import { openDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';

export interface Shape {
  readonly runs: number;
  readonly steps: number;
}

export const metricKey = 'train/loss';

/** A store with one experiment whose runs each have one long history. */
export const seedHistories = async (path: string, shape: Shape): Promise<void> => {
  const database = openDatabase(path, { create: true });
  try {
    await database.write((connection) => insertHistories(connection, shape));
  } finally {
    database.dispose();
  }
};

/** Ids are spread as random ones are: one index lookup per run is not the neighbour of the last. */
const insertHistories = (connection: Sql, { runs, steps }: Shape): void => {
  connection.run(sql`
    WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${runs})
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage,
      artifact_uri, experiment_id)
    SELECT printf('%016x%016x', (value * 2654435761) & 4294967295, value), 'run-' || value, 'UNKNOWN', '', '', 'me', 'RUNNING', 1700000000000 + value * 1000, '',
      'active', '/nowhere/' || value, 0
    FROM numbers`);
  connection.run(sql`INSERT INTO params ("key", value, run_uuid) SELECT 'learning_rate', '0.' || rowid, run_uuid FROM runs`);
  connection.run(sql`
    WITH RECURSIVE steps(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM steps WHERE value < ${steps - 1})
    INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT ${metricKey}, (1 + runs.rowid / 500.0) * (1.0 / (1 + 3.0 * steps.value / ${steps})) + ((steps.value * 7919 + runs.rowid * 104729) % 1000) / 20000.0,
      1700000000000 + steps.value * 1000, run_uuid, steps.value, 0
    FROM runs CROSS JOIN steps`);
  connection.run(sql`
    INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT "key", value, timestamp, run_uuid, step, is_nan FROM metrics WHERE step = ${steps - 1}`);
};
