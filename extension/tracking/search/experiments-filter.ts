import { MlflowError } from '../../shared/errors.ts';
import { joinSql, sql, type SqlQuery } from '../../shared/sql.ts';
import { parseExperimentId } from '../validation.ts';
import { readClauses } from './clauses.ts';
import { checkComparator, conditionSql, listComparators, numericComparators, stringComparators, type Condition } from './comparison.ts';
import { isNumber, isQuotable, readInteger, readKey, readList, readQuoted, splitIdentifier } from './operands.ts';
import { readOrderKey } from './order-by.ts';
import type { Clause, Operand } from './parts.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const columns = {
  name: sql`e.name`,
  experiment_id: sql`e.experiment_id`,
  creation_time: sql`e.creation_time`,
  last_update_time: sql`e.last_update_time`,
} as const;
export type ExperimentAttribute = keyof typeof columns;
type Attribute = ExperimentAttribute;
const isAttribute = (key: string): key is Attribute => Object.hasOwn(columns, key);

export type ExperimentComparison = ({ readonly entity: 'attribute'; readonly key: Attribute } | { readonly entity: 'tag'; readonly key: string }) & Condition;
type ExperimentField = { readonly entity: 'attribute'; readonly key: Attribute } | { readonly entity: 'tag'; readonly key: string };

const readIdentifier = (text: string): ExperimentField => {
  const { entity = 'attribute', key: quotedKey } = splitIdentifier(text);
  if (!['attribute', 'tag', 'tags'].includes(entity)) throw invalid(`Invalid entity type '${entity}'. Valid entity types are ('attribute', 'tag', 'tags')`);
  const key = readKey(quotedKey);
  if (entity !== 'attribute') return { entity: 'tag', key };
  if (isAttribute(key)) return { entity, key };
  throw invalid(
    `Invalid attribute key '${key}' specified. Valid keys are '{${Object.keys(columns)
      .map((name) => `'${name}'`)
      .join(', ')}}'`,
  );
};

/** MLflow's filter for experiments as a typed list, all of whose comparisons must hold. */
export const parseExperimentsFilter = (filter: string): readonly ExperimentComparison[] => readClauses(filter).map(readComparison);

const readComparison = ({ left, operator, right }: Clause): ExperimentComparison => {
  if (left.kind !== 'identifier') throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`);
  const field = readIdentifier(left.text);
  if (field.entity === 'tag') return { ...field, ...readTagCondition(operator, right) };
  if (right === undefined) throw invalid(`IS NULL / IS NOT NULL is only supported for tags, not for attribute '${field.key}'`);
  return { ...field, ...readAttributeCondition(field.key, operator, right) };
};

const readTagCondition = (operator: string, right: Operand | undefined): Condition => {
  if (right === undefined) return { comparator: checkFor('tag', operator, ['IS NULL', 'IS NOT NULL']) };
  if (!isQuotable(right)) throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${right.text}`);
  return { value: readQuoted(right.text), comparator: checkFor('tag', operator, stringComparators) };
};

const readAttributeCondition = (key: Attribute, operator: string, right: Operand): Condition => {
  switch (key) {
    case 'name':
      return { value: readString(right, false), comparator: checkFor('string attribute', checkComparator(operator, listComparators), stringComparators) };
    case 'experiment_id':
      return readIdCondition(operator, right);
    default:
      return readTimeCondition(key, operator, right);
  }
};

const checkFor = <Allowed extends Condition['comparator']>(what: string, operator: string, allowed: readonly Allowed[]): Allowed => {
  const found = allowed.find((comparator) => comparator === operator);
  if (found === undefined) throw invalid(`Invalid comparator for ${what}: ${operator}`);
  return found;
};

const readString = (right: Operand, takesList: boolean): string => {
  if (right.kind === 'list' && !takesList) throw invalid("Only ['experiment_id'] attributes support comparison with a list of quoted string values.");
  if (!isQuotable(right)) throw invalid(`Expected a quoted string value for attributes. Got value ${right.text}`);
  return readQuoted(right.text);
};

const readIdCondition = (operator: string, right: Operand): Condition => {
  if (right.kind !== 'list') return { value: parseExperimentId(readString(right, true)), comparator: checkFor('experiment_id', operator, ['=', '!=']) };
  const values = readList(right.text).map(parseExperimentId);
  return { comparator: checkFor('experiment_id', operator, ['IN', 'NOT IN']), values };
};

const readTimeCondition = (key: Attribute, operator: string, right: Operand): Condition => {
  if (!isNumber(right)) throw invalid(`Expected numeric value type for numeric attribute: ${key}. Found ${right.text}`);
  const comparator = checkFor('numeric attribute', operator, numericComparators);
  if (right.kind === 'float') throw invalid(`Invalid value for numeric attribute '${key}': '${right.text}'`);
  return { comparator, value: readInteger(right) };
};

/** A condition on the experiment `e`. */
export const experimentComparisonSql = (comparison: ExperimentComparison): SqlQuery => {
  if (comparison.entity === 'attribute') return conditionSql(columns[comparison.key], comparison);
  const rows = sql`FROM experiment_tags t WHERE t."key" = ${comparison.key} AND t.experiment_id = e.experiment_id`;
  if (comparison.comparator === 'IS NULL') return sql`NOT EXISTS (SELECT 1 ${rows})`;
  if (comparison.comparator === 'IS NOT NULL') return sql`EXISTS (SELECT 1 ${rows})`;
  return sql`EXISTS (SELECT 1 ${rows} AND ${conditionSql(sql`+t.value`, comparison)})`;
};

export interface ExperimentOrderKey {
  readonly key: ExperimentAttribute;
  readonly ascending: boolean;
}

/** What follows ORDER BY. */
export const experimentsOrderSql = (orderBy: readonly string[]): SqlQuery =>
  joinSql(
    readExperimentsOrder(orderBy).map(({ key, ascending }) => sql`${columns[key]} ${ascending ? sql`ASC` : sql`DESC`}`),
    ', ',
  );

/** The newest experiment first when nothing is asked for; ids last, so that the order is one. */
export const readExperimentsOrder = (orderBy: readonly string[]): readonly ExperimentOrderKey[] => {
  const keys = orderBy.length === 0 ? defaultOrder : orderBy.map(readExperimentOrderKey);
  return keys.some(({ key }) => key === 'experiment_id') ? keys : [...keys, { key: 'experiment_id', ascending: false }];
};

const defaultOrder = [
  { key: 'creation_time', ascending: false },
  { key: 'experiment_id', ascending: true },
] as const;

const readExperimentOrderKey = (text: string): ExperimentOrderKey => {
  const { identifier, ascending } = readOrderKey(text);
  const field = readIdentifier(identifier);
  if (field.entity !== 'attribute') throw invalid(`Invalid order_by entity: ${field.entity}`);
  return { key: field.key, ascending };
};
