import { openDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';

/** A new store with finished runs, as many rows each as a training script of the usual kind leaves. */
export const seedRuns = async (path: string, runs: number): Promise<void> => {
  const database = openDatabase(path, { create: true });
  try {
    await database.write((connection) => insertRuns(connection, runs));
  } finally {
    database.dispose();
  }
};

const insertRuns = (connection: Sql, runs: number): void => {
  connection.run(sql`
    WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${runs})
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version, lifecycle_stage,
      artifact_uri, experiment_id)
    SELECT printf('%032x', value), 'run-' || value, 'UNKNOWN', '', '', 'me', 'FINISHED', 1700000000000 + value * 1000, 1700000060000 + value * 1000, '',
      'active', '/nowhere/' || value, 0
    FROM numbers`);
  for (const key of ['mlflow.runName', 'mlflow.user', 'mlflow.source.name', 'mlflow.source.type', 'team'])
    connection.run(sql`INSERT INTO tags ("key", value, run_uuid) SELECT ${key}, 'a value of ' || name, run_uuid FROM runs`);
  for (const key of ['epochs', 'learning_rate', 'alpha'])
    connection.run(sql`INSERT INTO params ("key", value, run_uuid) SELECT ${key}, '0.' || rowid, run_uuid FROM runs`);
  for (const key of ['train/loss', 'validation/accuracy', 'rmse']) {
    connection.run(sql`
      INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) SELECT ${key}, rowid / 1e6, end_time, run_uuid, 1, 0 FROM runs`);
    connection.run(sql`
      INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan) SELECT ${key}, rowid / 1e6, end_time, run_uuid, 1, 0 FROM runs`);
  }
};
