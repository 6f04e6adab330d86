import type { RunId } from '../../schemas/ids.ts';
import { sql, type Sql, type SqlQuery, type SqlSchema } from '../shared/sql.ts';
import { indexedBy } from './sqlite-plans.ts';
import type { RunText } from './tracking-store.ts';

/** What a page has a dozen rows of for each run, as JSON that SQLite writes itself: one row of the driver's for each run. */
export type RunParts = Pick<RunText, 'latestMetrics' | 'params' | 'tags'>;

const largestDouble = 1.7976931348623157e308;

/** `row` is of params or tags. SQLite refuses to write bytes as JSON, which another program may have put there: what is cast is a text already otherwise. */
const pairs = (row: SqlQuery): SqlQuery =>
  sql`json_group_array(json_object('key', CAST(${row}."key" AS TEXT), 'value', coalesce(CAST(${row}.value AS TEXT), '')))`;

/** NULL where one of the values is not as MLflow writes them. */
const metrics = sql`iif(
  min(m.value BETWEEN ${-largestDouble} AND ${largestDouble} AND typeof(m.step) = 'integer' AND typeof(coalesce(m.timestamp, 0)) = 'integer') = 0, NULL,
  json_group_array(json_object('key', CAST(m."key" AS TEXT), 'value', iif(m.is_nan = 1, 'NaN', m.value), 'timestamp', coalesce(m.timestamp, 0), 'step', m.step)))`;

/** In the order of the runs. Undefined where a metric is not as MLflow writes them. */
export const readRunParts = (db: Sql, schema: SqlSchema, runIds: readonly RunId[]): readonly RunParts[] | undefined => {
  const rows = db.all<Record<keyof RunParts, string | null>>(sql`
    SELECT
      (SELECT ${metrics} FROM latest_metrics m ${indexedBy(schema, 'index_latest_metrics_run_uuid')} WHERE m.run_uuid = j.value) AS latestMetrics,
      (SELECT ${pairs(sql`p`)} FROM params p ${indexedBy(schema, 'index_params_run_uuid')} WHERE p.run_uuid = j.value) AS params,
      (SELECT ${pairs(sql`t`)} FROM tags t ${indexedBy(schema, 'index_tags_run_uuid')} WHERE t.run_uuid = j.value) AS tags
    FROM json_each(${JSON.stringify(runIds)}) j`);
  return rows.every(isWhole) ? rows : undefined;
};

const isWhole = (row: Record<keyof RunParts, string | null>): row is RunParts & Record<keyof RunParts, string> => row.latestMetrics !== null;
