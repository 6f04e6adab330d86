import fc from 'fast-check';
import { expect, test } from 'vitest';

import { exactInteger, fromStored, toInt64 } from '../../extension/shared/int64.ts';
import { parseJson, writeJson } from '../../extension/shared/json.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newStoreDatabase } from '../support/store-database.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('integers of 64 bits go through JSON as they are, everything else as always', () => {
  const roundTrip = (value: unknown): unknown => parseJson(writeJson(value));
  const anyItem = fc.oneof(int64.map(toInt64), fc.stringMatching(/^[0-9]{15,25}$/), fc.double({ min: -1, max: 1, noNaN: true }), fc.boolean());
  fc.assert(
    fc.property(fc.array(anyItem), (items) => {
      expect(roundTrip({ items })).toEqual({ items: items.map((item) => (item === 0 ? 0 : item)) });
    }),
  );
  expect(writeJson({ a: 2n ** 63n - 1n, b: [1, 'x'], c: undefined })).toBe('{"a":9223372036854775807,"b":[1,"x"]}');
});

test.each([
  ['9007199254740993', 9_007_199_254_740_993n],
  ['-9007199254740993', -9_007_199_254_740_993n],
  ['9007199254740991', 9_007_199_254_740_991],
  ['1234567890123456.5', 1_234_567_890_123_456.5],
  ['0.1234567890123456', 0.1234567890123456],
  ['[0.1234567890123456,9007199254740993]', [0.1234567890123456, 9_007_199_254_740_993n]],
  ['1e20', 1e20],
  ['"9007199254740993"', '9007199254740993'],
])('%s is read exactly', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test('what is no JSON is said as always', () => {
  expect(() => parseJson('{"a": 9007199254740993')).toThrow(SyntaxError);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(() => writeJson(circular)).toThrow(TypeError);
});

test('integers of 64 bits go through SQLite as they are', () => {
  const database = newStoreDatabase();
  fc.assert(
    fc.property(int64.map(toInt64), (value) => {
      const row = database.read((read) =>
        read.get<{ stored: number | string }>(sql`SELECT ${exactInteger(sql`x.n`)} AS stored FROM (SELECT CAST(${String(value)} AS INTEGER) AS n) x`),
      );
      expect(fromStored(row?.stored ?? '')).toBe(value);
    }),
  );
  expect([fromStored('12.5'), fromStored('soon'), fromStored(7)]).toEqual([12.5, NaN, 7]);
});
