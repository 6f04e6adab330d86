import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { indexedByRun } from './sqlite-plans.ts';

/**
 * What is known of whole histories, in tables of this connection alone. A history is read once: later points, which have larger row ids,
 * are added to what is there.
 */
const tables: readonly SqlQuery[] = [
  sql`CREATE TEMP TABLE IF NOT EXISTS workbench_summaries (
    "key" TEXT NOT NULL, run_uuid TEXT NOT NULL, points INTEGER NOT NULL, low REAL, high REAL, total REAL NOT NULL, PRIMARY KEY ("key", run_uuid)
  ) WITHOUT ROWID`,
  sql`CREATE TEMP TABLE IF NOT EXISTS workbench_summarized (place INTEGER NOT NULL, run_uuid TEXT, "key" TEXT, timestamp INTEGER, step INTEGER)`,
];

/** Runs whose histories are read in one go. */
export const summaryChunk = 500;

/** Brings what is known up to date; in the same snapshot as what is done with it. */
export const refreshSummaries = (db: Sql): void => {
  for (const table of tables) db.run(table);
  const last = db.get<{ place: number }>(sql`SELECT place FROM temp.workbench_summarized`)?.place;
  const newest = db.get<{ place: number | null }>(sql`SELECT max(rowid) AS place FROM metrics`)?.place ?? 0;
  if (last === undefined || !isStillThere(db, last)) db.run(sql`DELETE FROM temp.workbench_summaries`);
  else if (newest > last) addPoints(db, last);
  if (newest !== last) noteNewest(db, newest);
};

/** SQLite gives row ids anew only when the newest rows are gone. */
const isStillThere = (db: Sql, place: number): boolean =>
  place === 0 ||
  db.get(sql`
    SELECT 1 FROM metrics m CROSS JOIN temp.workbench_summarized s
    WHERE m.rowid = ${place} AND m.run_uuid = s.run_uuid AND m."key" = s."key" AND m.timestamp = s.timestamp AND m.step = s.step`) !== undefined;

/** Of runs of which nothing is known yet the whole history is read when it is asked for. */
const addPoints = (db: Sql, last: number): void => {
  db.run(sql`
    UPDATE temp.workbench_summaries AS s SET points = s.points + n.points, low = min(coalesce(s.low, n.low), n.low),
      high = max(coalesce(s.high, n.high), n.high), total = s.total + n.total
    FROM (SELECT m."key" AS "key", m.run_uuid AS run_uuid, count(*) AS points, min(m.value) AS low, max(m.value) AS high, total(m.value) AS total
      FROM metrics m NOT INDEXED WHERE m.rowid > ${last} AND m.is_nan = 0 GROUP BY 1, 2) n
    WHERE s."key" = n."key" AND s.run_uuid = n.run_uuid`);
};

const noteNewest = (db: Sql, newest: number): void => {
  db.run(sql`DELETE FROM temp.workbench_summarized`);
  db.run(sql`INSERT INTO temp.workbench_summarized (place, run_uuid, "key", timestamp, step) SELECT ${newest}, NULL, NULL, NULL, NULL`);
  db.run(sql`
    UPDATE temp.workbench_summarized SET run_uuid = m.run_uuid, "key" = m."key", timestamp = m.timestamp, step = m.step FROM metrics m WHERE m.rowid = ${newest}`);
};

export const forgetSummaries = (db: Sql): void => {
  for (const table of tables) db.run(table);
  db.run(sql`DELETE FROM temp.workbench_summaries`);
};

/** Of the runs that fulfil a condition on `r`, those whose history of the metric has not been read. */
export const unsummarizedRuns = (db: Sql, key: string, where: SqlQuery): readonly string[] =>
  db
    .all<{ runId: string }>(sql`
      SELECT r.run_uuid AS runId FROM runs r
      WHERE ${where} AND NOT EXISTS (SELECT 1 FROM temp.workbench_summaries s WHERE s."key" = ${key} AND s.run_uuid = r.run_uuid)`)
    .map(({ runId }) => runId);

export const summarize = (db: Sql, schema: SqlSchema, key: string, runIds: readonly string[]): void => {
  db.run(sql`
    INSERT OR REPLACE INTO temp.workbench_summaries ("key", run_uuid, points, low, high, total)
    SELECT ${key}, j.value, count(h.value), min(h.value), max(h.value), total(h.value)
    FROM json_each(${JSON.stringify(runIds)}) j LEFT JOIN metrics h ${indexedByRun(schema)} ON h.run_uuid = j.value AND h."key" = ${key} AND h.is_nan = 0
    GROUP BY j.value`);
};
