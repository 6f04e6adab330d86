import { expect, test } from 'vitest';

import { readSnapshot } from '../../../extension/tracking/ui/compare-runs.ts';
import { newOpenStore, windowOf } from '../../support/open-store.ts';

test('runs of two stores stand in the order asked for, with what they logged', async () => {
  const [one, other] = await Promise.all([newOpenStore(), newOpenStore()]);
  const addRun = async ({ tracking }: typeof one, name: string): Promise<string> => {
    const { runId } = (await tracking.createRun({ experimentId: await tracking.createExperiment({ name }), runName: name, startTime: 5, tags: [] })).info;
    await tracking.logBatch({ runId, metrics: [{ key: name, value: 0.5, timestamp: 1, step: 0 }], params: [{ key: '__proto__', value: 'x' }] });
    return runId;
  };
  const [first, second] = [await addRun(one, 'first'), await addRun(other, 'second')];
  const snapshot = await readSnapshot(windowOf(one, other), [
    { store: other.id, runId: second },
    { store: one.id, runId: first },
  ]);
  expect(snapshot.runs.map(({ name, experimentName, storeId }) => [name, experimentName, storeId])).toEqual([
    ['second', 'second', other.id],
    ['first', 'first', one.id],
  ]);
  expect(snapshot.metricKeys).toEqual(['first', 'second']);
  expect(Object.entries(snapshot.runs[0]?.params ?? {})).toEqual([['__proto__', 'x']]);
});

test('what cannot be read is named with the reason', async () => {
  const store = await newOpenStore();
  const { info } = await store.tracking.createRun({ experimentId: await store.tracking.createExperiment({ name: 'wine' }), startTime: 5, tags: [] });
  await store.tracking.deleteRun(info.runId);
  const { runs, missing } = await readSnapshot(windowOf(store), [
    { store: store.id, runId: info.runId },
    { store: 'sqlite:////gone/mlflow.db', runId: 'f'.repeat(32) },
  ]);
  expect(runs).toEqual([]);
  expect(missing).toEqual([
    { runId: info.runId, reason: 'mlflow.db has no such run any more; it may be deleted' },
    { runId: 'f'.repeat(32), reason: 'Its store sqlite:////gone/mlflow.db is not open in this window' },
  ]);
});
