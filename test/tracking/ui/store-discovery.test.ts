import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { silentLogger } from '../../../extension/shared/logger.ts';
import type { Variables } from '../../../extension/tracking/named-store.ts';
import { findStores } from '../../../extension/tracking/ui/store-discovery.ts';
import { addressText } from '../../../extension/tracking/store-connection.ts';
import { newTempFolder } from '../../support/store-database.ts';

interface Folder {
  readonly env?: string;
  readonly files?: readonly string[];
  readonly configured?: readonly string[];
  readonly environment?: Variables;
}

/** `origin address` of each store, in order; `<folder>` stands for the folder. */
const search = async ({
  env,
  files = [],
  configured = [],
  environment = {},
}: Folder): Promise<{ readonly found: readonly string[]; readonly log: readonly string[] }> => {
  const folder = newTempFolder();
  for (const file of files) await writeFile(join(folder, file), '');
  if (env !== undefined) await writeFile(join(folder, '.env'), env);
  const log: string[] = [];
  const warn = (message: string): void => void log.push(message);
  const stores = await findStores(folder, { configured, environment, log: { error: warn, warn, info: warn, debug: warn } });
  return { found: stores.map(({ address, namedBy }) => `${namedBy} ${addressText(address).replace(folder, '<folder>')}`), log };
};

test('nothing is found where there is nothing', async () => {
  expect(await search({})).toEqual({ found: [], log: [] });
});

test('what programs are told comes before what they take by default, and the setting last', async () => {
  const { found } = await search({
    environment: { MLFLOW_TRACKING_URI: 'https://one.example' },
    env: 'MLFLOW_TRACKING_URI=sqlite:///two.db',
    files: ['mlflow.db'],
    configured: ['https://four.example'],
  });
  expect(found).toEqual([
    'MLFLOW_TRACKING_URI https://one.example',
    '.env sqlite:///<folder>/two.db',
    'folder sqlite:///<folder>/mlflow.db',
    'mlflow.stores https://four.example',
  ]);
});

describe('.env', () => {
  test.each([
    ['export MLFLOW_TRACKING_URI="https://me:secret@a.example/prefix/"', '.env https://a.example/prefix'],
    ["# MLFLOW_TRACKING_URI=https://no.example\nA=1\nMLFLOW_TRACKING_URI='http://a.example' # ours", '.env http://a.example'],
    ['MLFLOW_TRACKING_URI=https://a.example\nMLFLOW_WORKSPACE=team-a', '.env https://a.example?workspace=team-a'],
    ['MLFLOW_TRACKING_URI=./runs', '.env file://<folder>/runs'],
    ['MLFLOW_TRACKING_URI=sqlite:////srv/a.db\r\nMLFLOW_WORKSPACE=team-a', '.env sqlite:////srv/a.db'],
  ])('%s', async (env, expected) => {
    const folder = newTempFolder();
    await mkdir(join(folder, 'runs'));
    await writeFile(join(folder, '.env'), env);
    const stores = await findStores(folder, { configured: [], environment: {}, log: silentLogger });
    expect(stores.map(({ address, namedBy }) => `${namedBy} ${addressText(address).replace(folder, '<folder>')}`)).toEqual([expected]);
  });

  test('what is no store is told in the log, and the others are found', async () => {
    const { found, log } = await search({ env: 'MLFLOW_TRACKING_URI=databricks://prod', files: ['mlflow.db'] });
    expect(found).toEqual(['folder sqlite:///<folder>/mlflow.db']);
    expect(log).toEqual([expect.stringMatching(/by \.env: 'databricks:\/\/prod' is not a store/)]);
  });

  test.each(['', 'MLFLOW_TRACKING_URI=', '=\0\n[]{}', `MLFLOW_TRACKING_URI=x\n${'a'.repeat(1_000_001)}`])('without a store in it is none', async (env) => {
    expect(await search({ env })).toEqual({ found: [], log: [] });
  });

  test('a folder of that name is no file', async () => {
    const folder = newTempFolder();
    await mkdir(join(folder, '.env'));
    expect(await findStores(folder, { configured: [], environment: {}, log: silentLogger })).toEqual([]);
  });

  test('a server that somebody has named elsewhere too is theirs', async () => {
    const env = 'MLFLOW_TRACKING_URI=https://a.example';
    expect((await search({ env, configured: ['https://a.example/'] })).found).toEqual(['mlflow.stores https://a.example']);
    expect((await search({ env, environment: { MLFLOW_TRACKING_URI: 'https://a.example' } })).found).toEqual(['MLFLOW_TRACKING_URI https://a.example']);
  });
});
