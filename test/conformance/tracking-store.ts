import { beforeEach, describe, expect, test } from 'vitest';

import { asExperimentId, asRunId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import type { Metric, Run, Tag } from '../../extension/tracking/run.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';

export interface StoreUnderTest {
  readonly store: TrackingStore;
  readonly dispose?: () => Promise<void> | void;
}

const metric = (key: string, value: number, step = 0, timestamp = 1000 + step): Metric => ({ key, value, timestamp, step });
const tagsOf = (tags: readonly Tag[]): Record<string, string> => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
const metricsOf = (run: Run): Record<string, number> => Object.fromEntries(run.latestMetrics.map(({ key, value }) => [key, value]));

/** What every tracking store must do, whoever keeps the data: ours in SQLite, ours over REST, MLflow's own server. */
export const describeTrackingStore = (name: string, newStore: () => Promise<TrackingStore> | TrackingStore): void => {
  describe(`the tracking store ${name}`, () => {
    let store: TrackingStore;
    let experiment: ExperimentId;
    let uniqueName: string;

    beforeEach(async () => {
      store = await newStore();
      uniqueName = `experiment ${crypto.randomUUID()}`;
      experiment = await store.createExperiment({ name: uniqueName });
    });

    const newRun = async (options: { readonly runName?: string; readonly startTime?: number; readonly tags?: readonly Tag[] } = {}): Promise<RunId> => {
      const run = await store.createRun({ experimentId: experiment, startTime: 1, tags: [], ...options });
      return run.info.runId;
    };
    const search = async (filter: string, orderBy: readonly string[] = [], maxResults = 100): Promise<readonly string[]> => {
      const page = await store.searchRuns({ experimentIds: [experiment], filter, orderBy, maxResults });
      return page.items.map((run) => run.info.runName);
    };

    describe('experiments', () => {
      test('a new experiment is found by its id and by its name', async () => {
        const found = await store.getExperiment(experiment);
        expect(found).toMatchObject({ experimentId: experiment, name: uniqueName, lifecycleStage: 'active', tags: [] });
        expect(found.artifactLocation).toMatch(new RegExp(`/${experiment}$`));
        expect(await store.getExperimentByName(uniqueName)).toEqual(found);
      });

      test('tags given at creation, set later and deleted', async () => {
        const id = await store.createExperiment({ name: `${uniqueName} tagged`, tags: [{ key: 'a', value: '1' }] });
        await store.setExperimentTag(id, { key: 'b', value: '2' });
        await store.setExperimentTag(id, { key: 'a', value: '3' });
        expect(tagsOf((await store.getExperiment(id)).tags)).toEqual({ a: '3', b: '2' });
        await store.deleteExperimentTag(id, 'a');
        expect(tagsOf((await store.getExperiment(id)).tags)).toEqual({ b: '2' });
      });

      test('a name is taken even by a deleted experiment', async () => {
        await store.deleteExperiment(experiment);
        await expect(store.createExperiment({ name: uniqueName })).rejects.toMatchObject({ code: 'RESOURCE_ALREADY_EXISTS' });
      });

      test('an unknown experiment is RESOURCE_DOES_NOT_EXIST', async () => {
        await expect(store.getExperiment(asExperimentId('987654321'))).rejects.toMatchObject({
          code: 'RESOURCE_DOES_NOT_EXIST',
          message: expect.stringContaining('No Experiment with id=987654321 exists') as string,
        });
        await expect(store.getExperimentByName('nobody')).rejects.toThrow("Could not find experiment with name 'nobody'");
      });

      test('an id that is no number is refused', async () => {
        await expect(store.getExperiment(asExperimentId('abc'))).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
      });

      test('rename, and a rename to a name that is taken', async () => {
        await store.renameExperiment(experiment, `${uniqueName} renamed`);
        expect((await store.getExperiment(experiment)).name).toBe(`${uniqueName} renamed`);
        const other = await store.createExperiment({ name: `${uniqueName} other` });
        await expect(store.renameExperiment(other, `${uniqueName} renamed`)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      });

      test('deletion takes the runs along, restoring brings all of them back', async () => {
        const first = await newRun();
        const second = await newRun();
        await store.deleteRun(first);
        await store.deleteExperiment(experiment);
        expect((await store.getExperiment(experiment)).lifecycleStage).toBe('deleted');
        expect((await store.getRun(second)).info.lifecycleStage).toBe('deleted');
        await store.restoreExperiment(experiment);
        expect((await store.getRun(first)).info.lifecycleStage).toBe('active');
        expect((await store.getRun(second)).info.lifecycleStage).toBe('active');
      });

      test('a deleted experiment takes no runs and no tags', async () => {
        await store.deleteExperiment(experiment);
        const message = expect.stringContaining("must be in the 'active' state") as string;
        await expect(newRun()).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message });
        await expect(store.setExperimentTag(experiment, { key: 'a', value: 'b' })).rejects.toMatchObject({ message });
        await expect(store.deleteExperiment(experiment)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
      });

      test('search by name and tag, deleted ones only on request', async () => {
        const other = await store.createExperiment({ name: `${uniqueName} other`, tags: [{ key: 'mark', value: uniqueName }] });
        const byTag = await store.searchExperiments({ filter: `tags.mark = '${uniqueName}'`, maxResults: 10 });
        expect(byTag.items.map((item) => item.experimentId)).toEqual([other]);
        await store.deleteExperiment(other);
        const filter = `name LIKE '${uniqueName}%'`;
        const names = async (viewType: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'): Promise<readonly string[]> =>
          (await store.searchExperiments({ filter, viewType, maxResults: 10, orderBy: ['name ASC'] })).items.map((item) => item.name);
        expect(await names('ACTIVE_ONLY')).toEqual([uniqueName]);
        expect(await names('DELETED_ONLY')).toEqual([`${uniqueName} other`]);
        expect(await names('ALL')).toEqual([uniqueName, `${uniqueName} other`]);
      });

      test('pages of experiments follow each other by token', async () => {
        for (const part of ['b', 'c']) await store.createExperiment({ name: `${uniqueName} ${part}` });
        const query = { filter: `name LIKE '${uniqueName}%'`, orderBy: ['name DESC'], maxResults: 2 };
        const first = await store.searchExperiments(query);
        expect(first.items.map((item) => item.name)).toEqual([`${uniqueName} c`, `${uniqueName} b`]);
        const { nextPageToken = 'absent' } = first;
        const second = await store.searchExperiments({ ...query, pageToken: nextPageToken });
        expect(second.items.map((item) => item.name)).toEqual([uniqueName]);
        expect(second.nextPageToken).toBeUndefined();
      });
    });

    describe('runs', () => {
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

      test('NaN is kept, infinities become the largest doubles', async () => {
        const id = await newRun();
        await store.logBatch({
          runId: id,
          metrics: [metric('nan', NaN), metric('inf', Infinity), metric('-inf', -Infinity), metric('tiny', 5e-324)],
        });
        expect(metricsOf(await store.getRun(id))).toEqual({ nan: NaN, inf: Number.MAX_VALUE, '-inf': -Number.MAX_VALUE, tiny: 5e-324 });
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

    describe('search of runs', () => {
      const names = async (): Promise<void> => {
        const values: Record<string, number | undefined> = { a: 1, b: NaN, c: undefined, d: 3, e: 2 };
        for (const [index, [name, value]] of Object.entries(values).entries()) {
          const id = await newRun({ runName: name, startTime: 100 + index, tags: [{ key: 'team', value: name < 'c' ? 'Red' : 'blue' }] });
          await store.logParam(id, { key: 'p', value: name === 'd' ? 'same' : `v-${name}` });
          if (value !== undefined) await store.logMetric(id, metric('m', value));
          if (name === 'e') await store.setTag(id, { key: 'only e', value: '%_' });
        }
      };

      test('values first, then NaN, then runs without the metric, in either direction', async () => {
        await names();
        expect(await search('', ['metrics.m ASC'])).toEqual(['a', 'e', 'd', 'b', 'c']);
        expect(await search('', ['metrics.m DESC'])).toEqual(['d', 'e', 'a', 'b', 'c']);
        expect(await search('')).toEqual(['e', 'd', 'c', 'b', 'a']);
        expect(await search('', ['start_time'])).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(await search('', ['tags.`only e` DESC'])).toEqual(['e', 'd', 'c', 'b', 'a']);
        expect(await search('', ['tags.team', 'params.p DESC'])).toEqual(['b', 'a', 'e', 'c', 'd']);
      });

      test.each([
        ['metrics.m > 1', ['e', 'd']],
        ['metrics.m != 3', ['e', 'b', 'a']],
        ['metrics.m <= 2 AND metrics.m >= 1', ['e', 'a']],
        ['metrics.m = 0', []],
        ["params.p = 'same'", ['d']],
        ["params.p != 'same'", ['e', 'c', 'b', 'a']],
        ["params.P = 'same'", []],
        ["params.p LIKE 'v-%'", ['e', 'c', 'b', 'a']],
        ["params.p ILIKE 'V-_'", ['e', 'c', 'b', 'a']],
        ["tags.team LIKE 'r%'", []],
        ["tags.team ILIKE 'r%'", ['b', 'a']],
        ["tags.`only e` = '%_'", ['e']],
        ['tags.`only e` IS NULL', ['d', 'c', 'b', 'a']],
        ['tags.`only e` is not null', ['e']],
        ["attributes.run_name = 'a'", ['a']],
        ["run_name IN ('a')", 'refused'],
        ["status = 'RUNNING' and start_time > 102", ['e', 'd']],
        ["attributes.`Run name` = 'a'", ['a']],
        ["params.p = 'same' OR params.p = 'x'", 'refused'],
        ["nothing.p = 'same'", 'refused'],
        ['params.p = same', 'refused'],
        ["params.p = 'x'' OR 1=1 --'", 'any'],
      ] as const)('the filter %s', async (filter, expected) => {
        await names();
        const found = await search(filter).catch((error: unknown) => (error as { code?: string }).code);
        if (expected === 'refused') expect(found).toBe('INVALID_PARAMETER_VALUE');
        else if (expected === 'any') expect([[], 'INVALID_PARAMETER_VALUE']).toContainEqual(found);
        else expect(found).toEqual(expected);
      });

      test('pages of runs follow each other by token; a forged one is refused', async () => {
        await names();
        const query = { experimentIds: [experiment], orderBy: ['metrics.m DESC'], maxResults: 3 };
        const first = await store.searchRuns(query);
        expect(first.items.map((run) => run.info.runName)).toEqual(['d', 'e', 'a']);
        const { nextPageToken = 'absent' } = first;
        const second = await store.searchRuns({ ...query, pageToken: nextPageToken });
        expect(second.items.map((run) => run.info.runName)).toEqual(['b', 'c']);
        expect(second.nextPageToken).toBeUndefined();
        await expect(store.searchRuns({ ...query, pageToken: 'forged' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
      });

      test('runs of several experiments, deleted ones only on request, none without an experiment', async () => {
        const other = await store.createExperiment({ name: `${uniqueName} other` });
        const here = await newRun({ runName: 'here', startTime: 2 });
        await store.createRun({ experimentId: other, startTime: 1, runName: 'there', tags: [] });
        const find = async (experimentIds: readonly ExperimentId[], viewType: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'): Promise<readonly string[]> =>
          (await store.searchRuns({ experimentIds, viewType, maxResults: 10 })).items.map((run) => run.info.runName);
        expect(await find([experiment, other], 'ACTIVE_ONLY')).toEqual(['here', 'there']);
        await store.deleteRun(here);
        expect(await find([experiment, other], 'ACTIVE_ONLY')).toEqual(['there']);
        expect(await find([experiment, other], 'DELETED_ONLY')).toEqual(['here']);
        expect(await find([experiment, other], 'ALL')).toEqual(['here', 'there']);
        expect(await find([], 'ALL')).toEqual([]);
      });

      test('a page of no runs, or of too many, is refused', async () => {
        const refused = { code: 'INVALID_PARAMETER_VALUE' };
        await expect(store.searchRuns({ experimentIds: [experiment], maxResults: 0 })).rejects.toMatchObject(refused);
        await expect(store.searchRuns({ experimentIds: [experiment], maxResults: 50_001 })).rejects.toMatchObject(refused);
      });
    });
  });
};
