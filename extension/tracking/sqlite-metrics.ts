import type { RunId } from '../../schemas/ids.ts';
import type { Int64 } from '../../schemas/rest-api.ts';
import { allExactly, type StoredInteger } from '../shared/int64.ts';
import { emptySql, sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { byStep, byTime, inOrder } from './metric-order.ts';
import type { Metric } from './run.ts';
import { samplePlaces } from './sample-places.ts';
import { pagesOf } from './search/page-token.ts';
import { conditionOf, sampledRows } from './sqlite-metric-samples.ts';
import { problemsOfMetric, wholeNumber } from './sqlite-oddities.ts';
import { indexedBy, indexedByRun } from './sqlite-plans.ts';
import type { GetMetricHistory, MetricHistories, Page, RunMetric, SampleMetricHistories } from './tracking-store.ts';

const largestDouble = 1.7976931348623157e308;

interface StoredMetric {
  readonly key: string;
  readonly value: number;
  readonly isNan: number;
  readonly timestamp: Int64;
  readonly step: Int64;
}

/** As it is selected. */
interface PointRow {
  readonly value: number;
  readonly isNan: number;
  readonly timestamp: StoredInteger;
  readonly step: StoredInteger;
}

interface LatestMetricRow extends PointRow {
  readonly key: string;
  /** Of its run, in the list that was asked for. */
  readonly place: number;
}

/** SQL has neither NaN nor infinities: MLflow stores 0 beside a flag, and the largest doubles. */
const toStored = ({ key, value, timestamp, step }: Metric): StoredMetric => ({
  key,
  value: Number.isNaN(value) ? 0 : Math.min(Math.max(value, -largestDouble), largestDouble),
  isNan: Number.isNaN(value) ? 1 : 0,
  timestamp,
  step,
});

/** A column that any program may have filled with anything. */
const valueOf = ({ isNan, value }: PointRow): number => (isNan === 1 || typeof value !== 'number' ? NaN : value);

const toMetric = (key: string, row: PointRow): Metric => ({
  key,
  value: valueOf(row),
  timestamp: wholeNumber(row.timestamp) ?? 0,
  step: wholeNumber(row.step) ?? 0,
});

/** In one step: to put the run into a copy of the metric costs as much as to make it. */
const toRunMetric = (key: string, runId: RunId, row: PointRow): RunMetric => ({
  key,
  value: valueOf(row),
  timestamp: wholeNumber(row.timestamp) ?? 0,
  step: wholeNumber(row.step) ?? 0,
  runId,
});

export interface LatestMetrics {
  readonly metrics: readonly Metric[];
  /** What is odd about them. */
  readonly problems: readonly string[];
}

/** By run. */
export const readLatestMetrics = (db: Sql, schema: SqlSchema, runIds: readonly RunId[]): ReadonlyMap<string, LatestMetrics> => {
  const rows = allExactly<LatestMetricRow>(
    db,
    (integer) => sql`
      SELECT j.key AS place, m."key" AS "key", m.value AS value, m.is_nan AS isNan,
        ${integer(sql`coalesce(m.timestamp, 0)`)} AS timestamp, ${integer(sql`m.step`)} AS step
      FROM json_each(${JSON.stringify(runIds)}) j
      CROSS JOIN latest_metrics m ${indexedBy(schema, 'index_latest_metrics_run_uuid')} ON m.run_uuid = j.value`,
  );
  const groups = runIds.map((): { readonly metrics: Metric[]; readonly problems: string[] } => ({ metrics: [], problems: [] }));
  for (const row of rows) {
    const group = groups[row.place];
    group?.metrics.push(toMetric(row.key, row));
    group?.problems.push(...problemsOfMetric(row));
  }
  return new Map(groups.map((group, place) => [runIds[place] ?? '', group]));
};

/** Points already there are left alone: a client may send a request twice. */
export const insertMetrics = (db: Sql, runId: RunId, metrics: readonly Metric[]): void => {
  const latest = new Map<string, StoredMetric>();
  for (const metric of metrics.map(toStored)) {
    db.run(sql`
      INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan)
      VALUES (${metric.key}, ${metric.value}, ${metric.timestamp}, ${runId}, ${metric.step}, ${metric.isNan}) ON CONFLICT DO NOTHING`);
    const known = latest.get(metric.key);
    if (known === undefined || isNewer(metric, known)) latest.set(metric.key, metric);
  }
  for (const metric of latest.values()) upsertLatest(db, runId, metric);
};

/** MLflow keeps the value of the highest step; ties go to the larger timestamp, then to the larger value. */
const isNewer = (a: StoredMetric, b: StoredMetric): boolean => {
  if (a.step !== b.step) return a.step > b.step;
  return a.timestamp === b.timestamp ? a.value > b.value : a.timestamp > b.timestamp;
};

const upsertLatest = (db: Sql, runId: RunId, metric: StoredMetric): void => {
  db.run(sql`
    INSERT INTO latest_metrics ("key", value, timestamp, step, is_nan, run_uuid)
    VALUES (${metric.key}, ${metric.value}, ${metric.timestamp}, ${metric.step}, ${metric.isNan}, ${runId})
    ON CONFLICT ("key", run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
    WHERE (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, coalesce(latest_metrics.timestamp, 0), latest_metrics.value)`);
};

/** `rest` is what follows the names of table and index. */
const readPoints = (db: Sql, schema: SqlSchema, rest: SqlQuery): readonly PointRow[] =>
  allExactly<PointRow>(
    db,
    (integer) => sql`
      SELECT m.value AS value, m.is_nan AS isNan, ${integer(sql`m.timestamp`)} AS timestamp, ${integer(sql`m.step`)} AS step
      FROM metrics m ${indexedByRun(schema)} ${rest}`,
  );

export const readMetricHistory = (db: Sql, schema: SqlSchema, search: GetMetricHistory): Page<Metric> => {
  const { runId, key, maxResults } = search;
  const { offset, tokenFor } = pagesOf('points', search);
  const condition = sql`m."key" = ${key} AND m.run_uuid = ${runId}`;
  const toItem = (row: PointRow): Metric => toMetric(key, row);
  if (offset === 0) {
    const points = readPoints(db, schema, sql`WHERE ${condition} ORDER BY m.step ${maxResults === undefined ? emptySql : sql`LIMIT ${maxResults + 1}`}`);
    if (maxResults === undefined || points.length <= maxResults) return { items: inOrder(points, byTime).map(toItem) };
  }
  const limit = maxResults === undefined ? -1 : maxResults + 1;
  const rows = readPoints(db, schema, sql`WHERE ${condition} ORDER BY m.timestamp, m.step, m.value LIMIT ${limit} OFFSET ${offset}`);
  if (maxResults === undefined || rows.length <= maxResults) return { items: rows.map(toItem) };
  return { items: rows.slice(0, maxResults).map(toItem), nextPageToken: tokenFor(offset + maxResults) };
};

/** Runs in the order of their ids, then by timestamp, step and value; at most `maxResults` points in all. */
export const readMetricHistories = (db: Sql, schema: SqlSchema, { runIds, key, maxResults }: MetricHistories): readonly RunMetric[] => {
  const points: RunMetric[] = [];
  for (const runId of [...new Set(runIds)].toSorted()) {
    const { items } = readMetricHistory(db, schema, { runId, key, maxResults: Math.max(maxResults - points.length, 0) });
    points.push(...items.map((metric) => ({ ...metric, runId })));
    if (points.length >= maxResults) break;
  }
  return points.slice(0, maxResults);
};

/** An even sample of each run's points: the first of each of `maxResults` equal groups, and the last of all. */
export const sampleMetricHistories = (db: Sql, schema: SqlSchema, search: SampleMetricHistories): readonly RunMetric[] => {
  const lastRow = db.get<{ row: number | null }>(sql`SELECT max(rowid) AS "row" FROM metrics`)?.row ?? 0;
  return search.runIds.flatMap((runId) => {
    const rows = sampledRows(db, schema, runId, { ...search, lastRow });
    const points = rows === undefined ? sampleOfAll(db, schema, runId, search) : readRows(db, rows);
    return points.map((point) => toRunMetric(search.key, runId, point));
  });
};

/** In the order of the list, which is the outer loop. */
const readRows = (db: Sql, rows: readonly number[]): readonly PointRow[] =>
  allExactly<PointRow>(
    db,
    (integer) => sql`
      SELECT m.value AS value, m.is_nan AS isNan, ${integer(sql`m.timestamp`)} AS timestamp, ${integer(sql`m.step`)} AS step
      FROM json_each(${JSON.stringify(rows)}) j CROSS JOIN metrics m ON m.rowid = j.value`,
  );

const sampleOfAll = (db: Sql, schema: SqlSchema, runId: RunId, search: SampleMetricHistories): readonly PointRow[] => {
  const points = inOrder(readPoints(db, schema, sql`WHERE ${conditionOf(runId, search)} ORDER BY m.step`), byStep);
  return samplePlaces(points.length, search.maxResults).flatMap((place) => points[place] ?? []);
};
