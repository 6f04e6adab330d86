import { termValue, type TermRun } from '../../run-cell.ts';
import { conditionHolds, numberConditionHolds } from '../condition-holds.ts';
import { comparisonHolds } from '../run-matches.ts';
import type { PatternMatcher } from './regular-expression.ts';
import type { RichCondition } from './run-condition.ts';
import type { RunFilter } from './run-filter.ts';
import { isNumericTerm, type RunTerm } from './run-term.ts';

/** Whether a run fulfils a filter: the same tree that becomes SQL. */
export const filterHolds = (run: TermRun, filter: RunFilter, matcher: PatternMatcher): boolean => {
  switch (filter.kind) {
    case 'all':
      return filter.parts.every((part) => filterHolds(run, part, matcher));
    case 'any':
      return filter.parts.some((part) => filterHolds(run, part, matcher));
    case 'not':
      return !filterHolds(run, filter.part, matcher);
    case 'comparison':
      return comparisonHolds(run, filter.comparison);
    case 'condition':
      return richHolds(run, filter.term, filter.condition, matcher);
    default:
      return filter satisfies never;
  }
};

const richHolds = (run: TermRun, term: RunTerm, condition: RichCondition, matcher: PatternMatcher): boolean => {
  if (term.kind === 'dataset') return datasetValues(run, term.key).some((value) => textHolds(value, condition, matcher));
  const value = filteredValue(run, term);
  if (isNumericTerm(term) && !('pattern' in condition)) return numberConditionHolds(value === undefined ? undefined : Number(value), condition);
  return textHolds(value === undefined ? undefined : String(value), condition, matcher);
};

/** As MLflow does it, filters look at the name that the tag says. */
const filteredValue = (run: TermRun, term: RunTerm): ReturnType<typeof termValue> =>
  term.kind === 'attribute' && term.key === 'run_name' ? run.tag('mlflow.runName') : termValue(run, term);

const textHolds = (value: string | undefined, condition: RichCondition, matcher: PatternMatcher): boolean => {
  if (!('pattern' in condition)) return conditionHolds(value, condition);
  return value !== undefined && matcher.matches(condition.pattern, value) === (condition.comparator === '=~');
};

const datasetValues = ({ datasetInputs }: TermRun, key: string): readonly string[] =>
  datasetInputs.flatMap(({ dataset, tags }) => {
    if (key === 'context') return tags.filter((tag) => tag.key === 'mlflow.data.context').map((tag) => tag.value);
    return [key === 'name' ? dataset.name : dataset.digest];
  });
