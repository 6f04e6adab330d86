import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';

import { mlflowPage } from '../../extension/tracking/mlflow-page.ts';
import { labelOfAddress, readStoreAddress } from '../../extension/tracking/store-address.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';
import { addressText, storeVariables } from '../../extension/tracking/store-connection.ts';

describe('addresses as people write them', () => {
  test.each([
    ['mlflow.db', { kind: 'sqlite', path: '/work space/mlflow.db' }],
    ['../shared.db', { kind: 'sqlite', path: '/shared.db' }],
    ['sqlite:///data/a#b.db', { kind: 'sqlite', path: '/work space/data/a#b.db' }],
    ['sqlite:////srv/mlflow.db', { kind: 'sqlite', path: '/srv/mlflow.db' }],
    ['file:///srv/a%20b/mlruns/', { kind: 'files', path: '/srv/a b/mlruns' }],
    ['~/mlflow.db', { kind: 'sqlite', path: `${homedir()}/mlflow.db` }],
    [' https://me:secret@mlflow.example.org/prefix/?token=x#y ', { kind: 'server', url: 'https://mlflow.example.org/prefix' }],
    ['https://mlflow.example.org/?workspace=team-a&x=1', { kind: 'server', url: 'https://mlflow.example.org', workspace: 'team-a' }],
    ['http://127.0.0.1:5000', { kind: 'server', url: 'http://127.0.0.1:5000' }],
  ])('%s', (text, address) => {
    expect(readStoreAddress(text, '/work space')).toEqual(address);
  });

  test('another scheme is refused with what would do', () => {
    expect(() => readStoreAddress('postgresql://db/mlflow', '/')).toThrow('is not a store');
  });

  test('a workspace that MLflow would not name so is refused: it becomes a header', () => {
    for (const name of ['a%0d%0aX-Evil:1', 'UPPER', '-a', 'a'.repeat(64)])
      expect(() => readStoreAddress(`http://a/?workspace=${name}`, '/')).toThrow('not a workspace');
  });

  test('a workspace is part of the name of a store, and a variable of its own for programs', () => {
    const address = { kind: 'server', url: 'https://mlflow.example.org', workspace: 'team-a' } as const;
    expect(readStoreAddress(addressText(address), '/')).toEqual(address);
    expect(labelOfAddress(address, '/')).toBe('mlflow.example.org · team-a');
    expect(storeVariables(address)).toEqual({ MLFLOW_TRACKING_URI: 'https://mlflow.example.org', MLFLOW_WORKSPACE: 'team-a' });
  });

  test('labels are short', () => {
    expect(labelOfAddress({ kind: 'sqlite', path: '/w/data/mlflow.db' }, '/w')).toBe('data/mlflow.db');
    expect(labelOfAddress({ kind: 'sqlite', path: '/srv/mlflow.db' }, '/w')).toBe('srv/mlflow.db');
    expect(labelOfAddress({ kind: 'files', path: '/mlruns' }, '/w')).toBe('mlruns');
    expect(labelOfAddress({ kind: 'server', url: 'https://mlflow.example.org/prefix' }, '/w')).toBe('mlflow.example.org/prefix');
  });
});

test("what a server has is found on MLflow's own pages, below a prefix and in a workspace too", () => {
  const plain = { kind: 'server', url: 'https://mlflow.example.org/prefix' } as const;
  const run = { experimentId: asExperimentId('3'), runId: asRunId('0a'.repeat(16)) };
  expect(mlflowPage(plain, {})).toBe('https://mlflow.example.org/prefix/#/');
  expect(mlflowPage(plain, run)).toBe(`https://mlflow.example.org/prefix/#/experiments/3/runs/${'0a'.repeat(16)}`);
  expect(mlflowPage({ ...plain, workspace: 'team-a' }, { experimentId: asExperimentId('3') })).toBe(
    'https://mlflow.example.org/prefix/#/experiments/3?workspace=team-a',
  );
});
