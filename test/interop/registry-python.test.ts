import { dirname, join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { openReader } from '../../extension/server/database.ts';
import { run } from '../../extension/shared/process.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { sql } from '../../extension/shared/sql.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';
import { serveStore } from '../support/serve-store.ts';

const script = join(import.meta.dirname, '../support/registry_client.py');

/** What MLflow's client saw, with the prefix of its names left out. */
const runClient = async (trackingUri: string, prefix: string, folder: string): Promise<unknown> => {
  const output = await run({ file: pythonPath(), args: [script, trackingUri, prefix], cwd: folder });
  const line = output.stdout.split('\n').find((one) => one.startsWith('SEEN '));
  if (line === undefined) throw new Error(`The client failed: ${output.stderr.slice(-3000)}`);
  return JSON.parse(line.slice('SEEN '.length).replaceAll(`${prefix}-`, '')) as unknown;
};

const expected = {
  versions: [1, 2],
  run_of_version: true,
  champion: 2,
  reserved: ['INVALID_PARAMETER_VALUE', 'INVALID_PARAMETER_VALUE'],
  stages: { 1: 'Archived', 2: 'Production' },
  predictions: [6, 6, 6, 6, 6],
  copy: ['cellar', 1, 'models:/wine/2'],
  copy_prediction: 6,
  found: [['wine', 'red', [1, 2]]],
  tags: { note: 'é' },
  renamed: ['wine-renamed', 2],
  alias_of_deleted: 'INVALID_PARAMETER_VALUE',
  missing: ['RESOURCE_DOES_NOT_EXIST', 'RESOURCE_DOES_NOT_EXIST'],
  taken: 'RESOURCE_ALREADY_EXISTS',
  logged: [true],
  model_versions_tag: expect.arrayContaining([expect.objectContaining({ name: 'wine' })]) as unknown,
  deleted_logged: 'RESOURCE_DOES_NOT_EXIST',
  prompt: 'Hello {{name}}',
  models_without_prompts: ['cellar', 'wine-renamed'],
  after_delete: ['cellar'],
};

/** Names of our indexes in a file that is not damaged. */
const workbenchIndexesIn = (path: string): readonly string[] => {
  const reader = openReader(path);
  onTestFinished(() => reader.dispose());
  expect(reader.read((read) => read.all(sql`PRAGMA integrity_check`))).toEqual([{ integrity_check: 'ok' }]);
  const indexes = sql`SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'workbench%'`;
  return reader.read((read) => read.all<{ name: string }>(indexes)).map(({ name }) => name);
};

test(
  'MLflow’s client registers, moves, loads, copies, renames and deletes models over HTTP, and in the file, which it upgrades',
  { timeout: 420_000 },
  async () => {
    const path = join(newTempFolder(), 'mlflow.db');
    const server = await serveStore(path);
    expect(await runClient(server.url, 'http', dirname(path))).toEqual(expected);
    expect(workbenchIndexesIn(path)).toContain('workbench_model_version_tags');

    expect(await runClient(`sqlite:///${path}`, 'direct', dirname(path))).toEqual(expected);

    const store = createRestRegistryStore(fetchClient(server.url));
    expect((await store.searchRegisteredModels({ maxResults: 10 })).items.map(({ name }) => name)).toEqual(['direct-cellar', 'http-cellar']);
    await store.setRegisteredModelTag('direct-cellar', { key: 'k', value: 'v' });
    await store.setRegisteredModelTag('direct-cellar', { key: 'k', value: 'w' });
    await store.setModelVersionTag('http-cellar', 1, { key: 'k', value: 'w' });
    await store.setRegisteredModelAlias('direct-cellar', 'a', 1);
    expect(await store.getModelVersionByAlias('direct-cellar', 'a')).toMatchObject({ name: 'direct-cellar', version: 1 });
    expect(workbenchIndexesIn(path).filter((name) => name.endsWith('_tags'))).toEqual([]);
    expect(await runClient(server.url, 'again', dirname(path))).toEqual(expected);
  },
);
