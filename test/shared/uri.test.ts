import { expect, test } from 'vitest';
import { decodeFully, splitUri } from '../../extension/shared/uri.ts';

test.each([
  ['s3://bucket/a/b', { scheme: 's3', authority: 'bucket', path: '/a/b' }],
  ['MODELS:/m/1?x#y', { scheme: 'models', path: '/m/1' }],
  ['/plain/path', { scheme: '', path: '/plain/path' }],
  ['relative', { scheme: '', path: 'relative' }],
  ['C:\\x', { scheme: 'c', path: '\\x' }],
  ['file:///a', { scheme: 'file', authority: '', path: '/a' }],
  ['', { scheme: '', path: '' }],
])('%j is split like Python does', (text, parts) => {
  expect(splitUri(text)).toEqual(parts);
});

test.each([
  ['%2e%2e', '..'],
  ['%252e%25252e', '..'],
  ['%ff%2e%2e%2f', '%ff../'],
  ['%2e%2e%2f%ff', '../%ff'],
  ['%c3%a9', 'é'],
  ['100%', '100%'],
])('%s hides nothing', (text, decoded) => {
  expect(decodeFully(text)).toBe(decoded);
});

test('an endless encoding is refused', () => {
  expect(() => decodeFully(`%${'25'.repeat(50)}41`)).toThrow('Percent-encoded more than 32 times');
});
