import { describe, expect, test } from 'vitest';

import { harmless } from '../../schemas/spreadsheet.ts';
import { toCsv, toJson } from '../../webviews/compare/out/csv.ts';
import { fileName } from '../../webviews/compare/out/names.ts';

describe('Comma-separated values', () => {
  test('quote what would end a cell', () => {
    expect(toCsv({ columns: ['a,b', 'c"d'], rows: [['e\nf', 'g h']] })).toBe('"a,b","c""d"\r\n"e\nf",g h\r\n');
  });

  test('hold numbers as Python reads them', () => {
    const row = [0.1, -3, Number.NaN, Number.MAX_VALUE, -Number.MAX_VALUE, 1e-300];
    expect(toCsv({ columns: [], rows: [row] })).toBe('\r\n0.1,-3,nan,inf,-inf,1e-300\r\n');
  });

  test.each(['=1+1', '+cmd', '-x', '@SUM(A1)', '\t=1', '\r=1'])('hold no formula: %j', (text) => {
    expect(harmless(text)).toBe(`'${text}`);
  });

  test.each(['-1', '+1.5e3', 'plain', ''])('leave %j as it is', (text) => {
    expect(harmless(text)).toBe(text);
  });
});

test('JSON has words for numbers that it cannot hold', () => {
  const text = toJson('card', { columns: ['run', 'loss'], rows: [['a', Number.NaN]] });
  expect(JSON.parse(text)).toEqual({ title: 'card', rows: [{ run: 'a', loss: 'nan' }] });
});

test('file names are such that every system takes them', () => {
  expect(fileName('train/loss')).toBe('train-loss');
  expect(fileName('../../etc/passwd')).toBe('etc-passwd');
  expect(fileName('<>:"|?*')).toBe('card');
  expect(fileName('x'.repeat(300))).toHaveLength(80);
});
