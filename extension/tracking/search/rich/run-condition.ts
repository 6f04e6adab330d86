import { MlflowError } from '../../../shared/errors.ts';
import { checkComparator, listComparators, numericComparators, type Condition } from '../comparison.ts';
import { isNumber, isQuotable, readList, readQuoted } from '../operands.ts';
import type { Clause, Operand } from '../parts.ts';
import { readRunComparison } from '../runs-filter.ts';
import type { Language } from './language.ts';
import type { FilterLeaf } from './run-filter.ts';
import { isFurtherAttribute, isNumericTerm, readOperandTerm, type RunTerm } from './run-term.ts';

/** Beyond MLflow's comparisons: whether a regular expression is found in a text. */
export type RichCondition = Condition | { readonly comparator: '=~' | '!~'; readonly pattern: string };

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** What is in MLflow's language is read, and refused, as MLflow does it. */
export const readCondition = (clause: Clause, language: Language): FilterLeaf => {
  const { left, operator, right } = clause;
  const term = readOperandTerm(left, language.directionOf);
  if (term === undefined) throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${left.text}'`);
  if (operator === '=~' || operator === '!~') return { kind: 'condition', term, condition: readPattern(term, clause, language) };
  if (isInMlflow(term, clause)) return { kind: 'comparison', comparison: readRunComparison(clause) };
  return { kind: 'condition', term, condition: readRich(term, operator, right) };
};

/** MLflow knows no functions, IS NULL and IN only for some, and fewer attributes. */
const isInMlflow = (term: RunTerm, { right }: Clause): boolean => {
  if (term.kind === 'history' || term.kind === 'step' || isFurtherAttribute(term)) return false;
  const isText = term.kind === 'parameter' || term.kind === 'tag';
  if (right === undefined) return isText;
  if (right.kind !== 'list') return true;
  return !isText && !(term.kind === 'attribute' && term.key !== 'run_id');
};

const readPattern = (term: RunTerm, { operator, right }: Clause, { checkPattern }: Language): RichCondition => {
  if (isNumericTerm(term)) throw invalid(`Regular expressions are for texts, not for numbers.`);
  if (right === undefined || !isQuotable(right))
    throw invalid(`Expected a quoted regular expression after ${operator} (e.g. '^v[0-9]+'). Got ${right?.text ?? 'nothing'}`);
  const pattern = readQuoted(right.text);
  checkPattern?.(pattern);
  return { comparator: operator === '=~' ? '=~' : '!~', pattern };
};

const readRich = (term: RunTerm, operator: string, right: Operand | undefined): Condition => {
  if (right === undefined) return { comparator: operator === 'IS NULL' ? 'IS NULL' : 'IS NOT NULL' };
  if (isNumericTerm(term)) {
    if (!isNumber(right)) throw invalid(`Expected a number. Found ${right.text}`);
    return { comparator: checkComparator(operator, numericComparators), value: Number(right.text) };
  }
  const comparator = checkComparator(operator, listComparators);
  if (comparator === 'IN' || comparator === 'NOT IN') {
    if (right.kind !== 'list') throw invalid(`Expected a list of quoted strings after ${comparator}. Got ${right.text}`);
    return { comparator, values: readList(right.text) };
  }
  if (!isQuotable(right)) throw invalid(`Expected a quoted string value. Got value ${right.text}`);
  return { comparator, value: readQuoted(right.text) };
};
