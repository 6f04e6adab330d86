import { MlflowError } from '../../shared/errors.ts';
import { readClauses } from './clauses.ts';
import { checkComparator, listComparators, nullableComparators, numericComparators, type Condition } from './comparison.ts';
import { isNumber, isQuotable, readInteger, readList, readQuoted } from './operands.ts';
import type { Clause, Operand } from './parts.ts';
import { filterKeys, isNumericAttribute, readIdentifier, type RunEntity, type RunField } from './run-field.ts';

export type RunComparison = RunField & Condition;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** MLflow's filter for runs as a typed list, all of whose comparisons must hold. */
export const parseRunsFilter = (filter: string): readonly RunComparison[] => readClauses(filter, (part) => `'${part}'`).map(readRunComparison);

export const readRunComparison = ({ left, operator, right }: Clause): RunComparison => {
  if (left.kind !== 'identifier') throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`);
  const { entity, key } = readIdentifier(left.text, filterKeys);
  return { entity, key, ...readCondition(entity, key, operator, right) };
};

const readCondition = (entity: RunEntity, key: string, operator: string, right: Operand | undefined): Condition => {
  if (right === undefined) return readNullCondition(entity, key, operator);
  switch (entity) {
    case 'metric':
      if (!isNumber(right)) throw invalid(`Expected numeric value type for metric. Found ${right.text}`);
      return { comparator: checkComparator(operator, numericComparators), value: Number(right.text) };
    case 'parameter':
    case 'tag':
      if (!isQuotable(right)) throw invalid(`Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${right.text}`);
      return stringCondition(checkComparator(operator, nullableComparators), right);
    case 'attribute':
      return isNumericAttribute(key) ? readTimeCondition(key, operator, right) : readListable(operator, right, key === 'run_id', 'attributes');
    case 'dataset':
      return readListable(operator, right, true, 'dataset attributes');
    default:
      return entity satisfies never;
  }
};

const readNullCondition = (entity: RunEntity, key: string, operator: string): Condition => {
  if (entity !== 'tag' && entity !== 'parameter') throw invalid(`IS NULL / IS NOT NULL is only supported for tags and params, not for '${entity}' '${key}'`);
  return { comparator: operator === 'IS NULL' ? 'IS NULL' : 'IS NOT NULL' };
};

const stringCondition = (comparator: (typeof nullableComparators)[number], right: Operand): Condition => {
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return { comparator };
  return { comparator, value: readQuoted(right.text) };
};

const readTimeCondition = (key: string, operator: string, right: Operand): Condition => {
  if (!isNumber(right)) throw invalid(`Expected numeric value type for numeric attribute: ${key}. Found ${right.text}`);
  return { comparator: checkComparator(operator, numericComparators, listComparators), value: readInteger(right) };
};

const readListable = (operator: string, right: Operand, takesList: boolean, what: string): Condition => {
  if (isQuotable(right)) {
    const value = readQuoted(right.text);
    const comparator = checkComparator(operator, listComparators);
    return comparator === 'IN' || comparator === 'NOT IN' ? { comparator, values: [value] } : { comparator, value };
  }
  if (right.kind === 'list' && !takesList) throw invalid("Only ['run_id'] attributes support comparison with a list of quoted string values.");
  if (right.kind !== 'list' || (operator !== 'IN' && operator !== 'NOT IN'))
    throw invalid(`Expected a quoted string value for ${what}. Got value ${right.text}`);
  return { comparator: operator, values: readList(right.text) };
};
