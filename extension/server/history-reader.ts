import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import { emptySql, sql, type Sql, type SqlQuery, type SqlSchema, type StoreDatabase } from '../shared/sql.ts';
import { downSample, pick, type Points } from '../tracking/down-sampling.ts';
import type { Series } from '../tracking/history-reply.ts';
import { pointsInOrder } from '../tracking/metric-order.ts';
import { indexedByRun } from '../tracking/sqlite-plans.ts';
import type { HistoryReader } from './workbench-routes.ts';

interface PointRow {
  readonly step: number;
  readonly timestamp: number;
  /** Null for NaN. */
  readonly value: number | null;
}

/** One run's history of one metric, down-sampled; undefined when it has none (within the window). */
export const readHistory = (
  read: Sql,
  schema: SqlSchema,
  series: { readonly runId: string; readonly key: string },
  request: HistoriesRequest,
): Series | undefined => {
  const { buckets, window } = request;
  const axis = window?.axis ?? 'step';
  const points = pointsInOrder(toPoints(read.all<PointRow>(historyQuery(schema, series, window))), axis);
  if (points.values.length === 0) return undefined;
  const kept = pick(points, downSample(points, { axis, buckets, ...(window && { window }) }));
  return { ...series, points: kept, total: points.values.length };
};

export const sqliteHistories = (database: StoreDatabase): HistoryReader => ({
  read: (series, request) => database.read((read) => readHistory(read, database.schema, series, request)),
  inOneSnapshot: (work) => database.read(work),
});

/**
 * By step, as far as an index brings them so. MLflow stores NaN as 0 and a mark: each column of a row costs as much as to read the row. Exported for the test
 * of its plan.
 */
export const historyQuery = (
  schema: SqlSchema,
  { runId, key }: { readonly runId: string; readonly key: string },
  window: HistoriesRequest['window'],
): SqlQuery => sql`
  SELECT step, timestamp, CASE is_nan WHEN 1 THEN NULL ELSE value END AS value FROM metrics ${indexedByRun(schema)}
  WHERE run_uuid = ${runId} AND "key" = ${key} ${withinWindow(window)} ORDER BY step`;

const withinWindow = (window: HistoriesRequest['window']): SqlQuery => {
  if (window === undefined) return emptySql;
  return window.axis === 'step' ? sql`AND step BETWEEN ${window.from} AND ${window.to}` : sql`AND timestamp BETWEEN ${window.from} AND ${window.to}`;
};

const toPoints = (rows: readonly PointRow[]): Points => {
  const points = { steps: new Float64Array(rows.length), timestamps: new Float64Array(rows.length), values: new Float64Array(rows.length) };
  // One pass, and no function called for each of a million numbers.
  let at = 0;
  for (const { step, timestamp, value } of rows) {
    points.steps[at] = step;
    points.timestamps[at] = timestamp;
    points.values[at] = value ?? Number.NaN;
    at++;
  }
  return points;
};
