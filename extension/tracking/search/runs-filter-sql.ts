import { sql, type SqlQuery } from '../../shared/sql.ts';
import { conditionSql, type Condition } from './comparison.ts';
import { attributeColumn } from './run-field.ts';
import type { RunComparison } from './runs-filter.ts';

/** A condition on the run `r`. The unary plus keeps SQLite's planner on the primary key (key, run_uuid). */
export const runComparisonSql = (comparison: RunComparison): SqlQuery => {
  const { entity, key } = comparison;
  switch (entity) {
    case 'attribute':
      // MLflow looks at the tag: runs of releases before 1.30 have no name in their row.
      if (key === 'run_name') return tagSql('mlflow.runName', comparison);
      return conditionSql(attributeColumn(key), comparison);
    case 'metric':
      return metricSql(key, comparison);
    case 'parameter':
      return existsSql(sql`FROM params p WHERE p."key" = ${key} AND p.run_uuid = r.run_uuid`, sql`+p.value`, comparison);
    case 'tag':
      return tagSql(key, comparison);
    case 'dataset':
      return datasetSql(key, comparison);
    default:
      return entity satisfies never;
  }
};

/** As with MLflow a run without the key never matches, `!=` included. */
const existsSql = (rows: SqlQuery, value: SqlQuery, condition: Condition): SqlQuery => {
  if (condition.comparator === 'IS NULL') return sql`NOT EXISTS (SELECT 1 ${rows})`;
  if (condition.comparator === 'IS NOT NULL') return sql`EXISTS (SELECT 1 ${rows})`;
  return sql`EXISTS (SELECT 1 ${rows} AND ${conditionSql(value, condition)})`;
};

const tagSql = (key: string, condition: Condition): SqlQuery =>
  existsSql(sql`FROM tags t WHERE t."key" = ${key} AND t.run_uuid = r.run_uuid`, sql`+t.value`, condition);

/** NaN is stored as 0 beside a flag: it differs from every number and compares with none. */
const metricSql = (key: string, condition: Condition): SqlQuery => {
  const rows = sql`FROM latest_metrics m WHERE m."key" = ${key} AND m.run_uuid = r.run_uuid`;
  const holds = conditionSql(sql`+m.value`, condition);
  return condition.comparator === '!='
    ? sql`EXISTS (SELECT 1 ${rows} AND (${holds} OR +m.is_nan = 1))`
    : sql`EXISTS (SELECT 1 ${rows} AND +m.is_nan = 0 AND ${holds})`;
};

const datasetSql = (key: string, condition: Condition): SqlQuery => {
  const { rows, column } = datasetRowsSql(key);
  return existsSql(rows, column, condition);
};

/** Rows for the datasets of the run `r`, and the column that `name`, `digest` or `context` is in. */
export const datasetRowsSql = (key: string): { readonly rows: SqlQuery; readonly column: SqlQuery } => {
  const inputs = sql`FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id`;
  const ofRun = sql`WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = r.run_uuid`;
  if (key === 'context') {
    const tags = sql`JOIN input_tags c ON c.input_uuid = i.input_uuid AND c.name = 'mlflow.data.context'`;
    return { rows: sql`${inputs} ${tags} ${ofRun}`, column: sql`c.value` };
  }
  return { rows: sql`${inputs} ${ofRun}`, column: key === 'name' ? sql`d.name` : sql`d.digest` };
};
