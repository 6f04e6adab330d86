import { describe, expect, test } from 'vitest';

import type { DataType, ModelParam, ModelSignature } from '../../schemas/model-signature.ts';
import { breaksCallers, signatureDifference } from '../../schemas/signature-difference.ts';
import { isScalarType } from '../../schemas/model-signature.ts';

const none = { start: 0, end: 0 };

const scalar = (name: string): DataType => {
  if (!isScalarType(name)) throw new Error(`${name} is no type`);
  return { kind: 'scalar', name };
};

/** `a double`, `b? long`: a question mark for an optional column, a hash for one without a name. */
const columns = (...texts: readonly string[]) => ({
  kind: 'columns' as const,
  columns: texts.map((text) => {
    const [name = '', type = ''] = text.split(' ');
    return { ...none, ...(name !== '#' && { name: name.replace('?', '') }), type: scalar(type), isRequired: !name.endsWith('?') };
  }),
});

const inputs = (...texts: readonly string[]): ModelSignature => ({ inputs: columns(...texts), params: [] });
const outputs = (...texts: readonly string[]): ModelSignature => ({ outputs: columns(...texts), params: [] });
const tensor = (dtype: string, ...shape: readonly number[]): ModelSignature => ({
  inputs: { kind: 'tensors', tensors: [{ ...none, dtype, shape }] },
  params: [],
});
const param = (name: string, type: string, defaultValue: ModelParam['defaultValue']): ModelSignature => ({
  params: [{ ...none, name, type: scalar(type), isList: false, defaultValue }],
});

/** `+a!`: added and breaks; `-a`: removed; `~a`: changed. */
const differences = (before: ModelSignature | undefined, after: ModelSignature | undefined): readonly string[] =>
  signatureDifference(before, after).map(({ name, kind, breaks }) => `${{ added: '+', removed: '-', changed: '~' }[kind]}${name}${breaks ? '!' : ''}`);

describe('who calls the earlier model', () => {
  test.each([
    ['the same', inputs('a double'), inputs('a double'), []],
    ['a column that must be given is new', inputs('a double'), inputs('a double', 'b long'), ['+b!']],
    ['a column that may be given is new', inputs('a double'), inputs('a double', 'b? long'), ['+b']],
    ['a column is no longer used', inputs('a double', 'b long'), inputs('a double'), ['-b']],
    ['a type is wider', inputs('a integer', 'b float'), inputs('a long', 'b double'), ['~a', '~b']],
    ['a type is narrower', inputs('a long'), inputs('a integer'), ['~a!']],
    ['a type is another', inputs('a string'), inputs('a double'), ['~a!']],
    ['long and double differ in precision', inputs('a long'), inputs('a double'), ['~a!']],
    ['what was optional must be given', inputs('a? double'), inputs('a double'), ['~a!']],
    ['what had to be given is optional', inputs('a double'), inputs('a? double'), ['~a']],
    ['columns without names go by place', inputs('# double'), inputs('# double', '# double'), ['+#2!']],
    ['columns become a tensor', inputs('a double'), tensor('float64', -1, 3), ['~!']],
    ['a tensor of any length', tensor('float64', 4, 3), tensor('float64', -1, 3), ['~#1']],
    ['a tensor of one length', tensor('float64', -1, 3), tensor('float64', 4, 3), ['~#1!']],
    ['a tensor of another type', tensor('float64', -1), tensor('float32', -1), ['~#1!']],
    ['a result is missing', outputs('a double', 'b double'), outputs('a double'), ['-b!']],
    ['a result is new', outputs('a double'), outputs('a double', 'b double'), ['+b']],
    ['a result has another type', outputs('a double'), outputs('a string'), ['~a!']],
    ['a param has another default', param('p', 'long', 1), param('p', 'long', 2), ['~p']],
    ['a param has another type', param('p', 'long', 1), param('p', 'string', 'x'), ['~p!']],
    ['no signature any more', inputs('a double'), undefined, ['-']],
    ['no results any more', outputs('a double'), undefined, ['-!']],
    ['a first signature', undefined, inputs('a double'), ['+']],
  ])('%s', (_, before, after, expected) => {
    expect(differences(before, after)).toEqual(expected);
    expect(breaksCallers(signatureDifference(before, after))).toBe(expected.some((text) => text.endsWith('!')));
  });
});

test('nested types: lists, objects and maps', () => {
  const of = (type: DataType): ModelSignature => ({ inputs: { kind: 'columns', columns: [{ ...none, name: 'a', type, isRequired: true }] }, params: [] });
  const object = (...names: readonly string[]): DataType => ({
    kind: 'object',
    properties: names.map((name) => ({ name: name.replace('?', ''), type: scalar('string'), isRequired: !name.endsWith('?') })),
  });
  expect(differences(of({ kind: 'array', items: scalar('float') }), of({ kind: 'array', items: scalar('double') }))).toEqual(['~a']);
  expect(differences(of({ kind: 'map', values: scalar('string') }), of({ kind: 'map', values: scalar('double') }))).toEqual(['~a!']);
  expect(differences(of(object('x')), of(object('x', 'y?')))).toEqual(['~a']);
  expect(differences(of(object('x')), of(object('x', 'y')))).toEqual(['~a!']);
  expect(differences(of(object('x', 'y')), of(object('x')))).toEqual(['~a!']);
  expect(differences(of(scalar('string')), of({ kind: 'any' }))).toEqual(['~a']);
});
