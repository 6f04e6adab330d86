import type { FacetsReply } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { mostDistinct, mostValues } from './memory-facets.ts';
import { toCell } from './run-cell.ts';
import type { RunSelection } from './run-query.ts';
import { countRuns, viewSql } from './sqlite-run-rows.ts';

/** What the runs of a view have, counted by the database. */
export const readFacets = (db: Sql, schema: SqlSchema, selection: RunSelection): FacetsReply => {
  const where = viewSql(selection);
  const [runs, all] = [countRuns(db, where), countRuns(db, sql`1`)];
  // To look a row's run up takes several times as long as to count the row.
  const ofRuns = runs === all ? sql`1` : sql`t.run_uuid IN (SELECT r.run_uuid FROM runs r WHERE ${where})`;
  return {
    runs,
    metrics: readMetricFacets(db, ofRuns),
    params: readTextFacets(db, sql`params`, ofRuns),
    tags: readTextFacets(db, sql`tags`, ofRuns),
    statuses: db.all<{ status: string; runs: number }>(
      sql`SELECT r.status AS status, count(*) AS runs FROM runs r WHERE ${where} GROUP BY r.status ORDER BY runs DESC, status`,
    ),
    datasets: schema.has('inputs') ? readDatasetFacets(db, where) : [],
  };
};

/** Conditions on the row `t` here and below. */
const readMetricFacets = (db: Sql, ofRuns: SqlQuery): FacetsReply['metrics'] =>
  db
    .all<{ key: string; runs: number; min: number | null; max: number | null }>(sql`
      SELECT t."key" AS "key", count(*) AS runs, min(iif(t.is_nan = 0, t.value, NULL)) AS min, max(iif(t.is_nan = 0, t.value, NULL)) AS max
      FROM latest_metrics t WHERE ${ofRuns} GROUP BY t."key" ORDER BY t."key"`)
    .map(({ key, runs, min, max }) => ({ key, runs, min: toCell(min), max: toCell(max) }));

interface ValueRow {
  readonly key: string;
  readonly value: string;
  readonly runs: number;
  readonly runsOfKey: number;
  readonly distinct: number;
}

/** `table` is `params` or `tags`. */
const readTextFacets = (db: Sql, table: SqlQuery, ofRuns: SqlQuery): FacetsReply['params'] => {
  const rows = db.all<ValueRow>(sql`
    SELECT "key", value, runs, runsOfKey, "distinct" FROM (
      SELECT "key", value, runs, sum(runs) OVER (PARTITION BY "key") AS runsOfKey, count(*) OVER (PARTITION BY "key") AS "distinct",
        row_number() OVER (PARTITION BY "key" ORDER BY runs DESC, value) AS place
      FROM (SELECT t."key" AS "key", CAST(coalesce(t.value, '') AS TEXT) AS value, count(*) AS runs
        FROM ${table} t NOT INDEXED WHERE ${ofRuns} GROUP BY 1, 2)
    ) WHERE place <= ${mostValues} ORDER BY "key", place`);
  return [...Map.groupBy(rows, ({ key }) => key)].map(([key, values]) => ({
    key,
    runs: values[0]?.runsOfKey ?? 0,
    distinct: Math.min(values[0]?.distinct ?? 0, mostDistinct),
    values: values.map(({ value, runs }) => ({ value, runs })),
  }));
};

const readDatasetFacets = (db: Sql, where: SqlQuery): FacetsReply['datasets'] =>
  db.all<{ name: string; digest: string; runs: number }>(sql`
    SELECT d.name AS name, d.digest AS digest, count(DISTINCT r.run_uuid) AS runs
    FROM inputs i CROSS JOIN datasets d ON d.dataset_uuid = i.source_id CROSS JOIN runs r ON r.run_uuid = i.destination_id
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND ${where} GROUP BY d.name, d.digest ORDER BY runs DESC, d.name, d.digest`);
