import { describe, expect, test } from 'vitest';

import { checkWork, type RunSelection } from '../../extension/tracking/run-query.ts';
import { compilePattern, PatternMatcher } from '../../extension/tracking/search/rich/regular-expression.ts';
import { conditionsOf, readRunFilter, type RunFilter } from '../../extension/tracking/search/rich/run-filter.ts';
import { parseRunsFilter } from '../../extension/tracking/search/runs-filter.ts';
import { readGoldenSearches } from '../support/search-golden.ts';

/** A tree as one line, with brackets around everything. */
const shown = (filter: RunFilter): string => {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return `(${filter.parts.map(shown).join(filter.kind === 'all' ? ' & ' : ' | ')})`;
    case 'not':
      return `!${shown(filter.part)}`;
    case 'comparison':
      return filter.comparison.key;
    case 'condition':
      return 'key' in filter.term ? filter.term.key : filter.term.kind;
    default:
      return filter satisfies never;
  }
};

test.each([
  ['', '()'],
  ['  ', '()'],
  ['params.a = "1"', 'a'],
  ["params.a = '1' OR params.b = '2' AND params.c = '3'", '(a | (b & c))'],
  ["(params.a = '1' OR params.b = '2') AND params.c = '3'", '((a | b) & c)'],
  ["NOT params.a = '1' AND params.b = '2'", '(!a & b)'],
  ["not (params.a = '1' and params.b = '2')", '!(a & b)'],
  ["NOT NOT params.a = '1'", '!!a'],
  ["AND(params.a = '1')OR(params.b = '2')", '(a | b)'],
  ["params.a NOT IN ('1') OR NOT params.b IN ('2', '3')", '(a | !b)'],
  ['params.a IS NOT NULL OR NOT params.b IS NULL AND metrics.c IS NULL', '(a | (!b & c))'],
  ['best(metrics.a) > 1 OR at(metrics.`b c`, 10) <= .5', '(a | b c)'],
  ['params.a =~ \'^(x|y)$\' OR tags.b !~ "[0-9]+"', '(a | b)'],
  ["tags.or = 'x' OR tags.not = 'y' AND tags.and = 'z'", '(or | (not & and))'],
  ["params.a = '1' params.b = '2' AND AND params.c = '3' AND", '(a & b & c)'],
  ["params.a = 'x OR y)' OR params.b = '('", '(a | b)'],
])('%s', (text, tree) => {
  const reading = readRunFilter(text, { directionOf: () => 'lower', checkPattern: compilePattern });
  expect(reading.problems).toEqual([]);
  expect(shown(reading.tree)).toBe(tree);
});

test.each([
  ["params.a = '1' «OR»", 'A comparison is missing here.'],
  ["«OR» params.a = '1'", 'A comparison is missing here.'],
  ["params.a = '1' AND («)»", 'A comparison is missing here.'],
  ["params.a = '1' AND «(» params.b = '2'", "There is no ')' for this '('."],
  ["params.a = '1'«)»", "There is no '(' for this ')'."],
  ["params.a = '1' OR «NOT»", 'A comparison is missing after NOT.'],
  ["params.a = '1' AND «metrics.m = 'x'» OR params.b = '2'", "Expected numeric value type for metric. Found 'x'"],
  ["params.a = '1' OR «nonsense»", "Invalid clause(s) in filter string: 'nonsense'"],
  ["params.a = '1' OR «params.b =~ '('»", "Invalid regular expression '(': error parsing regexp: missing closing )"],
  ["«params.b =~ '(a)\\1'»", 'Invalid regular expression'],
  ["«metrics.m =~ '1'»", 'Regular expressions are for texts, not for numbers.'],
  ['«median(metrics.m) > 1» OR max(metrics.m) > 1', "Unknown function 'median'. There are best, min, max, mean and at."],
  ['«best(params.p) > 1»', 'best(…) takes a metric, as in best(metrics.loss)'],
  ["«best(metrics.m) = 'x'»", "Expected a number. Found 'x'"],
  ["«attributes.duration LIKE 'x'»", "Expected a number. Found 'x'"],
  ["«NOT» params.a = '1' params.b = '2'", 'Put AND between comparisons'],
])('%s: the problem is told with its place', (marked, message) => {
  const [before = '', place = '', after = ''] = marked.split(/[«»]/);
  const [problem] = readRunFilter(before + place + after, { directionOf: () => 'lower', checkPattern: compilePattern }).problems;
  expect(problem).toEqual({ start: before.length, end: before.length + place.length, message: expect.stringContaining(message) });
});

describe('limits', () => {
  test.each([
    ['text', `params.a = '${'x'.repeat(100_000)}'`, 'at most 100000 characters'],
    ['words', "params.a = '1' ".repeat(2600), 'at most 10000 words'],
    ['comparisons', Array.from({ length: 501 }, () => "params.a = '1'").join(' OR '), 'at most 500 comparisons'],
    ['regular expressions', Array.from({ length: 21 }, () => "params.a =~ '1'").join(' OR '), 'at most 20 regular expressions'],
    ['brackets', `${'('.repeat(101)}params.a = '1'${')'.repeat(101)}`, 'at most 100 deep'],
    ['NOT', `${'NOT '.repeat(5000)}params.a = '1'`, 'at most 100 deep'],
    ['length of a regular expression', `params.a =~ '${'x'.repeat(1001)}'`, 'at most 1000 characters'],
  ])('of %s are told', (_what, text, message) => {
    expect(readRunFilter(text, { directionOf: () => 'lower', checkPattern: compilePattern }).problems[0]?.message).toContain(message);
  });
});

test('what MLflow’s own server has found is read as the same comparisons', () => {
  const filters = readGoldenSearches().flatMap(({ title, status }) => {
    const [, body] = /^POST \S+\/runs\/search (\{.*\})$/.exec(title) ?? [];
    const filter = body === undefined ? undefined : (JSON.parse(body) as { readonly filter?: unknown }).filter;
    return status === 200 && typeof filter === 'string' ? [filter] : [];
  });
  expect(filters.length).toBeGreaterThan(50);
  for (const filter of filters) {
    const { tree, problems } = readRunFilter(filter);
    expect(problems).toEqual([]);
    expect(conditionsOf(tree)).toEqual(parseRunsFilter(filter).map((comparison) => ({ kind: 'comparison', comparison })));
    expect(tree.kind === 'comparison' || tree.kind === 'all').toBe(true);
  }
});

test('a filter that is long for the number of runs is refused in time', () => {
  const filter = readRunFilter(Array.from({ length: 200 }, () => "params.a LIKE '%x%'").join(' OR ')).tree;
  const selection: RunSelection = { experimentIds: ['0'], viewType: 'ACTIVE_ONLY', filter, nesting: 'all' };
  expect(() => checkWork(selection, 50_000)).not.toThrow();
  expect(() => checkWork(selection, 50_001)).toThrow('200 comparisons for each of 50001 runs take too long');
});

describe('a hostile regular expression', () => {
  test.each(['(a+)+$', '^(a|a)*$', '(.*)*x', '([a-z]+)*[0-9]', '(x+x+)+y'])('%s takes time in proportion to the text', (pattern) => {
    const matcher = new PatternMatcher();
    matcher.start();
    expect(matcher.matches(pattern, `${'a'.repeat(8000)}!`)).toBe(false);
  });

  test.each(['((a{0,100}){0,100}){0,100}', 'x{1001}', '(?=a)', '(?<n>a)\\k<n>'])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow('Invalid regular expression');
  });

  test('ends with its search when all of it takes too long', () => {
    const matcher = new PatternMatcher();
    const text = 'ab'.repeat(4_000_000);
    matcher.start();
    expect(() => {
      for (let run = 0; run < 1_000_000; run += 1) matcher.matches('(a|b|ab)*c(d|e)*$', text);
    }).toThrow('The regular expressions take longer than 2 s');
  });
});
