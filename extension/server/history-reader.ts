import type { HistoriesRequest } from '../../schemas/workbench-api.ts';
import { emptySql, sql, type Sql, type SqlQuery, type SqlSchema, type StoreDatabase } from '../shared/sql.ts';
import { downSample, pick, type Points } from '../tracking/down-sampling.ts';
import type { Series } from '../tracking/history-reply.ts';
import { byStep, byTime, inOrder } from '../tracking/metric-order.ts';
import { indexedByRun } from '../tracking/sqlite-plans.ts';
import type { HistoryReader } from './workbench-routes.ts';

interface PointRow {
  readonly step: number;
  readonly timestamp: number;
  readonly value: number;
  readonly isNan: number;
}

/** One run's history of one metric, down-sampled; undefined when it has none (within the window). */
export const readHistory = (
  read: Sql,
  schema: SqlSchema,
  series: { readonly runId: string; readonly key: string },
  request: HistoriesRequest,
): Series | undefined => {
  const order = request.window?.axis === 'timestamp' ? byTime : byStep;
  const points = toPoints(inOrder(read.all<PointRow>(historyQuery(schema, series, request.window)), order));
  if (points.values.length === 0) return undefined;
  const { buckets, window } = request;
  const kept = pick(points, downSample(points, { axis: window?.axis ?? 'step', buckets, ...(window && { window }) }));
  return { ...series, points: kept, total: points.values.length };
};

export const sqliteHistories = (database: StoreDatabase): HistoryReader => ({
  read: (series, request) => database.read((read) => readHistory(read, database.schema, series, request)),
  inOneSnapshot: (work) => database.read(work),
});

/** By step, as far as an index brings them so. Exported for the test of its plan. */
export const historyQuery = (
  schema: SqlSchema,
  { runId, key }: { readonly runId: string; readonly key: string },
  window: HistoriesRequest['window'],
): SqlQuery => sql`
  SELECT step, timestamp, value, is_nan AS isNan FROM metrics ${indexedByRun(schema)}
  WHERE run_uuid = ${runId} AND "key" = ${key} ${withinWindow(window)} ORDER BY step`;

const withinWindow = (window: HistoriesRequest['window']): SqlQuery => {
  if (window === undefined) return emptySql;
  return window.axis === 'step' ? sql`AND step BETWEEN ${window.from} AND ${window.to}` : sql`AND timestamp BETWEEN ${window.from} AND ${window.to}`;
};

/** MLflow stores NaN as 0 and a mark. */
const toPoints = (rows: readonly PointRow[]): Points => {
  const points = { steps: new Float64Array(rows.length), timestamps: new Float64Array(rows.length), values: new Float64Array(rows.length) };
  // One pass, and no function called for each of a million numbers.
  let at = 0;
  for (const { step, timestamp, value, isNan } of rows) {
    points.steps[at] = step;
    points.timestamps[at] = timestamp;
    points.values[at] = isNan === 1 ? Number.NaN : value;
    at++;
  }
  return points;
};
