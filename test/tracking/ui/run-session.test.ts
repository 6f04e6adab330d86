import { expect, test } from 'vitest';

import type { LocalConnection } from '../../../extension/tracking/local-connection.ts';
import { readHistories } from '../../../webviews/shared/histories.ts';
import { storesForFile } from '../../support/open-store.ts';
import { openSession } from '../../support/run-session.ts';

const newOpenStore = storesForFile();
const signal = new AbortController().signal;

const newRun = async (connection: LocalConnection, runName = 'calm-fox') => {
  const experimentId = await connection.tracking.createExperiment({ name: `wine ${runName}` });
  const { info } = await connection.tracking.createRun({ experimentId, runName, startTime: Date.now(), tags: [] });
  return info;
};

/** What is told, by its first time: a store may tell late of what has just been written, and then all is told once more. */
const firstTold = (told: readonly { readonly name: string }[]): readonly string[] => [...new Set(told.map(({ name }) => name))];

test('a page that starts is told its view, its place, its run, and then what is around it', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection, 'a\u202Eb');
  const open = openSession(connection, runId, { tab: 'metrics' });
  open.start();
  await expect.poll(() => open.last('surroundings')).toMatchObject({ experiment: 'wine a\u202Eb', children: [] });
  expect(firstTold(open.told)).toEqual(['restore', 'place', 'run', 'failed', 'surroundings']);
  expect(open.last('restore')).toEqual({ tab: 'metrics' });
  expect(open.last('place')).toEqual({ store: 'mlflow.db', isTrusted: true });
  expect(open.last('run')).toMatchObject({ runId, name: 'a\u202Eb', status: 'RUNNING' });
  expect(open.panel.title).toBe('ab');
  expect(open.kept.at(-1)).toEqual({ store: connection.id, runId, view: { tab: 'metrics' } });
});

test('what others write is shown, and what has grown is named', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const open = openSession(connection, runId);
  open.start();
  await expect.poll(() => open.last('run')).toBeDefined();
  await connection.tracking.logMetric(runId, { key: 'loss', value: 0.5, timestamp: 1n, step: 3n });
  await expect.poll(() => open.last('run')?.metrics).toEqual([{ key: 'loss', value: 0.5, step: 3, timestamp: 1 }]);
  // A store may tell late of the run itself, which is then read with its metrics: of these it tells afterwards.
  await expect.poll(() => open.last('metricsGrown')).toEqual(['loss']);
  await connection.tracking.updateRun({ runId, status: 'FINISHED', endTime: Date.now() });
  await expect.poll(() => open.last('run')?.status).toBe('FINISHED');
});

test('a nested run that comes is told', async () => {
  const connection = await newOpenStore();
  const { runId, experimentId } = await newRun(connection);
  const open = openSession(connection, runId);
  open.start();
  await expect.poll(() => open.last('surroundings')).toMatchObject({ children: [] });
  await connection.tracking.createRun({ experimentId, runName: 'fold', startTime: Date.now(), tags: [{ key: 'mlflow.parentRunId', value: runId }] });
  await expect.poll(() => open.last('surroundings')?.children.map(({ name }) => name)).toEqual(['fold']);
});

test('tags and the name are written, and bad ones refused in words', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const { requests } = openSession(connection, runId);
  await requests.setTag({ key: 'team', value: 'red' }, signal);
  await requests.rename({ name: 'bold-owl' }, signal);
  const run = await connection.tracking.getRun(runId);
  expect(run.info.runName).toBe('bold-owl');
  expect(run.tags).toContainEqual({ key: 'team', value: 'red' });
  await requests.deleteTag({ key: 'team' }, signal);
  expect((await connection.tracking.getRun(runId)).tags.map(({ key }) => key)).not.toContain('team');
  await expect(requests.rename({ name: ' ' }, signal)).rejects.toThrow('A run needs a name');
  await expect(requests.setTag({ key: '../..', value: 'x' }, signal)).rejects.toThrow();
});

test('histories of all metrics come in one buffer', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const metrics = ['a', 'b'].flatMap((key) => [1, 2, 3].map((step) => ({ key, value: step, timestamp: BigInt(step), step: BigInt(step) })));
  await connection.tracking.logBatch({ runId, metrics });
  const { requests } = openSession(connection, runId);
  const series = readHistories(await requests.histories({ keys: ['a', 'b'], buckets: 32 }, signal));
  expect(series.map(({ key, total, values }) => [key, total, [...values]])).toEqual([
    ['a', 3, [1, 2, 3]],
    ['b', 3, [1, 2, 3]],
  ]);
});

test('a direction that is said counts for the experiment, and is shown', async () => {
  const connection = await newOpenStore();
  const { runId, experimentId } = await newRun(connection);
  const open = openSession(connection, runId);
  open.start();
  await expect.poll(() => open.last('surroundings')).toMatchObject({ directions: {} });
  await open.requests.sayDirection({ key: 'score', direction: 'lower' }, signal);
  await expect.poll(() => open.last('surroundings')?.directions).toEqual({ score: 'lower' });
  const { tags } = await connection.tracking.getExperiment(experimentId);
  expect(tags).toContainEqual({ key: 'mlflow-workbench.direction.score', value: 'lower' });
});

test('a run that is deleted while it is looked at is said to be, comes back, and is gone when it is gone for good', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const open = openSession(connection, runId);
  open.start();
  await expect.poll(() => open.last('run')?.isDeleted).toBe(false);
  await connection.tracking.deleteRun(runId);
  await expect.poll(() => open.last('run')?.isDeleted).toBe(true);
  await open.requests.restoreRun(null, signal);
  await expect.poll(() => open.last('run')?.isDeleted).toBe(false);
  await connection.tracking.deleteRun(runId);
  await connection.deletePermanently({ runIds: [runId] });
  await expect.poll(() => open.last('failed')).toMatchObject({ isGone: true, message: expect.stringContaining(runId) as unknown });
});

test('a run that never was is gone', async () => {
  const connection = await newOpenStore();
  const open = openSession(connection, '0'.repeat(32));
  open.start();
  await expect.poll(() => open.last('failed')).toMatchObject({ isGone: true });
});

test('a hidden page is told nothing, and everything when it is back', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const open = openSession(connection, runId);
  open.start();
  await expect.poll(() => open.last('surroundings')).toBeDefined();
  open.hide();
  const before = open.told.length;
  await open.requests.rename({ name: 'renamed' }, signal);
  open.start();
  await expect.poll(() => firstTold(open.told.slice(before))).toEqual(['restore', 'place', 'run', 'failed', 'surroundings']);
  expect(open.last('run')?.name).toBe('renamed');
});

test('what the editor has to do is asked of it, for runs and models of the same store', async () => {
  const connection = await newOpenStore();
  const { runId } = await newRun(connection);
  const { requests, done } = openSession(connection, runId);
  await requests.openRun({ runId: 'other' }, signal);
  await requests.openModel({ modelUri: 'models:/m-1' }, signal);
  await requests.compareMetric({ key: 'loss' }, signal);
  await requests.editNote(null, signal);
  expect(done).toEqual([
    `openRun ${JSON.stringify({ storeId: connection.id, runId: 'other' })}`,
    `openModel ${JSON.stringify({ storeId: connection.id, modelUri: 'models:/m-1' })}`,
    `compareMetric ${runId} loss`,
    `editNote ${JSON.stringify({ storeId: connection.id, runId })}`,
  ]);
});
