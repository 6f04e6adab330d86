import { RE2JS, RE2JSException } from 're2js';

import { MlflowError } from '../../../shared/errors.ts';

const longestPattern = 1000;
/** ms that the regular expressions of one search may take. */
const mostTime = 2000;
/** Calls between two looks at the clock. */
const clockInterval = 64;
const mostPatterns = 100;

/** A regular expression of RE2: no back references, and time that grows with the length of the text only. Throws for others. */
export const compilePattern = (pattern: string): RE2JS => {
  if (pattern.length > longestPattern)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `A regular expression can have at most ${longestPattern} characters. Got ${pattern.length}.`);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid regular expression '${pattern}': ${error.message}`, { cause: error });
  }
};

/** Matches texts against patterns, each of which is compiled once, until the time of a search is over. */
export class PatternMatcher {
  readonly #patterns = new Map<string, RE2JS>();
  #calls = 0;
  #end = Infinity;

  /** A new search begins. */
  start(): void {
    this.#calls = 0;
  }

  /** Whether the pattern is found anywhere in the text. */
  matches(pattern: string, text: string): boolean {
    this.#checkTime();
    return this.#compiled(pattern).test(text);
  }

  #checkTime(): void {
    if (this.#calls === 0) this.#end = performance.now() + mostTime;
    this.#calls += 1;
    if (this.#calls % clockInterval !== 0 || performance.now() < this.#end) return;
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `The regular expressions take longer than ${mostTime / 1000} s: shorten them, or add conditions that fewer runs fulfil.`,
    );
  }

  #compiled(pattern: string): RE2JS {
    const known = this.#patterns.get(pattern);
    if (known !== undefined) return known;
    if (this.#patterns.size >= mostPatterns) this.#patterns.clear();
    const compiled = compilePattern(pattern);
    this.#patterns.set(pattern, compiled);
    return compiled;
  }
}
