import type { FacetsReply } from '../../schemas/workbench-api.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { frequentValues } from './memory-facets.ts';
import { toCell } from './run-cell.ts';
import type { RunSelection } from './run-query.ts';
import { compareTexts } from './search/text-match.ts';
import { countRuns, viewSql } from './sqlite-run-rows.ts';

/** Values of one key that are told apart: those of the first runs, when there are more. Texts that differ in each run take more time and room than they tell. */
const mostCounted = 10_000;

/** What the runs of a view have, counted by the database. */
export const readFacets = (db: Sql, schema: SqlSchema, selection: RunSelection): FacetsReply => {
  const where = viewSql(selection);
  const [runs, all] = [countRuns(db, where), countRuns(db, sql`1`)];
  // To look a row's run up takes several times as long as to count the row.
  const ofRuns = runs === all ? sql`1` : sql`t.run_uuid IN (SELECT r.run_uuid FROM runs r WHERE ${where})`;
  const runIds = runs === all ? undefined : db.all<{ id: string }>(sql`SELECT r.run_uuid AS id FROM runs r WHERE ${where}`).map(({ id }) => id);
  return {
    runs,
    metrics: readMetricFacets(db, ofRuns),
    params: readTextFacets(db, sql`params`, runIds),
    tags: readTextFacets(db, sql`tags`, runIds),
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

/** `table` is `params` or `tags`. */
const readTextFacets = (db: Sql, table: SqlQuery, runIds: readonly string[] | undefined): FacetsReply['params'] => {
  const counts = new Map<string, TextCounts>();
  for (const piece of runIds === undefined ? piecesOf(db, table) : piecesOfRuns(runIds)) {
    // A text of JSON for each key is read many times faster than a row for each value, and counted faster than SQLite groups them.
    const rows = db.all<{ key: string; texts: string }>(sql`
      SELECT t."key" AS "key", json_group_array(CAST(coalesce(t.value, '') AS TEXT)) AS texts FROM ${table} t ${piece} GROUP BY 1`);
    for (const { key, texts } of rows) counts.set(key, countTexts(JSON.parse(texts) as readonly string[], counts.get(key)));
  }
  return [...counts].map(([key, { runs, ofValues }]) => ({ key, runs, ...frequentValues(ofValues) })).toSorted((a, b) => compareTexts(a.key, b.key));
};

interface TextCounts {
  readonly runs: number;
  readonly ofValues: Map<string, number>;
}

const countTexts = (texts: readonly string[], { runs, ofValues }: TextCounts = { runs: 0, ofValues: new Map() }): TextCounts => {
  for (const text of texts) {
    const count = ofValues.get(text) ?? 0;
    if (count > 0 || ofValues.size < mostCounted) ofValues.set(text, count + 1);
  }
  return { runs: runs + texts.length, ofValues };
};

/** Rows that are read at once: few enough for one text, whatever is in them. */
const rowsOfPiece = 16_384;
const runsOfPiece = 2_000;

const piecesOf = (db: Sql, table: SqlQuery): readonly SqlQuery[] => {
  const { first, last } = db.get<{ first: number; last: number }>(
    sql`SELECT coalesce(min(rowid), 0) AS first, coalesce(max(rowid), -1) AS last FROM ${table}`,
  ) ?? { first: 0, last: -1 };
  const count = Math.ceil((last - first + 1) / rowsOfPiece);
  return Array.from({ length: count }, (_value, at) => {
    const from = first + at * rowsOfPiece;
    return sql`NOT INDEXED WHERE t.rowid BETWEEN ${from} AND ${from + rowsOfPiece - 1}`;
  });
};

const piecesOfRuns = (runIds: readonly string[]): readonly SqlQuery[] =>
  Array.from({ length: Math.ceil(runIds.length / runsOfPiece) }, (_value, at) => {
    const ids = JSON.stringify(runIds.slice(at * runsOfPiece, (at + 1) * runsOfPiece));
    return sql`WHERE t.run_uuid IN (SELECT value FROM json_each(${ids}))`;
  });

const readDatasetFacets = (db: Sql, where: SqlQuery): FacetsReply['datasets'] =>
  db.all<{ name: string; digest: string; runs: number }>(sql`
    SELECT d.name AS name, d.digest AS digest, count(DISTINCT r.run_uuid) AS runs
    FROM inputs i CROSS JOIN datasets d ON d.dataset_uuid = i.source_id CROSS JOIN runs r ON r.run_uuid = i.destination_id
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND ${where} GROUP BY d.name, d.digest ORDER BY runs DESC, d.name, d.digest`);
