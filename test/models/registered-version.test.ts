import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { describeVersion, readVersionChanges } from '../../extension/models/registered-version.ts';
import { openStoreModel } from '../../extension/models/store-model-files.ts';
import type { ModelVersion } from '../../extension/registry/model-version.ts';
import { versionDescription, versionTooltip } from '../../extension/registry/ui/model-text.ts';
import { openDatabase } from '../../extension/server/database.ts';
import { sql } from '../../extension/shared/sql.ts';
import { newAppStore, type AppStore } from '../support/app-store.ts';

const mlmodel = (names: readonly string[]): string =>
  `flavors: {}\nsignature:\n  inputs: '${JSON.stringify(names.map((name) => ({ name, type: 'double', required: true })))}'\n`;

interface Trained {
  readonly columns: readonly string[];
  readonly alpha: string;
  readonly rmse: number;
  readonly commit: string;
}

/** A run with its model, registered as the next version of wine. */
const addVersion = async ({ store, registry }: AppStore, { columns, alpha, rmse, commit }: Trained): Promise<ModelVersion> => {
  const { experimentId } = await store.tracking.getExperimentByName('Default');
  const tags = [{ key: 'mlflow.source.git.commit', value: commit }];
  const { info } = await store.tracking.createRun({ experimentId, startTime: 1, runName: `alpha ${alpha}`, tags });
  const metrics = [{ key: 'rmse', value: rmse, timestamp: 1, step: 0 }];
  await store.tracking.logBatch({ runId: info.runId, metrics, params: [{ key: 'alpha', value: alpha }], tags: [] });
  const place = join(fileURLToPath(new URL(info.artifactUri, 'file://')), 'model');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'MLmodel'), mlmodel(columns));
  writeFileSync(join(place, 'requirements.txt'), `scikit-learn==1.${columns.length}.0\n`);
  return await registry.createModelVersion({ name: 'wine', source: `${info.artifactUri}/model`, runId: info.runId });
};

const newModel = async () => {
  const opened = newAppStore();
  await opened.registry.createRegisteredModel({ name: 'wine' });
  const first = await addVersion(opened, { columns: ['alcohol'], alpha: '0.1', rmse: 0.8, commit: 'aaa' });
  const second = await addVersion(opened, { columns: ['alcohol', 'ph'], alpha: '0.2', rmse: Number.NaN, commit: 'bbb' });
  return { opened, first, second };
};

const write = async ({ path }: AppStore, statement: ReturnType<typeof sql>): Promise<void> => {
  const database = openDatabase(path);
  await database.write((connection) => connection.run(statement));
  database.dispose();
};

test('what has changed since the version before: metrics, params, signature, packages, commit', async () => {
  const { opened, first, second } = await newModel();
  expect(await readVersionChanges(opened.store, second)).toEqual({
    previous: 1,
    metrics: [{ name: 'rmse', before: '0.8', after: 'NaN', delta: 'NaN', verdict: 'none' }],
    params: [{ name: 'alpha', before: '0.1', after: '0.2' }],
    signature: [{ text: 'inputs ph added (double)', breaks: true }],
    packages: [{ name: 'scikit-learn', before: '==1.1.0', after: '==1.2.0' }],
    data: [],
    commit: { name: 'commit', before: 'aaa', after: 'bbb' },
    notes: [],
  });
  expect((await readVersionChanges(opened.store, first)).previous).toBeUndefined();
});

test('the version before is the newest that is left', async () => {
  const { opened } = await newModel();
  const third = await addVersion(opened, { columns: ['alcohol'], alpha: '0.1', rmse: 0.7, commit: 'aaa' });
  await opened.registry.deleteModelVersion('wine', 2);
  const { previous, metrics, params } = await readVersionChanges(opened.store, third);
  expect({ previous, params }).toEqual({ previous: 1, params: [] });
  expect(metrics).toEqual([{ name: 'rmse', before: '0.8', after: '0.7', delta: '−0.1', verdict: 'better' }]);
});

test('a version whose run is deleted says so, one whose run is gone too', async () => {
  const { opened, second } = await newModel();
  const stateNow = async () => (await describeVersion(opened.store, second)).run;
  const runId = second.runId ?? ('' as never);
  expect(await stateNow()).toEqual({ runId, name: 'alpha 0.2', state: 'active' });
  await opened.store.tracking.deleteRun(runId);
  expect(await stateNow()).toEqual({ runId, name: 'alpha 0.2', state: 'deleted' });
  expect((await readVersionChanges(opened.store, second)).params).toEqual([{ name: 'alpha', before: '0.1', after: '0.2' }]);
  for (const table of ['params', 'latest_metrics', 'metrics', 'tags', 'runs']) {
    await write(opened, { text: `DELETE FROM ${table} WHERE run_uuid = ?`, values: [runId] });
  }
  expect(await stateNow()).toEqual({ runId, name: runId, state: 'gone' });
  expect((await readVersionChanges(opened.store, second)).params).toEqual([{ name: 'alpha', before: '0.1', after: '' }]);
});

test('a version whose artifacts are gone is described all the same, and what cannot be read is said', async () => {
  const { opened, second } = await newModel();
  rmSync(fileURLToPath(new URL(second.source, 'file://')), { recursive: true });
  expect(await describeVersion(opened.store, second)).toMatchObject({ name: 'wine', version: 2, status: 'ready', source: second.source });
  const { notes, signature, params } = await readVersionChanges(opened.store, second);
  expect(notes).toEqual([expect.stringMatching(/^The MLmodel of wine version 2 cannot be read: /)]);
  expect(params).toHaveLength(1);
  expect(signature).not.toContainEqual(expect.objectContaining({ text: expect.stringContaining('ph') as string }));
  const { files } = await openStoreModel(opened.store, 'models:/wine/2');
  expect(await files.read('MLmodel')).toBeUndefined();
});

test.each([
  ['PENDING_REGISTRATION', 'pending', 'pending: its registration has not ended'],
  ['FAILED_REGISTRATION', 'failed', 'failed: its registration did not succeed'],
])('a version that is %s is shown as that, with what its server says of it', async (status, word, sentence) => {
  const { opened } = await newModel();
  await write(opened, sql`UPDATE model_versions SET status = ${status}, status_message = 'the disk is full' WHERE version = 2`);
  const version = await opened.registry.getModelVersion('wine', 2);
  expect(await describeVersion(opened.store, version)).toMatchObject({ status: sentence, statusMessage: 'the disk is full' });
  const context = { aliases: [], run: undefined, metrics: [], now: Date.now() };
  expect(versionDescription(version, context).split(' · ')).toContain(word);
  expect(versionTooltip(version, context)).toContain(`${word}&#58; the disk is full`);
});
