import { describe, expect, test } from 'vitest';

import type { EntryPoint } from '../../extension/projects/entry-point.ts';
import { loggedParams, missingParameters, pathSource, resolveParameters } from '../../extension/projects/parameters.ts';

const entryPoint: EntryPoint = {
  name: 'main',
  command: 'python train.py',
  parameters: [
    { name: 'data', type: 'path' },
    { name: 'alpha', type: 'float', defaultValue: '0.5' },
    { name: 'note', type: 'string' },
  ],
};

const given = (values: Readonly<Record<string, string>>) => new Map(Object.entries(values));

describe('resolveParameters', () => {
  test('takes what was given, then defaults, and keeps undeclared values in their order', () => {
    const resolved = resolveParameters(entryPoint, given({ z: '1', note: 'a b', data: '.', a: '' }));
    expect(resolved.declared.map(({ parameter, value }) => [parameter.name, value])).toEqual([
      ['data', '.'],
      ['alpha', '0.5'],
      ['note', 'a b'],
    ]);
    expect(resolved.extra).toEqual([
      { key: 'z', value: '1' },
      { key: 'a', value: '' },
    ]);
  });

  test('all missing parameters are named, in the order of their declaration', () => {
    expect(() => resolveParameters(entryPoint, given({}))).toThrow("No value given for missing parameters: 'data', 'note'");
    expect(missingParameters(entryPoint, given({ data: '' })).map((parameter) => parameter.name)).toEqual(['note']);
  });

  test('names that JavaScript objects have are ordinary names', () => {
    const odd: EntryPoint = {
      ...entryPoint,
      parameters: [
        { name: '__proto__', type: 'string' },
        { name: 'toString', type: 'string', defaultValue: 'd' },
      ],
    };
    expect(() => resolveParameters(odd, given({}))).toThrow("'__proto__'");
    expect(resolveParameters(odd, new Map([['__proto__', 'x']])).declared.map(({ value }) => value)).toEqual(['x', 'd']);
  });

  test.each(['a', '', 'foo/bar', '1x:y', ' http://h'])('a uri parameter refuses %j, which has no scheme', (value) => {
    const withUri: EntryPoint = { ...entryPoint, parameters: [{ name: 'u', type: 'uri' }] };
    expect(() => resolveParameters(withUri, given({ u: value }))).toThrow(`Expected URI for parameter u but got ${value}`);
  });

  test.each(['x:y', 'c:/x', 's3://bucket/key', 'http://h/a b'])('a uri parameter takes %j unchanged', (value) => {
    const withUri: EntryPoint = { ...entryPoint, parameters: [{ name: 'u', type: 'uri' }] };
    expect(resolveParameters(withUri, given({ u: value })).declared[0]?.value).toBe(value);
  });

  test('a value that no program can receive is refused', () => {
    expect(() => resolveParameters(entryPoint, given({ data: '.', note: 'a\0b' }))).toThrow('NUL');
  });
});

test('params are logged as shell text, undeclared keys too', () => {
  const resolved = resolveParameters(entryPoint, given({ data: './x y', note: "it's", 'a b': '' }));
  expect(loggedParams(resolved, 'linux')).toEqual([
    { key: 'data', value: "'./x y'" },
    { key: 'alpha', value: '0.5' },
    { key: 'note', value: `'it'"'"'s'` },
    { key: "'a b'", value: "''" },
  ]);
});

test.each([
  ['data.csv', { kind: 'local', path: '/project/data.csv' }],
  ['./sub/../x', { kind: 'local', path: '/project/x' }],
  ['/abs/x', { kind: 'local', path: '/abs/x' }],
  ['file:///abs/x%20y', { kind: 'local', path: '/abs/x y' }],
  ['a%20b%zz', { kind: 'local', path: '/project/a b%zz' }],
  ['file://host/x', { kind: 'remote', uri: 'file://host/x' }],
  ['s3://bucket/key', { kind: 'remote', uri: 's3://bucket/key' }],
  ['C:/x', { kind: 'remote', uri: 'C:/x' }],
  ['', { kind: 'remote', uri: '' }],
] as const)('the path value %j is %j', (value, source) => {
  expect(pathSource(value, '/project')).toEqual(source);
});
