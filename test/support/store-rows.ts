import { randomBytes } from 'node:crypto';
import { sql, type Sql } from '../../extension/shared/sql.ts';

/** Rows as MLflow writes them, for tests below the store. */
export const insertRun = (connection: Sql, { runId = randomBytes(16).toString('hex'), experimentId = '0', status = 'RUNNING' } = {}): string => {
  connection.run(sql`
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
    VALUES (${runId}, 'a run', 'UNKNOWN', '', '', 'me', ${status}, 1000, '', 'active', '/nowhere', ${experimentId})`);
  return runId;
};

export const insertMetric = (connection: Sql, runId: string, { key = 'loss', value = 0.5, step = 0, timestamp = 1000, isNan = 0 } = {}): number =>
  connection.run(sql`
    INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES (${key}, ${value}, ${timestamp}, ${runId}, ${step}, ${isNan})`);

export const setTag = (connection: Sql, runId: string, key: string, value: string): number =>
  connection.run(sql`
    INSERT INTO tags ("key", value, run_uuid) VALUES (${key}, ${value}, ${runId}) ON CONFLICT ("key", run_uuid) DO UPDATE SET value = excluded.value`);
