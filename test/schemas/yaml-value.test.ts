import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readYamlFields } from '../../schemas/yaml-value.ts';
import { writeYamlFields } from '../../schemas/yaml-writer.ts';

describe('fields of YAML', () => {
  test.each([
    ['name: wine', { name: 'wine' }],
    ["id: '0123'\ncount: 12", { id: '0123', count: 12 }],
    ['id: 900719925474099267', { id: 900719925474099267n }],
    ['id: 0123', { id: 83 }],
    ['time: 1:30', { time: 90 }],
    ['a: yes\nb: y\nc: ~\nd: null\ne: 1e3\nf: 1.0e+3', { a: true, b: 'y', c: null, d: null, e: '1e3', f: 1000 }],
    ['uri: file:///tmp/a%20b/0', { uri: 'file:///tmp/a%20b/0' }],
    ['a: b # a comment', { a: 'b' }],
    ['a: "x\\ty"', { a: 'x\ty' }],
    ["a: 'it''s'", { a: "it's" }],
    ['tags: {}\nlist: []', { tags: {}, list: [] }],
    ['tags:\n  a: 1\n  b: [x, 2]', { tags: { a: 1, b: ['x', 2] } }],
    ['text: one\n  two', { text: 'one two' }],
    ['a: 1\na: 2', { a: 2 }],
    ['date: 2024-01-01', { date: '2024-01-01' }],
  ])('%j', (text, fields) => {
    expect(readYamlFields(`${text}\n`)).toEqual({ fields });
  });

  test.each(['', '- a', 'a: [', 'a: !!python/name:os.system x', 'a: 2024-99-99', 'just text'])('%j is none', (text) => {
    expect(readYamlFields(text)).toHaveProperty('problem');
  });

  const scalar = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));

  test('what is written reads as it was, whatever the texts', () => {
    const fields = fc.dictionary(
      fc.stringMatching(/^[a-z_]{1,12}$/),
      fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.string({ minLength: 1 }), scalar, { maxKeys: 3 })),
      {
        minKeys: 1,
        maxKeys: 5,
      },
    );
    fc.assert(
      fc.property(fields, (value) => {
        // Half of a surrogate pair is no text that a file could hold.
        fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)));
        expect(readYamlFields(writeYamlFields(value))).toEqual({ fields: value });
      }),
    );
  });

  test('as PyYAML writes it', () => {
    const fields = { name: 'wine: red', id: '0123', on: 'yes', empty: '', lines: 'a\nb', count: 3, none: null, tags: { b: '1', a: "it's" }, list: ['x'] };
    expect(writeYamlFields(fields)).toBe(
      "count: 3\nempty: ''\nid: '0123'\nlines: 'a\n\n  b'\nlist:\n- x\nname: 'wine: red'\nnone: null\n'on': 'yes'\ntags:\n  a: it's\n  b: '1'\n",
    );
  });
});
