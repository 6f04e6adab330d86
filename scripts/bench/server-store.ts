import { openDatabase } from '../../extension/server/database.ts';
import { sql, type Sql } from '../../extension/shared/sql.ts';
import { seedRuns } from './seed-runs.ts';

export interface ServerShape {
  readonly runs: number;
  /** Points of each of 100 runs. */
  readonly steps: number;
  /** Points of each of `longRuns` runs. */
  readonly longSteps: number;
}

export const curve = 'curve';
export const longCurve = 'long curve';

/** A million points together, at the whole size. */
export const longRuns = 100;

/** A store to search and to read histories of. */
export const seedServerStore = async (path: string, { runs, steps, longSteps }: ServerShape): Promise<void> => {
  await seedRuns(path, runs);
  await seedPoints(path, curve, { runs: 100, steps });
  await seedPoints(path, longCurve, { runs: longRuns, steps: longSteps });
};

interface PointShape {
  readonly runs: number;
  /** Points of each run. */
  readonly steps: number;
}

/** Also while a server has the file. */
export const seedPoints = async (path: string, key: string, shape: PointShape): Promise<void> => {
  const database = openDatabase(path);
  try {
    await database.write((db) => insertPoints(db, key, shape));
  } finally {
    database.dispose();
  }
};

const insertPoints = (db: Sql, key: string, { runs, steps }: PointShape): void => {
  db.run(sql`
    WITH RECURSIVE steps(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM steps WHERE value < ${steps - 1})
    INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT ${key}, 1.0 / (1 + s.value) + (s.value * 7919 % 1000) / 20000.0, 1700000000000 + s.value, r.run_uuid, s.value, 0
    FROM runs r CROSS JOIN steps s WHERE r.rowid <= ${runs}`);
  db.run(sql`
    INSERT INTO latest_metrics ("key", value, timestamp, run_uuid, step, is_nan)
    SELECT "key", value, timestamp, run_uuid, step, is_nan FROM metrics WHERE "key" = ${key} AND step = ${steps - 1}`);
};

/** Ids as `seedRuns` gives them. */
export const seededRunId = (number: number): string => number.toString(16).padStart(32, '0');
