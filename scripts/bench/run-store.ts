import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';

export interface RunShape {
  readonly metrics: number;
  readonly steps: number;
  readonly artifacts: number;
}

export const runId = '0123456789abcdef0123456789abcdef';

/** A store with one run of that shape, whose artifacts are files in this folder. */
export const seedRun = async (folder: string, shape: RunShape): Promise<string> => {
  const path = join(folder, 'mlflow.db');
  const artifacts = join(folder, 'mlruns', '0', runId, 'artifacts');
  await writeFiles(artifacts, shape.artifacts);
  const database = openDatabase(path, { create: true });
  try {
    await database.write((connection) => insertRun(connection, shape, artifacts));
  } finally {
    database.dispose();
  }
  return path;
};

const perFolder = 100;

const writeFiles = async (root: string, count: number): Promise<void> => {
  for (let at = 0; at < count; at++) {
    const folder = join(root, `part-${Math.floor(at / perFolder)}`);
    if (at % perFolder === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `file-${at}.txt`), `artifact ${at}\n`);
  }
};

const insertRun = (connection: Sql, { metrics, steps }: RunShape, artifacts: string): void => {
  connection.run(sql`
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, source_version, lifecycle_stage,
      artifact_uri, experiment_id)
    VALUES (${runId}, 'large-run', 'UNKNOWN', '', '', 'me', 'FINISHED', 1700000000000, 1700010000000, '', 'active', ${artifacts}, 0)`);
  connection.run(sql`
    WITH RECURSIVE keys(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM keys WHERE value < ${metrics - 1}),
      steps(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM steps WHERE value < ${steps - 1})
    INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT printf('group-%d/metric-%03d', keys.value / 50, keys.value),
      (1.0 / (1 + 3.0 * steps.value / ${steps})) + ((steps.value * 7919 + keys.value * 104729) % 1000) / 20000.0,
      1700000000000 + steps.value * 1000, ${runId}, steps.value, 0
    FROM keys CROSS JOIN steps`);
  connection.run(sql`
    INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT "key", value, timestamp, run_uuid, step, is_nan FROM metrics WHERE step = ${steps - 1}`);
  connection.run(sql`
    WITH RECURSIVE numbers(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM numbers WHERE value < 99)
    INSERT INTO params ("key", value, run_uuid) SELECT printf('param-%02d', value), value, ${runId} FROM numbers`);
};
