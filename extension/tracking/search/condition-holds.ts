import type { Int64 } from '../../../schemas/rest-api.ts';
import type { Comparator, Condition } from './comparison.ts';
import { isLike, lowerAscii } from './text-match.ts';

type Value = string | Int64;

const comparisons: Readonly<Record<Comparator, (value: Value, wanted: Value) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
  LIKE: (value, wanted) => isLike(String(value), String(wanted)),
  ILIKE: (value, wanted) => isLike(lowerAscii(String(value)), lowerAscii(String(wanted))),
};

/** Whether the condition holds for what a key has; as in SQL nothing but IS NULL holds where it has none. */
export const conditionHolds = (value: Value | undefined, condition: Condition): boolean => {
  if (value === undefined) return condition.comparator === 'IS NULL';
  switch (condition.comparator) {
    case 'IS NULL':
      return false;
    case 'IS NOT NULL':
      return true;
    case 'IN':
      return condition.values.includes(String(value));
    case 'NOT IN':
      return !condition.values.includes(String(value));
    default:
      return comparisons[condition.comparator](value, condition.value);
  }
};

/** NaN differs from every number and compares with none, as in MLflow's database. */
export const numberConditionHolds = (value: number | undefined, condition: Condition): boolean => {
  if (value !== undefined && Number.isNaN(value)) return condition.comparator === '!=' || condition.comparator === 'IS NOT NULL';
  return conditionHolds(value, condition);
};
