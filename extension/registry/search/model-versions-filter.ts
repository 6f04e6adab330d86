import { pythonFloatText, pythonRepr } from '../../shared/python-text.ts';
import { joinSql, sql, type SqlQuery, type SqlSchema } from '../../shared/sql.ts';
import { readClauses } from '../../tracking/search/clauses.ts';
import { conditionSql, numericComparators, type Condition } from '../../tracking/search/comparison.ts';
import { isNumber, isQuotable, readKey, readQuoted } from '../../tracking/search/operands.ts';
import { readOrderKey } from '../../tracking/search/order-by.ts';
import type { Clause, Operand } from '../../tracking/search/parts.ts';
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

const columns = {
  name: sql`name`,
  version_number: sql`version`,
  run_id: sql`run_id`,
  source_path: sql`source`,
} as const;
export type ModelVersionAttribute = keyof typeof columns;
type Attribute = ModelVersionAttribute;
const isAttribute = (key: string): key is Attribute => Object.hasOwn(columns, key);

export type ModelVersionComparison = RegistryComparison<Attribute>;

/** MLflow's filter for model versions as a typed list, all of whose comparisons must hold. */
export const parseModelVersionsFilter = (filter: string): readonly ModelVersionComparison[] => readClauses(filter).map(readComparison);

const readComparison = ({ left, operator, right }: Clause): ModelVersionComparison => {
  const { entity, key } = readIdentifier(left);
  const operand = checkOperand(right, operator);
  if (entity === 'tag') return { entity, key, ...readTagCondition(operator, operand) };
  if (!isAttribute(key)) throw invalidAttribute(key, Object.keys(columns));
  return { entity, key, ...(key === 'version_number' ? readNumberCondition(operator, operand) : readText(key, operator, operand)) };
};

const readText = (key: Attribute, operator: string, right: Operand): Condition => {
  if (!isNumber(right)) return readTextCondition(key, operator, right, ['name', 'run_id']);
  throw invalid(
    `Only the '${pythonSet(['version_number', 'creation_timestamp', 'last_updated_timestamp'])}' attributes support comparison with numeric values.`,
  );
};

/** Whole numbers, quoted too. */
const readNumberCondition = (operator: string, right: Operand): Condition => {
  if (!isNumber(right) && !isQuotable(right)) return readTextCondition('version_number', operator, right, ['name', 'run_id']);
  const text = isNumber(right) ? right.text : readQuoted(right.text);
  const comparator = numericComparators.find((one) => one === operator);
  if (comparator === undefined) throw invalid(`Invalid comparator for attribute version_number: ${operator}`);
  if (right.kind !== 'float' && /^\s*[+-]?\d+\s*$/.test(text)) return { comparator, value: Number(text) };
  throw invalid(`Invalid value for numeric attribute 'version_number': ${isNumber(right) ? pythonFloatText(Number(text)) : pythonRepr(text)}`);
};

/** What follows WHERE, on `model_versions`. */
export const modelVersionsSql = (schema: SqlSchema, comparisons: readonly ModelVersionComparison[]): SqlQuery => {
  const wantsPrompts = asksForPrompts(comparisons);
  const conditions = (wantsPrompts ? comparisons : withoutPromptTag(comparisons)).map((comparison) => comparisonSql(schema, comparison));
  // A model with one prompt version is no model.
  const prompts = wantsPrompts ? [] : [sql`name NOT IN (SELECT name ${tagRows(schema, isPromptTag, sql`value = 'true'`)})`];
  const live = sql`current_stage != 'Deleted_Internal'`;
  return joinSql([inWorkspace(schema, 'model_versions'), live, ...conditions, ...prompts], ' AND ');
};

const comparisonSql = (schema: SqlSchema, comparison: ModelVersionComparison): SqlQuery => {
  if (comparison.entity === 'attribute') return conditionSql(columns[comparison.key], comparison);
  return sql`(name, version) IN (SELECT name, version ${tagRows(schema, comparison.key, conditionSql(sql`value`, comparison))})`;
};

const tagRows = (schema: SqlSchema, key: string, condition: SqlQuery): SqlQuery =>
  sql`FROM model_version_tags WHERE ${inWorkspace(schema, 'model_version_tags')} AND "key" = ${key} AND ${condition}`;

const orderColumns = {
  name: sql`name`,
  version_number: sql`version`,
  creation_timestamp: sql`creation_time`,
  last_updated_timestamp: sql`last_updated_time`,
} as const;

export type ModelVersionOrderKey = keyof typeof orderColumns;
const isOrderKey = (key: string): key is ModelVersionOrderKey => Object.hasOwn(orderColumns, key);

/** What follows ORDER BY. */
export const modelVersionsOrderSql = (orderBy: readonly string[]): SqlQuery =>
  joinSql(
    readModelVersionsOrder(orderBy).map(({ key, ascending }) => orderTermSql(orderColumns[key], ascending)),
    ', ',
  );

/** Newest change first when nothing is asked for; name and version last, so that the order is one. */
export const readModelVersionsOrder = (orderBy: readonly string[]): readonly OrderTerm<ModelVersionOrderKey>[] => {
  const terms = orderBy.length === 0 ? [{ key: 'last_updated_timestamp', ascending: false } as const] : orderBy.map(readOrderTerm);
  checkDistinct(terms, orderBy);
  const tieBreakers = [
    { key: 'name', ascending: true },
    { key: 'version_number', ascending: false },
  ] as const;
  return [...terms, ...tieBreakers.filter(({ key }) => !terms.some((term) => term.key === key))];
};

/** MLflow looks at the key only, whatever the entity before it. */
const readOrderTerm = (text: string): OrderTerm<ModelVersionOrderKey> => {
  const { identifier, ascending } = readOrderKey(text);
  const { entity, key: quotedKey } = readIdentifier({ kind: 'identifier', text: identifier });
  const key = readKey(quotedKey);
  if (isOrderKey(key)) return { key, ascending };
  if (entity === 'attribute') throw invalidAttribute(key, Object.keys(orderColumns));
  throw invalid(`Invalid order by key '${key}' specified. Valid keys are ${pythonSet(Object.keys(orderColumns))}`);
};
