import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pastChoices, pastStart } from '../../extension/projects/again.ts';
import { quoteForBash } from '../../extension/shared/shell-quote.ts';
import { unquoteForBash } from '../../extension/projects/shell-words.ts';
import type { Run } from '../../extension/tracking/run.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';

const runWith = (tags: Readonly<Record<string, string>>, params: Readonly<Record<string, string>> = {}): Run => ({
  info: {
    runId: asRunId('a'.repeat(32)),
    runName: 'calm-fox-1',
    experimentId: asExperimentId('0'),
    userId: 'me',
    status: 'FINISHED',
    lifecycleStage: 'active',
    artifactUri: '',
  },
  tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  params: Object.entries(params).map(([key, value]) => ({ key, value })),
  latestMetrics: [],
  datasetInputs: [],
  modelInputs: [],
  modelOutputs: [],
});

const project = (name: string, more: Readonly<Record<string, string>> = {}): Run =>
  runWith({ 'mlflow.source.type': 'PROJECT', 'mlflow.source.name': name, 'mlflow.project.entryPoint': 'train', ...more });

describe('where a run came from', () => {
  const commit = { 'mlflow.source.git.commit': 'c0ffee' };

  test.each([
    ['/home/me/wine', { uri: '/home/me/wine' }],
    ['file:///home/me/repo#wine', { uri: '/home/me/repo#wine' }],
    ['C:\\wine', { uri: 'C:\\wine' }],
    ['https://host/team/repo.git#sub', { uri: 'https://host/team/repo.git#sub', version: 'c0ffee' }],
    ['git@host:team/repo.git', { uri: 'git@host:team/repo.git', version: 'c0ffee' }],
  ])('%s', (name, place) => {
    expect(pastStart(project(name, commit))).toEqual({ place, entryPoint: 'train' });
  });

  test('a run of anything else is refused', () => {
    expect(() => pastStart(runWith({ 'mlflow.source.type': 'LOCAL', 'mlflow.source.name': 'x.py' }))).toThrow('calm-fox-1 is not a run of a project');
  });
});

test('values come from the params that the entry point declares, and only where they are no defaults', () => {
  const entryPoint = {
    name: 'train',
    parameters: [
      { name: 'a', type: 'string' },
      { name: 'b', type: 'float', defaultValue: '0.5' },
    ],
  };
  const run = runWith({ 'mlflow.project.env': 'uv' }, { a: `'it'"'"'s'`, b: '0.5', logged: '3' });
  expect(pastChoices(run, entryPoint)).toEqual({ values: [{ key: 'a', value: "it's" }], manager: 'uv', variables: [] });
});

test('what was quoted is read back as it was', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => unquoteForBash(quoteForBash(text)) === text));
});

test.each(['', "'open", 'a b', '"$x"', '`id`'])('%j was never quoted by MLflow', (text) => {
  expect(unquoteForBash(text)).toBeUndefined();
});
