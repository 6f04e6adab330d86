import { expect, test } from 'vitest';
import { aliasUri, parseModelUri, versionUri } from '../../extension/registry/model-uri.ts';

test.each([
  ['models:/m-0123', { kind: 'logged-model', modelId: 'm-0123' }],
  ['models:/wine/3', { kind: 'version', name: 'wine', version: 3 }],
  ['models:/a b/03', { kind: 'version', name: 'a b', version: 3 }],
  ['models:/wine@champion', { kind: 'alias', name: 'wine', alias: 'champion' }],
  ['models:/a@b@c', { kind: 'alias', name: 'a@b', alias: 'c' }],
  ['models:/wine/Latest', { kind: 'latest', name: 'wine' }],
  ['models:/wine/production', { kind: 'stage', name: 'wine', stage: 'production' }],
  ['runs:/abc/model/x', { kind: 'run', runId: 'abc', path: 'model/x' }],
  ['runs:/abc', { kind: 'run', runId: 'abc', path: '' }],
])('%s', (text, uri) => {
  expect(parseModelUri(text)).toEqual(uri);
});

test.each(['models:/', 'models:wine/1', 'models:/a/b/c', 'models:/ /1', 'models:/wine/', 'models:/wine@', 'runs:/', 'runs:abc', 's3://b/x', 'wine/3', ''])(
  '%j is no address of a model',
  (text) => {
    expect(() => parseModelUri(text)).toThrow(/^Not a proper (models|runs):\/ URI: /);
  },
);

test('what is written is read again', () => {
  expect(parseModelUri(versionUri('wine', 3))).toEqual({ kind: 'version', name: 'wine', version: 3 });
  expect(parseModelUri(aliasUri('wine', 'a'))).toEqual({ kind: 'alias', name: 'wine', alias: 'a' });
});
