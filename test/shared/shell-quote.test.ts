import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { quoteForBash, quoteForCmd } from '../../extension/shared/shell-quote.ts';
import { shellText } from '../support/shell-text.ts';

describe('quoteForBash', () => {
  test.each([
    ['', "''"],
    ['0.5', '0.5'],
    ['a b', "'a b'"],
    ["it's", `'it'"'"'s'`],
    ['$HOME', "'$HOME'"],
    ['file:///data/x@1,2%=+', 'file:///data/x@1,2%=+'],
    ['é', "'é'"],
  ])('%j is written %s', (value, quoted) => {
    expect(quoteForBash(value)).toBe(quoted);
  });

  test('bash reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(shellText(), { minLength: 1, maxLength: 50 }), (values) => {
        const script = `printf '%s\\0' ${values.map(quoteForBash).join(' ')}`;
        expect(execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });
});

describe('quoteForCmd', () => {
  test.each([
    ['', '""'],
    ['abc', 'abc'],
    ['a b', '"a b"'],
    ['a&b', '"a&b"'],
    ['a&b\\', '"a&b\\\\"'],
    ['100%', '100^%'],
    ['say "hi"', String.raw`^"say \^"hi\^"^"`],
    ['a b\\', '"a b\\\\"'],
    ['%A b%', '^"^%A b^%^"'],
  ])('%j is written %s', (value, quoted) => {
    expect(quoteForCmd(value)).toBe(quoted);
  });
});
