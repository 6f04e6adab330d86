import { beforeEach, describe, expect, test } from 'vitest';

import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import { asRunId, type ExperimentId, type RunId } from '../../../schemas/ids.ts';
import { createRun, metric, tagsOf, type SetUp } from './support.ts';

export const describeRuns = (setUp: SetUp): void => {
  describe('runs', () => {
    let store: TrackingStore;
    let experiment: ExperimentId;
    beforeEach(async () => {
      ({ store, experiment } = await setUp());
    });
    const newRun = (options?: Parameters<typeof createRun>[1]): Promise<RunId> => createRun({ store, experiment }, options);

    test('a new run is running, has a name and a place for artifacts', async () => {
      const run = await store.createRun({ experimentId: experiment, userId: 'ada', startTime: 42, tags: [{ key: 't', value: 'v' }] });
      const found = await store.getRun(run.info.runId);
      expect(found.info).toMatchObject({ experimentId: experiment, userId: 'ada', status: 'RUNNING', startTime: 42, lifecycleStage: 'active' });
      expect(found.info.endTime).toBeUndefined();
      expect(found.info.artifactUri).toMatch(new RegExp(`/${experiment}/${run.info.runId}/artifacts$`));
      expect(tagsOf(found.tags)).toEqual({ t: 'v', 'mlflow.runName': found.info.runName });
      expect(found.info.runName).not.toBe('');
    });

    test('a run name and its tag are one thing', async () => {
      const id = await newRun({ runName: 'first' });
      expect(tagsOf((await store.getRun(id)).tags)['mlflow.runName']).toBe('first');
      await store.setTag(id, { key: 'mlflow.runName', value: 'second' });
      expect((await store.getRun(id)).info.runName).toBe('second');
      await store.updateRun({ runId: id, runName: 'third' });
      expect(tagsOf((await store.getRun(id)).tags)['mlflow.runName']).toBe('third');
      const tags = [{ key: 'mlflow.runName', value: 'b' }];
      await expect(store.createRun({ experimentId: experiment, startTime: 1, runName: 'a', tags })).rejects.toMatchObject({
        code: 'INVALID_PARAMETER_VALUE',
      });
    });

    test('the end of a run', async () => {
      const id = await newRun();
      const info = await store.updateRun({ runId: id, status: 'FINISHED', endTime: 99 });
      expect(info).toMatchObject({ runId: id, status: 'FINISHED', endTime: 99 });
      expect((await store.getRun(id)).info).toEqual(info);
    });

    test('a deleted run is kept, refuses writes, and can be restored', async () => {
      const id = await newRun();
      await store.deleteRun(id);
      await store.deleteRun(id);
      expect((await store.getRun(id)).info.lifecycleStage).toBe('deleted');
      const refused = {
        code: 'INVALID_PARAMETER_VALUE',
        message: expect.stringContaining(`The run ${id} must be in the 'active' state. Current state is deleted.`) as string,
      };
      await expect(store.logMetric(id, metric('m', 1))).rejects.toMatchObject(refused);
      await expect(store.setTag(id, { key: 'a', value: 'b' })).rejects.toMatchObject(refused);
      await expect(store.updateRun({ runId: id, status: 'FINISHED' })).rejects.toMatchObject(refused);
      await store.restoreRun(id);
      expect((await store.getRun(id)).info.lifecycleStage).toBe('active');
    });

    test('an unknown run is RESOURCE_DOES_NOT_EXIST', async () => {
      const message = expect.stringContaining('Run with id=nobody not found') as string;
      await expect(store.getRun(asRunId('nobody'))).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST', message });
      await expect(store.logParam(asRunId('nobody'), { key: 'a', value: 'b' })).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST', message });
    });
  });
};
