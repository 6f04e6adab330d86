import { beforeEach, describe, expect, test } from 'vitest';

import type { Metric } from '../../../extension/tracking/run.ts';
import type { TrackingStore } from '../../../extension/tracking/tracking-store.ts';
import { type ExperimentId, type RunId } from '../../../schemas/ids.ts';
import { createRun, metric, metricsOf, searchRunNames, tagsOf, type SetUp, type StoreTraits } from './support.ts';

export const describeValues = (setUp: SetUp, { keepsInfinities = false }: StoreTraits): void => {
  describe('values of runs', () => {
    let store: TrackingStore;
    let experiment: ExperimentId;
    beforeEach(async () => {
      ({ store, experiment } = await setUp());
    });
    const newRun = (options?: Parameters<typeof createRun>[1]): Promise<RunId> => createRun({ store, experiment }, options);
    const search = (filter: string, orderBy?: readonly string[]): Promise<readonly string[]> => searchRunNames({ store, experiment }, filter, orderBy);

    describe('params, tags and metrics', () => {
      test('a param is written once', async () => {
        const id = await newRun();
        await store.logParam(id, { key: 'p', value: '1' });
        await store.logParam(id, { key: 'p', value: '1' });
        const message = expect.stringContaining(
          `Param with key='p' was already logged with value='1' for run ID='${id}'. Attempted logging new value '2'.`,
        ) as string;
        await expect(store.logParam(id, { key: 'p', value: '2' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message });
        expect((await store.getRun(id)).params).toEqual([{ key: 'p', value: '1' }]);
      });

      test('long values are cut, long keys refused', async () => {
        const id = await newRun();
        await store.logBatch({ runId: id, params: [{ key: 'p', value: 'é'.repeat(6001) }], tags: [{ key: 't', value: 'x'.repeat(8001) }] });
        const run = await store.getRun(id);
        expect(run.params[0]?.value).toBe('é'.repeat(6000));
        expect(tagsOf(run.tags)['t']).toHaveLength(8000);
        await expect(store.logParam(id, { key: 'k'.repeat(251), value: '' })).rejects.toThrow("'Param key' exceeds the maximum length of 250 characters");
      });

      test('a tag is overwritten and deleted', async () => {
        const id = await newRun({ runName: 'r' });
        await store.setTag(id, { key: 't', value: '1' });
        await store.setTag(id, { key: 't', value: '2' });
        expect(tagsOf((await store.getRun(id)).tags)).toEqual({ 'mlflow.runName': 'r', t: '2' });
        await store.deleteTag(id, 't');
        expect(tagsOf((await store.getRun(id)).tags)).toEqual({ 'mlflow.runName': 'r' });
        await expect(store.deleteTag(id, 't')).rejects.toThrow(`No tag with name: t in run with id ${id}`);
      });

      test('the latest metric is that of the highest step, then timestamp, then value', async () => {
        const id = await newRun();
        await store.logMetric(id, metric('m', 1, 5, 100));
        await store.logMetric(id, metric('m', 9, 3, 999));
        expect(metricsOf(await store.getRun(id))).toEqual({ m: 1 });
        await store.logMetric(id, metric('m', 2, 5, 101));
        await store.logMetric(id, metric('m', 1.5, 5, 101));
        expect((await store.getRun(id)).latestMetrics).toEqual([metric('m', 2, 5, 101)]);
      });

      test('steps and timestamps of 64 bits keep all their digits', async () => {
        const id = await newRun();
        const point = (step: bigint): Metric => ({ key: 'm', value: 1, timestamp: 1_700_000_000_123_456_789n, step });
        const points = [2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 63n - 1n].map(point);
        await store.logBatch({ runId: id, metrics: points });
        expect((await store.getMetricHistory({ runId: id, key: 'm' })).items).toEqual(points);
        expect((await store.getRun(id)).latestMetrics).toEqual([point(2n ** 63n - 1n)]);
      });

      test('NaN is kept, infinities become the largest doubles where the store cannot hold them', async () => {
        const id = await newRun();
        await store.logBatch({
          runId: id,
          metrics: [metric('nan', NaN), metric('inf', Infinity), metric('-inf', -Infinity), metric('tiny', 5e-324)],
        });
        const largest = keepsInfinities ? Infinity : Number.MAX_VALUE;
        expect(metricsOf(await store.getRun(id))).toEqual({ nan: NaN, inf: largest, '-inf': -largest, tiny: 5e-324 });
        expect((await store.getMetricHistory({ runId: id, key: 'nan' })).items).toEqual([metric('nan', NaN)]);
      });

      test('a history is ordered by timestamp, step and value, and comes in pages', async () => {
        const id = await newRun();
        const points = [metric('m', 3, 1, 30), metric('m', 1, 7, 10), metric('m', 2, -2, 20), metric('m', 1, -2, 20)];
        await store.logBatch({ runId: id, metrics: points });
        await store.logBatch({ runId: id, metrics: points });
        const ordered = [metric('m', 1, 7, 10), metric('m', 1, -2, 20), metric('m', 2, -2, 20), metric('m', 3, 1, 30)];
        expect((await store.getMetricHistory({ runId: id, key: 'm' })).items).toEqual(ordered);
        const first = await store.getMetricHistory({ runId: id, key: 'm', maxResults: 3 });
        expect(first.items).toEqual(ordered.slice(0, 3));
        const { nextPageToken = 'absent' } = first;
        const second = await store.getMetricHistory({ runId: id, key: 'm', maxResults: 3, pageToken: nextPageToken });
        expect(second).toEqual({ items: ordered.slice(3) });
      });

      test('limits of a batch', async () => {
        const id = await newRun();
        const metrics = Array.from({ length: 1001 }, (_value, step) => metric('m', step, step));
        await expect(store.logBatch({ runId: id, metrics })).rejects.toThrow('A batch logging request can contain at most 1000 metrics. Got 1001 metrics.');
        await store.logBatch({ runId: id, metrics: metrics.slice(1) });
        expect(metricsOf(await store.getRun(id))).toEqual({ m: 1000 });
        const params = Array.from({ length: 101 }, (_value, index) => ({ key: `p${index}`, value: 'v' }));
        await expect(store.logBatch({ runId: id, params })).rejects.toThrow('at most 100 params');
        await expect(
          store.logBatch({
            runId: id,
            params: [
              { key: 'd', value: '1' },
              { key: 'd', value: '1' },
            ],
          }),
        ).rejects.toThrow("Duplicate parameter keys have been submitted: ['d'].");
      });

      test.each(['a/../b', '/a', 'a//b', './a', '..', 'a?b', 'a\u0000b'])('the key %j is refused', async (key) => {
        const id = await newRun();
        await expect(store.logMetric(id, metric(key, 1))).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
        await expect(store.setTag(id, { key, value: '' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
      });

      test.each(['a/b', 'a b', 'a.b-c_d', 'ключ', 'a:b', "'"])('the key %j is taken as it is, or refused by all', async (key) => {
        const id = await newRun();
        const isAllowed = key !== "'";
        const outcome = await store.logParam(id, { key, value: 'v' }).then(
          () => 'stored',
          () => 'refused',
        );
        expect(outcome).toBe(isAllowed ? 'stored' : 'refused');
      });
    });

    describe('datasets and models', () => {
      const dataset = { name: 'wine', digest: 'd1', sourceType: 'local', source: '{"uri":"x"}', schema: '{}', profile: '{"rows":1}' };

      test('a dataset is an input of its run, stored once', async () => {
        const id = await newRun();
        const input = { dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] };
        await store.logInputs(id, [input]);
        await store.logInputs(id, [{ dataset: { ...dataset, source: 'other' }, tags: [{ key: 'mlflow.data.context', value: 'test' }] }]);
        expect((await store.getRun(id)).datasetInputs).toEqual([input]);
        const page = await store.searchRuns({ experimentIds: [experiment], filter: "dataset.name = 'wine' AND dataset.context = 'train'", maxResults: 10 });
        expect(page.items.map((run) => run.datasetInputs)).toEqual([[input]]);
        expect(await search("dataset.context = 'test'")).toEqual([]);
      });
    });
  });
};
