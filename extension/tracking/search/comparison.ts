import type { Int64 } from '../../../schemas/rest-api.ts';
import { MlflowError } from '../../shared/errors.ts';
import { sql, type SqlQuery } from '../../shared/sql.ts';

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE';

/** How a key is compared; the key itself stands beside it. */
export type Condition =
  | { readonly comparator: Comparator; readonly value: string | Int64 }
  | { readonly comparator: 'IN' | 'NOT IN'; readonly values: readonly string[] }
  | { readonly comparator: 'IS NULL' | 'IS NOT NULL' };

export type ComparatorName = Condition['comparator'];

export const numericComparators = ['>', '>=', '!=', '=', '<', '<='] as const;
export const stringComparators = ['!=', '=', 'LIKE', 'ILIKE'] as const;
export const listComparators = [...stringComparators, 'IN', 'NOT IN'] as const;
export const nullableComparators = [...stringComparators, 'IS NULL', 'IS NOT NULL'] as const;

/** The operator as one of those allowed; the error shows them as Python's set, for times MLflow's for strings. */
export const checkComparator = <Allowed extends ComparatorName>(operator: string, allowed: readonly Allowed[], shown: readonly string[] = allowed): Allowed => {
  const found = allowed.find((comparator) => comparator === operator);
  if (found !== undefined) return found;
  const set = `{${shown.map((comparator) => `'${comparator}'`).join(', ')}}`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid comparator '${operator}' not one of '${set}'`);
};

const comparisons: Readonly<Record<Comparator, (column: SqlQuery, value: string | Int64) => SqlQuery>> = {
  '=': (column, value) => sql`${column} = ${value}`,
  '!=': (column, value) => sql`${column} != ${value}`,
  '<': (column, value) => sql`${column} < ${value}`,
  '<=': (column, value) => sql`${column} <= ${value}`,
  '>': (column, value) => sql`${column} > ${value}`,
  '>=': (column, value) => sql`${column} >= ${value}`,
  LIKE: (column, value) => sql`${column} LIKE ${value}`,
  ILIKE: (column, value) => sql`lower(${column}) LIKE lower(${value})`,
};

/** The condition on a column; the column is SQL of ours, never text of the user's. */
export const conditionSql = (column: SqlQuery, condition: Condition): SqlQuery => {
  switch (condition.comparator) {
    case 'IN':
      return sql`${column} IN ${listSql(condition.values)}`;
    case 'NOT IN':
      return sql`${column} NOT IN ${listSql(condition.values)}`;
    case 'IS NULL':
      return sql`${column} IS NULL`;
    case 'IS NOT NULL':
      return sql`${column} IS NOT NULL`;
    default:
      return comparisons[condition.comparator](column, condition.value);
  }
};

/** One bound value whatever the length, so that the statement's text stays the same. */
export const listSql = (values: readonly string[]): SqlQuery => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
