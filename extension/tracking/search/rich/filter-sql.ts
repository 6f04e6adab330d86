import { joinSql, sql, type SqlQuery, type SqlSchema } from '../../../shared/sql.ts';
import { conditionSql, type Condition } from '../comparison.ts';
import { datasetRowsSql, runComparisonSql } from '../runs-filter-sql.ts';
import type { RichCondition } from './run-condition.ts';
import type { RunFilter } from './run-filter.ts';
import { pointAtSql, runTermSql } from './run-term-sql.ts';
import type { RunTerm } from './run-term.ts';

/** A condition on the run `r`. What a run lacks makes no comparison true: SQL's unknown counts as false, below NOT too. */
export const filterSql = (filter: RunFilter, schema: SqlSchema): SqlQuery => {
  switch (filter.kind) {
    case 'all':
      return filter.parts.length === 0 ? sql`1` : connected(filter.parts, ' AND ', schema);
    case 'any':
      return filter.parts.length === 0 ? sql`0` : connected(filter.parts, ' OR ', schema);
    case 'not':
      return sql`(${filterSql(filter.part, schema)}) IS NOT TRUE`;
    case 'comparison':
      return runComparisonSql(filter.comparison);
    case 'condition':
      return richSql(filter.term, filter.condition, schema);
    default:
      return filter satisfies never;
  }
};

const connected = (parts: readonly RunFilter[], word: string, schema: SqlSchema): SqlQuery =>
  sql`(${joinSql(
    parts.map((part) => filterSql(part, schema)),
    word,
  )})`;

const richSql = (term: RunTerm, condition: RichCondition, schema: SqlSchema): SqlQuery => {
  if (term.kind === 'dataset') return datasetSql(term.key, condition);
  if (term.kind === 'step' && !('pattern' in condition)) return stepSql(term, condition, schema);
  return textSql(filteredSql(term, schema), condition);
};

/** As MLflow does it, filters look at the name that the tag says. */
const filteredSql = (term: RunTerm, schema: SqlSchema): SqlQuery =>
  runTermSql(term.kind === 'attribute' && term.key === 'run_name' ? { kind: 'tag', key: 'mlflow.runName' } : term, schema);

const textSql = (value: SqlQuery, condition: RichCondition): SqlQuery => {
  if (!('pattern' in condition)) return conditionSql(sql`(${value})`, condition);
  const found = sql`workbench_matches(${condition.pattern}, ${value})`;
  return condition.comparator === '=~' ? found : sql`NOT ${found}`;
};

/** NaN differs from every number and compares with none. */
const stepSql = (term: Extract<RunTerm, { kind: 'step' }>, condition: Condition, schema: SqlSchema): SqlQuery => {
  if (condition.comparator === 'IS NULL' || condition.comparator === 'IS NOT NULL') return conditionSql(runTermSql(term, schema), condition);
  const holds = conditionSql(sql`h.value`, condition);
  return pointAtSql(term, condition.comparator === '!=' ? sql`(h.is_nan = 1 OR ${holds})` : sql`(h.is_nan = 0 AND ${holds})`, schema);
};

const datasetSql = (key: string, condition: RichCondition): SqlQuery => {
  const { rows, column } = datasetRowsSql(key);
  return sql`EXISTS (SELECT 1 ${rows} AND ${textSql(column, condition)})`;
};
