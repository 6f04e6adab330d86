import { expect, test } from 'vitest';

import { installedPackages } from '../../extension/shared/installed-packages.ts';
import { readModelMeaning } from '../../extension/registry/model-meaning.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { readStoreNames } from '../../extension/registry/store-names.ts';
import { newOpenStore } from '../support/open-store.ts';
import { pythonPath } from '../support/python.ts';

/** One experiment with the run `quick`, from which two versions of `wine` are registered. */
const newStoreWithModel = async () => {
  const connection = await newOpenStore();
  const { tracking, http } = connection;
  const experimentId = await tracking.createExperiment({ name: 'wine-quality' });
  const { info } = await tracking.createRun({ experimentId, runName: 'quick', startTime: 1, tags: [] });
  await tracking.logMetric(info.runId, { key: 'rmse', value: 0.5, timestamp: 1, step: 0 });
  const registry = createRestRegistryStore(http);
  await registry.createRegisteredModel({ name: 'wine' });
  for (const path of ['one', 'two']) await registry.createModelVersion({ name: 'wine', source: `runs:/${info.runId}/${path}`, runId: info.runId });
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  return { connection, runId: info.runId };
};

test('what files can name: experiments, models with versions and aliases, runs', async () => {
  const { connection, runId } = await newStoreWithModel();
  expect(await readStoreNames(connection)).toEqual({
    store: 'mlflow.db',
    experiments: ['wine-quality', 'Default'],
    models: [{ name: 'wine', versions: [2, 1], aliases: [{ alias: 'champion', version: 1 }] }],
    runs: [{ runId, name: 'quick', experiment: 'wine-quality' }],
  });
});

test.for([
  ['models:/wine@champion', 1],
  ['models:/wine/2', 2],
  ['models:/wine/latest', 2],
  ['models:/wine/None', 2],
] as const)('%s means version %i, with the metrics of its run', async ([uri, version]) => {
  const { connection } = await newStoreWithModel();
  expect(await readModelMeaning(connection, uri)).toMatchObject({
    store: 'mlflow.db',
    name: 'wine',
    version,
    run: { name: 'quick', metrics: [{ key: 'rmse', value: 0.5 }] },
  });
});

test.for(['models:/wine@nobody', 'models:/beer/1', 'models:/wine/9', 'models:/wine/Nowhere', 'models:/', 'runs:/x/y'])('%s means nothing', async (uri) => {
  const { connection } = await newStoreWithModel();
  expect(await readModelMeaning(connection, uri)).toBeUndefined();
});

test('packages of an interpreter', async () => {
  expect(await installedPackages(pythonPath())).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'mlflow', version: expect.stringMatching(/^3\./) })]),
  );
});
