import { joinSql, sql, type SqlQuery, type SqlSchema } from '../../shared/sql.ts';
import { readClauses } from '../../tracking/search/clauses.ts';
import { conditionSql } from '../../tracking/search/comparison.ts';
import { readOrderKey } from '../../tracking/search/order-by.ts';
import type { Clause } from '../../tracking/search/parts.ts';
import { isPromptTag } from '../registered-model.ts';
import { inWorkspace } from '../registry-tables.ts';
import {
  asksForPrompts,
  checkDistinct,
  checkOperand,
  invalid,
  invalidAttribute,
  orderTermSql,
  pythonSet,
  readIdentifier,
  readTagCondition,
  readTextCondition,
  withoutPromptTag,
  type OrderTerm,
  type RegistryComparison,
} from './registry-filter.ts';

export type RegisteredModelComparison = RegistryComparison<'name'>;

/** MLflow's filter for registered models as a typed list, all of whose comparisons must hold. */
export const parseRegisteredModelsFilter = (filter: string): readonly RegisteredModelComparison[] => readClauses(filter).map(readComparison);

const readComparison = ({ left, operator, right }: Clause): RegisteredModelComparison => {
  const { entity, key } = readIdentifier(left);
  const operand = checkOperand(right, operator);
  if (entity === 'tag') return { entity, key, ...readTagCondition(operator, operand) };
  if (key !== 'name') throw invalidAttribute(key, ['name']);
  return { entity, key, ...readTextCondition(key, operator, operand, ['name']) };
};

/** What follows WHERE, on `registered_models`. */
export const registeredModelsSql = (schema: SqlSchema, comparisons: readonly RegisteredModelComparison[]): SqlQuery => {
  const wantsPrompts = asksForPrompts(comparisons);
  const conditions = (wantsPrompts ? comparisons : withoutPromptTag(comparisons)).map((comparison) => comparisonSql(schema, comparison));
  const prompts = wantsPrompts ? [] : [sql`name NOT IN (${namesWithTag(schema, isPromptTag, sql`value = 'true'`)})`];
  return joinSql([inWorkspace(schema, 'registered_models'), ...conditions, ...prompts], ' AND ');
};

const comparisonSql = (schema: SqlSchema, comparison: RegisteredModelComparison): SqlQuery => {
  if (comparison.entity === 'attribute') return conditionSql(sql`name`, comparison);
  return sql`name IN (${namesWithTag(schema, comparison.key, conditionSql(sql`value`, comparison))})`;
};

const namesWithTag = (schema: SqlSchema, key: string, condition: SqlQuery): SqlQuery =>
  sql`SELECT name FROM registered_model_tags WHERE ${inWorkspace(schema, 'registered_model_tags')} AND "key" = ${key} AND ${condition}`;

const orderColumns = { name: sql`name`, last_updated_timestamp: sql`last_updated_time` } as const;
export type RegisteredModelOrderKey = keyof typeof orderColumns;

const orderKeys: Readonly<Record<string, RegisteredModelOrderKey>> = {
  name: 'name',
  timestamp: 'last_updated_timestamp',
  last_updated_timestamp: 'last_updated_timestamp',
};

/** What follows ORDER BY. */
export const registeredModelsOrderSql = (orderBy: readonly string[]): SqlQuery =>
  joinSql(
    readRegisteredModelsOrder(orderBy).map(({ key, ascending }) => orderTermSql(orderColumns[key], ascending)),
    ', ',
  );

/** Names last, so that the order is one. */
export const readRegisteredModelsOrder = (orderBy: readonly string[]): readonly OrderTerm<RegisteredModelOrderKey>[] => {
  const terms = orderBy.map(readOrderTerm);
  checkDistinct(terms, orderBy);
  return terms.some(({ key }) => key === 'name') ? terms : [...terms, { key: 'name', ascending: true }];
};

const readOrderTerm = (text: string): OrderTerm<RegisteredModelOrderKey> => {
  const { identifier, ascending } = readOrderKey(text);
  const key = Object.hasOwn(orderKeys, identifier) ? orderKeys[identifier] : undefined;
  if (key !== undefined) return { key, ascending };
  throw invalid(`Invalid order by key '${identifier}' specified. Valid keys are '${pythonSet(['name', 'timestamp'])}'`);
};
