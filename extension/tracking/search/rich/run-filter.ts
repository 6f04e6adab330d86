import { MlflowError } from '../../../shared/errors.ts';
import { tokenize, type Token } from '../lexer.ts';
import { groupParts, isKeyword, type Part } from '../parts.ts';
import type { RunComparison } from '../runs-filter.ts';
import { markTokens, type Mark } from './filter-marks.ts';
import { guessing, type Language } from './language.ts';
import { readCondition, type RichCondition } from './run-condition.ts';
import type { RunTerm } from './run-term.ts';

/** A filter for runs: comparisons of MLflow's own language, and what we add to it. */
export type RunFilter =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly RunFilter[] }
  | { readonly kind: 'not'; readonly part: RunFilter }
  | FilterLeaf;

export type FilterLeaf =
  | { readonly kind: 'comparison'; readonly comparison: RunComparison }
  | { readonly kind: 'condition'; readonly term: RunTerm; readonly condition: RichCondition };

export interface FilterProblem {
  /** Places in the text, the second one not included. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface RunFilterReading {
  /** Of what could be read. */
  readonly tree: RunFilter;
  readonly problems: readonly FilterProblem[];
}

const longestFilter = 100_000;
const mostTokens = 10_000;
/** SQLite refuses expressions that are nested deeper than 1,000. */
const mostConditions = 500;
const mostPatterns = 20;
const deepest = 100;

export const everyRun: RunFilter = { kind: 'all', parts: [] };

/** MLflow's search language with OR, NOT, brackets, regular expressions and functions of metric histories. */
export const readRunFilter = (text: string, language: Language = guessing): RunFilterReading => {
  if (text.length > longestFilter) return refused(text, `A filter can have at most ${longestFilter} characters. Got ${text.length}.`);
  const tokens = tokenize(text);
  if (tokens.length > mostTokens) return refused(text, `A filter can have at most ${mostTokens} words. Got ${tokens.length}.`);
  if (tokens.length === 0) return { tree: everyRun, problems: [] };
  const reader = new FilterReader(text, tokens, language);
  const tree = reader.read();
  return { tree, problems: [...reader.problems, ...sizeProblems(text, tree)] };
};

/** As `readRunFilter`; throws the first problem. */
export const parseRunFilter = (text: string, language: Language): RunFilter => {
  const { tree, problems } = readRunFilter(text, language);
  const [first] = problems;
  if (first !== undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', first.message);
  return tree;
};

const refused = (text: string, message: string): RunFilterReading => ({ tree: everyRun, problems: [{ start: 0, end: text.length, message }] });

/** The comparisons of a filter, in its order. */
export const conditionsOf = (filter: RunFilter): readonly FilterLeaf[] => {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.parts.flatMap(conditionsOf);
    case 'not':
      return conditionsOf(filter.part);
    default:
      return [filter];
  }
};

const sizeProblems = (text: string, tree: RunFilter): readonly FilterProblem[] => {
  const conditions = conditionsOf(tree);
  const patterns = conditions.filter((one) => one.kind === 'condition' && 'pattern' in one.condition);
  const problem = (message: string): FilterProblem => ({ start: 0, end: text.length, message });
  return [
    ...(conditions.length > mostConditions ? [problem(`A filter can have at most ${mostConditions} comparisons. Got ${conditions.length}.`)] : []),
    ...(patterns.length > mostPatterns ? [problem(`A filter can have at most ${mostPatterns} regular expressions. Got ${patterns.length}.`)] : []),
  ];
};

/** Reads from left to right: NOT binds closest, then AND, then OR. */
class FilterReader {
  readonly problems: FilterProblem[] = [];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #marks: readonly Mark[];
  readonly #language: Language;
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[], language: Language) {
    this.#text = text;
    this.#tokens = tokens;
    this.#marks = markTokens(tokens);
    this.#language = language;
  }

  read(): RunFilter {
    const parts = [this.#any()];
    while (this.#at < this.#tokens.length) {
      this.#complain(this.#tokens[this.#at], "There is no '(' for this ')'.");
      this.#at += 1;
      if (this.#at < this.#tokens.length) parts.push(this.#any());
    }
    return joined('all', parts);
  }

  get #mark(): Mark | undefined {
    return this.#marks[this.#at];
  }

  #any(): RunFilter {
    const parts = [this.#all()];
    while (this.#mark === 'or') {
      this.#at += 1;
      parts.push(this.#all());
    }
    return joined('any', parts);
  }

  /** As in MLflow a stray AND is no error, nor is a missing one. */
  #all(): RunFilter {
    const first = this.#at;
    const parts: RunFilter[] = [];
    while (this.#mark !== undefined && this.#mark !== 'or' && this.#mark !== 'close') {
      if (this.#mark === 'and') this.#at += 1;
      else parts.push(...this.#unit());
    }
    const isOnlyAnd = first === 0 && this.#at === this.#tokens.length;
    if (this.#at === first || (parts.length === 0 && !isOnlyAnd))
      this.#complain(this.#tokens[this.#at] ?? this.#tokens.at(-1), 'A comparison is missing here.');
    return joined('all', parts);
  }

  #unit(): readonly RunFilter[] {
    if (this.#depth >= deepest) return this.#refuseDepth();
    this.#depth += 1;
    const parts = this.#mark === 'not' ? [this.#not()] : this.#mark === 'open' ? [this.#brackets()] : this.#conditions();
    this.#depth -= 1;
    return parts;
  }

  #not(): RunFilter {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    const isMissing = this.#mark === undefined || this.#mark === 'and' || this.#mark === 'or' || this.#mark === 'close';
    if (isMissing) this.#complain(token, 'A comparison is missing after NOT.');
    const parts = isMissing ? [] : this.#unit();
    if (parts.length > 1) this.#complain(token, 'Put AND between comparisons, or brackets around those that NOT is for.');
    return { kind: 'not', part: joined('all', parts) };
  }

  #brackets(): RunFilter {
    const open = this.#tokens[this.#at];
    this.#at += 1;
    const inner = this.#any();
    if (this.#mark === 'close') this.#at += 1;
    else this.#complain(open, "There is no ')' for this '('.");
    return inner;
  }

  /** Neighbouring parts are read by MLflow's own rules. */
  #conditions(): readonly RunFilter[] {
    const first = this.#at;
    while (this.#mark === 'part') this.#at += 1;
    return groupParts(this.#text, this.#tokens.slice(first, this.#at), ['identifier', 'other']).flatMap((part) => this.#condition(part));
  }

  #condition(part: Part): readonly RunFilter[] {
    if (part.kind !== 'clause') {
      if (!isKeyword(part, 'AND')) this.#complain(part, `Invalid clause(s) in filter string: '${this.#text.slice(part.start, part.end)}'`);
      return [];
    }
    try {
      return [readCondition(part.clause, this.#language)];
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      this.#complain(part, error.message);
      return [];
    }
  }

  #refuseDepth(): readonly RunFilter[] {
    this.#complain(this.#tokens[this.#at], `A filter can be nested at most ${deepest} deep.`);
    this.#at = this.#tokens.length;
    return [];
  }

  #complain(place: Pick<Token, 'start' | 'end'> | undefined, message: string): void {
    this.problems.push({ start: place?.start ?? 0, end: place?.end ?? this.#text.length, message });
  }
}

const joined = (kind: 'all' | 'any', parts: readonly RunFilter[]): RunFilter => {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : { kind, parts };
};
