import { MlflowError } from '../../shared/errors.ts';
import { pythonRepr } from '../../shared/python-text.ts';
import { tokenize, type Token } from './lexer.ts';
import { groupParts, isKeyword, type Clause } from './parts.ts';

const maxTokens = 10_000;
/** SQLite refuses expressions that are nested deeper than 1,000. */
const maxClauses = 500;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** A filter as its clauses, or why it has none; parts are as they were written. */
export type ParsedFilter =
  | { readonly kind: 'clauses'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'blank' | 'several' | 'too-long' }
  | { readonly kind: 'strays'; readonly parts: readonly string[] };

/** Like MLflow, takes comparisons without AND between them and stray ANDs. */
export const parseClauses = (filter: string): ParsedFilter => {
  if (filter === '') return { kind: 'clauses', clauses: [] };
  const tokens = tokenize(filter);
  if (tokens.length === 0) return { kind: 'blank' };
  if (tokens.length > maxTokens) return { kind: 'too-long' };
  if (hasSecondStatement(tokens)) return { kind: 'several' };
  const parts = groupParts(filter, tokens);
  const strays = parts.filter((part) => part.kind !== 'clause' && !isKeyword(part, 'AND'));
  if (strays.length > 0) return { kind: 'strays', parts: strays.map((part) => filter.slice(part.start, part.end)) };
  const clauses = parts.flatMap((part) => (part.kind === 'clause' ? [part.clause] : []));
  if (clauses.length > maxClauses) throw invalid(`A filter can have at most ${maxClauses} comparisons. Got ${clauses.length}.`);
  return { kind: 'clauses', clauses };
};

const hasSecondStatement = (tokens: readonly Token[]): boolean => {
  const semicolon = tokens.findIndex((token) => token.text === ';');
  return semicolon >= 0 && semicolon < tokens.length - 1;
};

/** Reads an AND-ed list of comparisons. All else is named in the error, each part by `quote`. */
export const readClauses = (filter: string, quote: (part: string) => string = (part) => part): readonly Clause[] => {
  const parsed = parseClauses(filter);
  switch (parsed.kind) {
    case 'clauses':
      return parsed.clauses;
    case 'blank':
      throw invalid(`Invalid filter '${filter}'. Could not be parsed.`);
    case 'too-long':
      throw invalid(`Error on parsing filter '${filter}'`);
    case 'several':
      throw invalid(`Search filter contained multiple expression ${pythonRepr(filter)}. Provide AND-ed expression list.`);
    case 'strays':
      throw invalid(`Invalid clause(s) in filter string: ${parsed.parts.map(quote).join(', ')}`);
    default:
      return parsed satisfies never;
  }
};
