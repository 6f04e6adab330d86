import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

import { asExperimentId, type ExperimentId, type RunId } from '../../schemas/ids.ts';
import { problemTag, type Run } from '../../extension/tracking/run.ts';
import { fileStoresOf, newFileStores, type FileStores } from '../support/file-store.ts';

const problemOf = (run: Run): string | undefined => run.tags.find(({ key }) => key === problemTag)?.value;

describe('a folder of which something is broken is one warning, and hides nothing else', () => {
  let stores: FileStores;
  let experimentId: ExperimentId;
  let broken: RunId;
  let good: RunId;
  let folder: string;

  beforeEach(async () => {
    stores = newFileStores();
    experimentId = await stores.tracking.createExperiment({ name: 'wine' });
    const create = async (runName: string, startTime: number) => (await stores.tracking.createRun({ experimentId, runName, startTime, tags: [] })).info.runId;
    [broken, good] = [await create('broken', 2), await create('good', 1)];
    for (const runId of [broken, good]) await stores.tracking.logMetric(runId, { key: 'm', value: 1, timestamp: 5, step: 0 });
    folder = join(stores.root, experimentId, broken);
  });

  /** By a store that knows nothing yet, and by the one that has seen all of it whole. */
  const search = async (): Promise<readonly Run[]> => {
    const searches = [fileStoresOf(stores.root), stores].map(({ tracking }) => tracking.searchRuns({ experimentIds: [experimentId], maxResults: 10 }));
    const [fresh, known] = await Promise.all(searches);
    expect(known).toEqual(fresh);
    return fresh?.items ?? [];
  };

  const expectOneWarning = async (problem: string | RegExp): Promise<Run | undefined> => {
    const runs = await search();
    expect(runs).toHaveLength(2);
    const [bad, whole] = [runs.find(({ info }) => info.runId === broken), runs.find(({ info }) => info.runId === good)];
    expect(whole).toMatchObject({ info: { runName: 'good' }, latestMetrics: [{ key: 'm', value: 1 }] });
    expect(whole && problemOf(whole)).toBeUndefined();
    expect(bad && problemOf(bad)).toMatch(problem);
    return bad;
  };

  const meta = (): string => join(folder, 'meta.yaml');

  test.each([
    ['is missing', undefined, 'meta.yaml is missing'],
    ['is empty', '', 'meta.yaml cannot be read: it is empty'],
    ['is half written', 'artifact_uri: file:///x\nend_time: nu', /is of the run ''/],
    ['is cut in a quote', "experiment_id: '0", /meta\.yaml cannot be read/],
    ['is no mapping', '- a\n- b\n', 'meta.yaml cannot be read: it is not a mapping of keys to values'],
    ['is binary', '\u0000\u0001\u0002', /meta\.yaml cannot be read/],
    ['is a bomb of aliases', `a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n`, /is of the run ''/],
    ['is nested beyond measure', `a: ${'['.repeat(5000)}`, /meta\.yaml cannot be read/],
  ])('a meta.yaml that %s', async (_what, content, problem) => {
    if (content === undefined) rmSync(meta());
    else writeFileSync(meta(), content);
    const run = await expectOneWarning(problem);
    expect(run?.info.runName).toBe(`${broken} (cannot be read)`);
    await expect(stores.tracking.setTag(broken, { key: 'a', value: 'b' })).rejects.toMatchObject({
      code: content === undefined ? /RESOURCE|INVALID/ : 'INVALID_STATE',
    });
  });

  const rewrite = (change: string): void => {
    const fields = { experiment_id: `'${experimentId}'`, run_id: broken, status: '3', start_time: '2', ...(JSON.parse(change) as object) };
    writeFileSync(
      meta(),
      Object.entries(fields)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(''),
    );
  };

  test.each([
    ['of another run', '{"run_id":"other"}', "meta.yaml is of the run 'other'"],
    ['of another experiment', '{"experiment_id":"\'7\'"}', "meta.yaml is of a run of experiment '7'"],
    ['with a status that is none', '{"status":"9"}', 'meta.yaml has a status that MLflow does not know'],
    ['with a status that is a list', '{"status":"[1]"}', 'meta.yaml has a status that MLflow does not know'],
    ['with a time that is none', '{"start_time":"yesterday"}', 'meta.yaml: start_time is no time'],
    ['with times that are none', '{"start_time":"{}","end_time":"[]"}', 'meta.yaml: start_time and end_time are no times'],
  ])('a meta.yaml %s', async (_what, change, problem) => {
    rewrite(change);
    await expectOneWarning(problem);
  });

  test('old and unknown fields are fine: run_uuid, name, an id without quotes, no status, no stage', async () => {
    writeFileSync(meta(), `experiment_id: ${experimentId}\nrun_uuid: ${broken}\nname: old\nstart_time: 2\nsomething_new:\n  deep: [1]\n`);
    const run = (await search()).find(({ info }) => info.runId === broken);
    expect(run?.info).toMatchObject({ runName: 'old', status: 'RUNNING', lifecycleStage: 'active', experimentId });
    expect(run && problemOf(run)).toBeUndefined();
  });

  const metric = (): string => join(folder, 'metrics', 'm');
  const longAgo = (path: string): void => utimesSync(path, 1, 1);

  test.each([
    ['1 field', '17\n', 'metrics/m: a line is malformed'],
    ['4 fields', '1 2 3 4\nx y z\n', 'metrics/m: 2 lines are malformed'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x0a]), 'metrics/m: a line is malformed'],
    ['a value that is no number', '5 abc 0\n', 'metrics/m: a line is malformed'],
  ])('a line of a metric with %s: the others count', async (_what, line, problem) => {
    appendFileSync(metric(), line);
    expect((await expectOneWarning(problem))?.latestMetrics).toMatchObject([{ key: 'm', value: 1 }]);
  });

  test.each([
    ['two fields, as old releases wrote', '9 2.5\n', { value: 2.5, timestamp: 9, step: 0 }],
    ['nan', '9 nan 3\n', { value: NaN, step: 3 }],
    ['infinities', '9 -inf 3\n', { value: -Infinity, step: 3 }],
    ['more than a double can hold', '9 1e400 3\n', { value: Infinity, step: 3 }],
    ['a dataset', '9 4.5 3 wine d1\n', { value: 4.5, step: 3, datasetName: 'wine', datasetDigest: 'd1' }],
  ])('a line of a metric with %s', async (_what, line, expected) => {
    appendFileSync(metric(), line);
    expect((await stores.tracking.getRun(broken)).latestMetrics).toMatchObject([expected]);
  });

  test('a last line that is being written waits for its end; one that nobody goes on with counts', async () => {
    appendFileSync(metric(), '9 2.5 1');
    expect((await stores.tracking.getMetricHistory({ runId: broken, key: 'm' })).items).toHaveLength(1);
    appendFileSync(metric(), '2\n');
    expect((await stores.tracking.getMetricHistory({ runId: broken, key: 'm' })).items).toMatchObject([{ step: 0 }, { step: 12 }]);
    appendFileSync(metric(), '10 3 13');
    longAgo(metric());
    expect((await stores.tracking.getMetricHistory({ runId: broken, key: 'm' })).items).toHaveLength(3);
  });

  test('what is logged after a line that a crash left without its end is a line of its own', async () => {
    appendFileSync(metric(), '9 2.5 1');
    await stores.tracking.logMetric(broken, { key: 'm', value: 7, timestamp: 10, step: 2 });
    expect((await stores.tracking.getMetricHistory({ runId: broken, key: 'm' })).items).toMatchObject([{ value: 1 }, { value: 2.5 }, { value: 7 }]);
  });

  test('a metric file that was cut or replaced is read anew', async () => {
    await stores.tracking.logMetric(broken, { key: 'm', value: 2, timestamp: 6, step: 1 });
    expect((await stores.tracking.getRun(broken)).latestMetrics).toMatchObject([{ value: 2 }]);
    writeFileSync(metric(), '5 9 0\n');
    expect((await stores.tracking.getRun(broken)).latestMetrics).toMatchObject([{ value: 9 }]);
    writeFileSync(`${metric()}2`, '5 8 0\n5 8 1\n5 8 2\n');
    renameSync(`${metric()}2`, metric());
    expect((await stores.tracking.getRun(broken)).latestMetrics).toMatchObject([{ value: 8, step: 2 }]);
  });

  test('a param that is not text in UTF-8', async () => {
    writeFileSync(join(folder, 'params', 'p'), Buffer.from([0x61, 0xff, 0x62]));
    expect((await expectOneWarning('p is not text in UTF-8'))?.params).toEqual([{ key: 'p', value: 'a\ufffdb' }]);
  });

  test('links that lead in circles or elsewhere are not followed', async () => {
    symlinkSync(folder, join(folder, 'metrics', 'loop'));
    symlinkSync('/etc/passwd', join(folder, 'params', 'secret'));
    const run = (await search()).find(({ info }) => info.runId === broken);
    expect(run?.params).toEqual([]);
    expect(run?.latestMetrics).toHaveLength(1);
  });

  test('a run folder that is gone is gone, and one that is no run is none', async () => {
    rmSync(folder, { recursive: true });
    mkdirSync(join(stores.root, experimentId, 'not-a-run', 'artifacts'), { recursive: true });
    mkdirSync(join(stores.root, experimentId, 'artifacts'), { recursive: true });
    writeFileSync(join(stores.root, experimentId, 'artifacts', 'meta.yaml'), `run_id: artifacts\nexperiment_id: ${experimentId}\n`);
    expect((await search()).map(({ info }) => info.runName)).toEqual(['good']);
    await expect(stores.tracking.getRun(broken)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  });

  test('ids beyond 2^53 and their neighbours are different experiments', async () => {
    const ids = ['900719925474099267', '900719925474099268'];
    for (const id of ids) {
      mkdirSync(join(stores.root, id));
      writeFileSync(join(stores.root, id, 'meta.yaml'), `experiment_id: ${id}\nname: of ${id}\nlifecycle_stage: active\n`);
    }
    for (const id of ids) expect((await stores.tracking.getExperiment(asExperimentId(id))).name).toBe(`of ${id}`);
  });

  test('an experiment whose meta.yaml cannot be read is told, and its runs are there', async () => {
    writeFileSync(join(stores.root, experimentId, 'meta.yaml'), 'name: [');
    const { items } = await fileStoresOf(stores.root).tracking.searchExperiments({ maxResults: 10 });
    expect(items.map(({ name }) => name).toSorted()).toEqual([`${experimentId} (cannot be read)`, 'Default'].toSorted());
    expect((await search()).map(({ info }) => info.runName)).toEqual(['broken', 'good']);
    rmSync(join(stores.root, experimentId, 'meta.yaml'));
    expect((await fileStoresOf(stores.root).tracking.searchExperiments({ maxResults: 10 })).items).toHaveLength(2);
  });

  test('folders beside an mlflow.db hold artifacts only, and are no experiments', async () => {
    mkdirSync(join(stores.root, '5', 'a'.repeat(32), 'artifacts'), { recursive: true });
    expect((await stores.tracking.searchExperiments({ maxResults: 10 })).items.map(({ experimentId: id }) => id)).not.toContain('5');
  });

  test('a key that is the beginning of another one is refused in words', async () => {
    await stores.tracking.setTag(good, { key: 'a', value: '1' });
    await expect(stores.tracking.setTag(good, { key: 'a/b', value: '1' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringContaining("a key with '/' in it and its beginning cannot both be keys") as string,
    });
  });

  test('what another program writes is found in a store that has been read before', async () => {
    const other = fileStoresOf(stores.root);
    await stores.tracking.setTag(good, { key: 'mlflow.note.content', value: 'one' });
    await stores.tracking.updateRun({ runId: good, status: 'FINISHED', endTime: 5 });
    await search();
    await other.tracking.setTag(good, { key: 'late', value: 'one' });
    await other.tracking.setTag(good, { key: 'mlflow.note.content', value: 'two' });
    await other.tracking.logMetric(good, { key: 'm', value: 5, timestamp: 6, step: 1 });
    await other.tracking.updateRun({ runId: broken, status: 'FINISHED', endTime: 7 });
    const filter = "tags.late = 'one' AND tags.mlflow.note.content = 'two' AND metrics.m = 5";
    expect((await stores.tracking.searchRuns({ experimentIds: [experimentId], filter, maxResults: 10 })).items.map(({ info }) => info.runId)).toEqual([good]);
    expect((await search()).map(({ info }) => info.status)).toEqual(['FINISHED', 'FINISHED']);
    await other.tracking.deleteExperiment(experimentId);
    expect((await stores.tracking.getRun(good)).info.lifecycleStage).toBe('deleted');
  });
});
