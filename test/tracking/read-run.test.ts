import { expect, test } from 'vitest';

import { readRunSurroundings, toShownRun } from '../../extension/tracking/read-run.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import type { Tag } from '../../extension/tracking/run.ts';
import { newAppStore, type AppStore } from '../support/app-store.ts';

const newRun = async ({ store }: AppStore, tags: readonly Tag[] = [], runName = 'calm-fox') => {
  const experiments = await store.tracking.searchExperiments({ maxResults: 10, filter: "name = 'wine'" });
  const experimentId = experiments.items[0]?.experimentId ?? (await store.tracking.createExperiment({ name: 'wine' }));
  return await store.tracking.createRun({ experimentId, runName, startTime: Date.now(), tags });
};

test('a run is shown with its params, tags and last values in the order of their names, and its note as it was written', async () => {
  const opened = newAppStore();
  const { store } = opened;
  const { info } = await newRun(opened, [
    { key: 'team', value: 'red' },
    { key: 'mlflow.note.content', value: '# Why' },
    { key: 'mlflow.source.name', value: 'train.py' },
    { key: 'mlflow.source.git.commit', value: 'abc' },
    { key: 'mlflow.runColor', value: '#ff0000' },
  ]);
  await store.tracking.logBatch({
    runId: info.runId,
    params: ['b', 'a'].map((key) => ({ key, value: key })),
    metrics: [
      { key: 'loss', value: 2, step: 1n, timestamp: 10n },
      { key: 'accuracy', value: 1, step: 3n, timestamp: 30n },
      { key: 'loss', value: 1, step: 2n, timestamp: 20n },
    ],
  });
  await store.tracking.logInputs(info.runId, [
    { dataset: { name: 'wine', digest: '1a', sourceType: 'http', source: 'https://example.org' }, tags: [{ key: 'mlflow.data.context', value: 'training' }] },
  ]);
  const shown = toShownRun(await store.tracking.getRun(info.runId), Date.now());
  expect(shown).toMatchObject({
    name: 'calm-fox',
    status: 'RUNNING',
    isDeleted: false,
    isProbablyDead: false,
    note: '# Why',
    color: '#ff0000',
    source: { name: 'train.py', commit: 'abc' },
    datasets: [{ name: 'wine', digest: '1a', sourceType: 'http', context: 'training' }],
    metrics: [
      { key: 'accuracy', value: 1, step: 3, timestamp: 30 },
      { key: 'loss', value: 1, step: 2, timestamp: 20 },
    ],
  });
  expect(shown.params.map(({ key }) => key)).toEqual(['a', 'b']);
});

test('a colour that is none is not handed on, and a deleted run is said to be deleted', async () => {
  const opened = newAppStore();
  const { store } = opened;
  const { info } = await newRun(opened, [{ key: 'mlflow.runColor', value: 'url(https://evil.example)' }]);
  await store.tracking.deleteRun(info.runId);
  const shown = toShownRun(await store.tracking.getRun(info.runId), Date.now());
  expect(shown.isDeleted).toBe(true);
  expect(shown).not.toHaveProperty('color');
});

test('around a run are its experiment, its parent, its children in the order of their start, and what people said of metrics', async () => {
  const opened = newAppStore();
  const { store } = opened;
  const parent = await newRun(opened, [], 'sweep');
  const parentTag = { key: 'mlflow.parentRunId', value: parent.info.runId };
  const child = await newRun(opened, [parentTag], 'fold 1');
  await newRun(opened, [parentTag], 'fold 2');
  await newRun(opened, [{ key: 'mlflow.parentRunId', value: 'another' }], 'stranger');
  await store.tracking.setExperimentTag(parent.info.experimentId, { key: 'mlflow-workbench.direction.score', value: 'lower' });

  const around = await readRunSurroundings(store, parent);
  expect(around).toMatchObject({ experiment: 'wine', hasMoreChildren: false, models: [], directions: { score: 'lower' } });
  expect(around.children.map(({ name }) => name)).toEqual(['fold 1', 'fold 2']);
  expect(await readRunSurroundings(store, child)).toMatchObject({ parent: { runId: parent.info.runId, name: 'sweep', status: 'RUNNING' }, children: [] });
});

test('a parent that is gone is left out', async () => {
  const opened = newAppStore();
  const child = await newRun(opened, [{ key: 'mlflow.parentRunId', value: '0'.repeat(32) }]);
  expect(await readRunSurroundings(opened.store, child)).not.toHaveProperty('parent');
});

test('models are those that MLflow 3 has recorded by their names, or those of the tag of MLflow 2', async () => {
  const opened = newAppStore();
  const { store } = opened;
  const old = await newRun(opened, [
    { key: 'mlflow.log-model.history', value: '[{"artifact_path": "model"}, {"artifact_path": "model"}, {"artifact_path": 3}, 4]' },
  ]);
  expect((await readRunSurroundings(store, old)).models).toEqual([{ name: 'model', modelUri: `runs:/${old.info.runId}/model`, role: 'output' }]);
  const broken = await newRun(opened, [{ key: 'mlflow.log-model.history', value: '[{"artifact_pa' }]);
  expect((await readRunSurroundings(store, broken)).models).toEqual([]);

  const { info } = await newRun(opened);
  const model = await createRestLoggedModelStore(store.http).createLoggedModel({ experimentId: info.experimentId, name: 'boost', sourceRunId: info.runId });
  await store.tracking.logOutputs(info.runId, [{ modelId: model.modelId, step: 7n }]);
  const run = await store.tracking.getRun(info.runId);
  expect((await readRunSurroundings(store, run)).models).toEqual([{ name: 'boost', modelUri: `models:/${model.modelId}`, role: 'output', step: 7 }]);
});
