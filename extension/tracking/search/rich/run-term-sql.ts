import { joinSql, sql, type SqlQuery, type SqlSchema } from '../../../shared/sql.ts';
import { indexedByRun } from '../../sqlite-plans.ts';
import { attributeColumn } from '../run-field.ts';
import type { RowOrderKey } from './row-order.ts';
import type { HistoryFunction, RunTerm } from './run-term.ts';

/** What follows ORDER BY: values, then NaN, then runs without any, in either direction; the newest run first among equals. */
export const rowOrderSql = (keys: readonly RowOrderKey[], schema: SqlSchema): SqlQuery =>
  joinSql([...keys.map((key) => orderSql(key, schema)), sql`r.start_time DESC`, sql`r.run_uuid`], ', ');

/** To SQLite a text comes after all numbers: descending ones are negated, so that NaN stays behind them. */
const orderSql = ({ term, ascending }: RowOrderKey, schema: SqlSchema): SqlQuery => {
  if (ascending) return sql`${runTermSql(term, schema)} ASC NULLS LAST`;
  switch (term.kind) {
    case 'metric':
      return sql`(SELECT CASE WHEN m.is_nan = 1 THEN 'NaN' ELSE -m.value END FROM latest_metrics m WHERE m."key" = ${term.key} AND m.run_uuid = r.run_uuid) ASC NULLS LAST`;
    case 'step':
      return sql`(SELECT iif(typeof(v) = 'text', v, -v) FROM (SELECT ${runTermSql(term, schema)} AS v)) ASC NULLS LAST`;
    default:
      return sql`${runTermSql(term, schema)} DESC NULLS LAST`;
  }
};

/** What a run `r` has: a number, the text 'NaN', a text, or NULL where it has none. */
export const runTermSql = (term: RunTerm, schema: SqlSchema): SqlQuery => {
  switch (term.kind) {
    case 'attribute':
      return attributeSql(term.key);
    case 'metric':
      return sql`(SELECT CASE WHEN m.is_nan = 1 THEN 'NaN' ELSE m.value END FROM latest_metrics m WHERE m."key" = ${term.key} AND m.run_uuid = r.run_uuid)`;
    case 'parameter':
      return sql`(SELECT CAST(p.value AS TEXT) FROM params p WHERE p."key" = ${term.key} AND p.run_uuid = r.run_uuid)`;
    case 'tag':
      return sql`(SELECT CAST(t.value AS TEXT) FROM tags t WHERE t."key" = ${term.key} AND t.run_uuid = r.run_uuid)`;
    case 'history':
      return historySql(term.of, term.key);
    case 'step':
      return pointAtSql(term, sql`CASE WHEN h.is_nan = 1 THEN 'NaN' ELSE h.value END`, schema);
    case 'datasets':
    case 'dataset':
      return schema.has('inputs') ? datasetsSql : sql`NULL`;
    case 'models':
      return schema.has('inputs') && schema.has('logged_models') ? modelsSql : sql`NULL`;
    default:
      return term satisfies never;
  }
};

/** Of the latest point `h` at a step. */
export const pointAtSql = ({ key, step }: Extract<RunTerm, { kind: 'step' }>, selected: SqlQuery, schema: SqlSchema): SqlQuery =>
  sql`(SELECT ${selected} ${pointsSql(key, schema)} AND h.step = ${step} ORDER BY h.timestamp DESC, h.is_nan, h.value DESC LIMIT 1)`;

const pointsSql = (key: string, schema: SqlSchema): SqlQuery => sql`FROM metrics h ${indexedByRun(schema)} WHERE h.run_uuid = r.run_uuid AND h."key" = ${key}`;

/** Of what is known of whole histories: see sqlite-metric-summaries.ts. */
const historySql = (of: HistoryFunction, key: string): SqlQuery => {
  const row = sql`FROM temp.workbench_summaries s WHERE s."key" = ${key} AND s.run_uuid = r.run_uuid`;
  switch (of) {
    case 'min':
      return sql`(SELECT s.low ${row})`;
    case 'max':
      return sql`(SELECT s.high ${row})`;
    case 'mean':
      return sql`(SELECT CASE WHEN s.points > 0 THEN s.total / s.points END ${row})`;
    default:
      return of satisfies never;
  }
};

const attributeSql = (key: string): SqlQuery => {
  switch (key) {
    case 'duration':
      return sql`r.end_time - r.start_time`;
    case 'experiment_id':
      return sql`CAST(r.experiment_id AS TEXT)`;
    case 'lifecycle_stage':
      return sql`r.lifecycle_stage`;
    default:
      return attributeColumn(key);
  }
};

const datasetsSql = sql`(SELECT group_concat(label, ', ') FROM (
  SELECT DISTINCT d.name || ' (' || d.digest || ')' AS label FROM inputs i CROSS JOIN datasets d ON d.dataset_uuid = i.source_id
  WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = r.run_uuid ORDER BY label))`;

const modelsSql = sql`(SELECT group_concat(name, ', ') FROM (
  SELECT DISTINCT m.name AS name FROM inputs i CROSS JOIN logged_models m ON m.model_id = i.destination_id
  WHERE i.source_type = 'RUN_OUTPUT' AND i.source_id = r.run_uuid ORDER BY name))`;
