import { MlflowError } from '../../shared/errors.ts';
import { pythonList } from '../../shared/python-text.ts';
import { sql, type SqlQuery } from '../../shared/sql.ts';
import { stringComparators, type Condition } from '../../tracking/search/comparison.ts';
import { isQuotable, readKey, readList, readQuoted, splitIdentifier } from '../../tracking/search/operands.ts';
import type { Operand } from '../../tracking/search/parts.ts';
import { isPromptTag } from '../registered-model.ts';

/** What searches for models and for versions have in common. */

export const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export type RegistryComparison<Key extends string> = ({ readonly entity: 'attribute'; readonly key: Key } | { readonly entity: 'tag'; readonly key: string }) &
  Condition;

export interface RegistryIdentifier {
  readonly entity: 'attribute' | 'tag';
  readonly key: string;
}

/** Attributes stand without quotes; without an entity a key is an attribute. */
export const readIdentifier = (left: Operand): RegistryIdentifier => {
  if (left.kind !== 'identifier') throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`);
  const { entity = 'attribute', key } = splitIdentifier(left.text);
  if (entity === 'attribute') return { entity, key };
  if (entity === 'tag' || entity === 'tags') return { entity: 'tag', key: readKey(key) };
  throw invalid(`Invalid entity type '${entity}'. Valid entity types are ('attribute', 'tag', 'tags')`);
};

export const invalidAttribute = (key: string, valid: readonly string[]): MlflowError =>
  invalid(`Invalid attribute key '${key}' specified. Valid keys are '${pythonSet(valid)}'`);

/** Python prints sets in an order that changes with each start. */
export const pythonSet = (texts: readonly string[]): string => `{${texts.map((text) => `'${text}'`).join(', ')}}`;

/** MLflow's server fails on IS NULL here. */
export const checkOperand = (right: Operand | undefined, operator: string): Operand => {
  if (right !== undefined) return right;
  throw invalid(`Invalid comparison clause. Expected a value, which ${operator} has not`);
};

export const readTagCondition = (operator: string, right: Operand): Condition => {
  if (!isQuotable(right)) throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${right.text}`);
  const value = readQuoted(right.text);
  const comparator = stringComparators.find((one) => one === operator);
  if (comparator === undefined) throw invalid(`Invalid comparator for tag: ${operator}`);
  return { comparator, value };
};

/** A quoted string, or a list of them for the keys that take lists. */
export const readTextCondition = (key: string, operator: string, right: Operand, listKeys: readonly string[]): Condition => {
  if (right.kind === 'list') return readListCondition(key, operator, right, listKeys);
  if (!isQuotable(right)) throw invalid(`Expected a quoted string value or a list of quoted string values for attributes. Got value ${right.text}`);
  const value = readQuoted(right.text);
  const comparator = stringComparators.find((one) => one === operator);
  if (comparator === undefined) throw invalid(`Invalid comparator for attribute: ${operator}`);
  return { comparator, value };
};

const readListCondition = (key: string, operator: string, right: Operand, listKeys: readonly string[]): Condition => {
  if (!listKeys.includes(key)) throw invalid(`Only ${pythonList(listKeys)} attributes support comparison with a list of quoted string values.`);
  const values = readList(right.text);
  if (operator === 'IN' || operator === 'NOT IN') return { comparator: operator, values };
  throw invalid(`Invalid comparator for attribute: ${operator}`);
};

/** Whether the first comparison on the prompt tag asks for prompts; without one a search finds models only. */
export const asksForPrompts = (comparisons: readonly RegistryComparison<string>[]): boolean => {
  const first = comparisons.find(isOnPromptTag);
  if (first === undefined || !('value' in first)) return false;
  const value = String(first.value).toLowerCase();
  return (first.comparator === '=' && value === 'true') || (first.comparator === '!=' && value === 'false');
};

const isOnPromptTag = ({ entity, key }: RegistryComparison<string>): boolean => entity === 'tag' && key === isPromptTag;

/** A search for models says nothing more about the prompt tag: models do not have it. */
export const withoutPromptTag = <Key extends string>(comparisons: readonly RegistryComparison<Key>[]): readonly RegistryComparison<Key>[] =>
  comparisons.filter((comparison) => !isOnPromptTag(comparison));

export interface OrderTerm<Key extends string> {
  readonly key: Key;
  readonly ascending: boolean;
}

export const orderTermSql = (column: SqlQuery, ascending: boolean): SqlQuery => (ascending ? sql`${column} ASC` : sql`${column} DESC`);

/** The same column twice, under whichever names, is an error. */
export const checkDistinct = (terms: readonly OrderTerm<string>[], orderBy: readonly string[]): void => {
  if (new Set(terms.map(({ key }) => key)).size === terms.length) return;
  throw invalid(`\`order_by\` contains duplicate fields: ${pythonList(orderBy)}`);
};
