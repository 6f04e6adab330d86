import { MlflowError } from '../../shared/errors.ts';
import { pythonRepr } from '../../shared/python-text.ts';
import { tokenize, type Token } from './lexer.ts';
import { groupParts, isKeyword, type Clause } from './parts.ts';

const maxTokens = 10_000;
/** SQLite refuses expressions that are nested deeper than 1,000. */
const maxClauses = 500;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/**
 * Reads an AND-ed list of comparisons. Like MLflow, it takes comparisons without AND between them and
 * stray ANDs; all else is named in the error, each part by `quote`.
 */
export const readClauses = (filter: string, quote: (part: string) => string = (part) => part): readonly Clause[] => {
  if (filter === '') return [];
  const tokens = tokenize(filter);
  if (tokens.length === 0) throw invalid(`Invalid filter '${filter}'. Could not be parsed.`);
  if (tokens.length > maxTokens) throw invalid(`Error on parsing filter '${filter}'`);
  refuseSecondStatement(filter, tokens);
  const parts = groupParts(filter, tokens);
  const strays = parts.filter((part) => part.kind !== 'clause' && !isKeyword(part, 'AND'));
  if (strays.length > 0) throw invalid(`Invalid clause(s) in filter string: ${strays.map((part) => quote(filter.slice(part.start, part.end))).join(', ')}`);
  const clauses = parts.flatMap((part) => (part.kind === 'clause' ? [part.clause] : []));
  if (clauses.length > maxClauses) throw invalid(`A filter can have at most ${maxClauses} comparisons. Got ${clauses.length}.`);
  return clauses;
};

const refuseSecondStatement = (filter: string, tokens: readonly Token[]): void => {
  const semicolon = tokens.findIndex((token) => token.text === ';');
  if (semicolon >= 0 && semicolon < tokens.length - 1) {
    throw invalid(`Search filter contained multiple expression ${pythonRepr(filter)}. Provide AND-ed expression list.`);
  }
};
