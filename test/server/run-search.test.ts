import { describe, expect, test } from 'vitest';

import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { metricDirectionTag } from '../../schemas/metric-direction.ts';
import type { RunSearchRequest } from '../../schemas/workbench-api.ts';
import { searchedStores, type SearchedStore } from '../support/run-search-stores.ts';

const experimentId = asExperimentId('0');

interface NewRun {
  readonly name: string;
  readonly parent?: RunId;
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  /** Values of steps 0, 1, 2, … */
  readonly metrics?: Readonly<Record<string, readonly number[]>>;
}

let clock = 1_000;

const addRun = async ({ tracking }: SearchedStore, { name, parent, tags = {}, params = {}, metrics = {} }: NewRun): Promise<RunId> => {
  clock += 1;
  const pairs = { ...tags, ...(parent !== undefined && { 'mlflow.parentRunId': parent }) };
  const { info } = await tracking.createRun({
    experimentId,
    runName: name,
    startTime: clock,
    tags: Object.entries(pairs).map(([key, value]) => ({ key, value })),
  });
  await tracking.logBatch({
    runId: info.runId,
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    metrics: Object.entries(metrics).flatMap(([key, values]) => values.map((value, step) => ({ key, value, step, timestamp: step }))),
  });
  return info.runId;
};

const search = (store: SearchedStore, request: Partial<RunSearchRequest>) =>
  store.search.searchRows({ experimentIds: [experimentId], columns: [], offset: 0, limit: 100, ...request });

const names = async (store: SearchedStore, request: Partial<RunSearchRequest>): Promise<readonly string[]> =>
  (await search(store, request)).rows.map(({ name }) => name);

describe.each(searchedStores)('in %s', (_kind, newStore) => {
  test('runs come as rows with the cells that were asked for, and with their number', async () => {
    const store = newStore();
    await addRun(store, { name: 'old', params: { lr: '0.1' }, metrics: { 'val loss': [3, 1, 2] } });
    const runId = await addRun(store, { name: 'new', tags: { 'mlflow.runColor': '#123456', team: 'red' }, metrics: { 'val loss': [5, Number.NaN] } });
    await store.tracking.updateRun({ runId, status: 'FINISHED', endTime: clock + 50 });
    const columns = ['params.lr', 'tags.team', 'metrics.`val loss`', 'min(metrics."val loss")', 'max(metrics.`val loss`)', 'mean(metrics.`val loss`)'];
    const { total, rows } = await search(store, {
      columns: [...columns, 'at(metrics.`val loss`, 1)', 'attributes.duration', 'attributes.status', 'datasets', 'models'],
      limit: 10,
    });
    expect(total).toBe(2);
    expect(rows).toEqual([
      {
        runId,
        experimentId: '0',
        name: 'new',
        status: 'FINISHED',
        lifecycleStage: 'active',
        startTime: clock,
        endTime: clock + 50,
        children: 0,
        color: '#123456',
        cells: [null, 'red', 'NaN', 5, 5, 5, 'NaN', 50, 'FINISHED', null, null],
      },
      expect.objectContaining({ name: 'old', endTime: null, cells: ['0.1', null, 2, 1, 3, 2, 1, null, 'RUNNING', null, null] }),
    ]);
  });

  test('pages begin anywhere, and the total stays', async () => {
    const store = newStore();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await addRun(store, { name });
    expect(await search(store, { offset: 1, limit: 2 })).toMatchObject({ total: 5, rows: [{ name: 'd' }, { name: 'c' }] });
    expect(await search(store, { offset: 7, limit: 2 })).toEqual({ total: 5, rows: [] });
  });

  test('values come first, then NaN, then runs without one, in both directions; the newest first among equals', async () => {
    const store = newStore();
    for (const [name, values] of Object.entries({ none: [], nan: [Number.NaN], one: [1], two: [2], again: [1] }))
      await addRun(store, { name, metrics: { m: values } });
    expect(await names(store, { orderBy: ['metrics.m'] })).toEqual(['again', 'one', 'two', 'nan', 'none']);
    expect(await names(store, { orderBy: ['metrics.m DESC'] })).toEqual(['two', 'again', 'one', 'nan', 'none']);
    expect(await names(store, { orderBy: ['at(metrics.m, 0) desc'] })).toEqual(['two', 'again', 'one', 'nan', 'none']);
    expect(await names(store, { orderBy: ['max(metrics.m) DESC', 'attributes.start_time ASC'] })).toEqual(['two', 'one', 'again', 'none', 'nan']);
  });

  test('best follows what the experiment says of the metric, and else its name', async () => {
    const store = newStore();
    await addRun(store, { name: 'r', metrics: { loss: [2, 1, 3], score: [2, 1, 3] } });
    const columns = ['best(metrics.loss)', 'best(metrics.score)'];
    expect((await search(store, { columns })).rows[0]?.cells).toEqual([1, 3]);
    await store.tracking.setExperimentTag(experimentId, { key: metricDirectionTag('score'), value: 'lower' });
    expect((await search(store, { columns })).rows[0]?.cells).toEqual([1, 1]);
  });

  test('nested runs are below their parent, or at the top when it does not match', async () => {
    const store = newStore();
    const parent = await addRun(store, { name: 'parent' });
    const child = await addRun(store, { name: 'child', parent, params: { lr: '1' } });
    await addRun(store, { name: 'grandchild', parent: child, params: { lr: '1' } });
    await addRun(store, { name: 'alone' });
    expect((await search(store, { nesting: 'top' })).rows.map(({ name, children }) => [name, children])).toEqual([
      ['alone', 0],
      ['parent', 1],
    ]);
    expect(await search(store, { nesting: { childrenOf: parent } })).toMatchObject({ total: 1, rows: [{ name: 'child', parentRunId: parent, children: 1 }] });
    expect(await names(store, { nesting: 'top', filter: "params.lr = '1'" })).toEqual(['child']);
    await store.tracking.deleteRun(parent);
    expect(await names(store, { nesting: 'top' })).toEqual(['alone', 'child']);
    expect(await names(store, { nesting: 'top', viewType: 'DELETED_ONLY' })).toEqual(['parent']);
    expect((await search(store, { nesting: 'all', viewType: 'ALL' })).total).toBe(4);
  });

  test.each([
    [{ limit: 0 }, "Invalid value 0 for parameter 'limit'"],
    [{ limit: 1001 }, 'it must be from 1 to 1000'],
    [{ columns: ['loss/x'] }, "Invalid column 'loss/x'"],
    [{ columns: ['best(params.lr)'] }, 'best(…) takes a metric'],
    [{ columns: ['at(metrics.m)'] }, 'at(…) takes a metric and a step'],
    [{ columns: ['median(metrics.m)'] }, "Unknown function 'median'"],
    [{ columns: ['metrics.m; DROP TABLE runs'] }, 'Invalid column'],
    [{ columns: ['dataset.name'] }, "their column is 'datasets'"],
    [{ orderBy: ['metrics.m SIDEWAYS'] }, 'Invalid column'],
    [{ experimentIds: ['x'] }, "Invalid experiment ID 'x'"],
  ])('%j is refused in words', async (request, message) => {
    await expect(search(newStore(), request)).rejects.toThrow(message);
  });

  test('a filter has OR, NOT, brackets, regular expressions and functions', async () => {
    const store = newStore();
    await addRun(store, { name: 'a', params: { model: 'bert-large' }, metrics: { loss: [3, 1, 2] } });
    await addRun(store, { name: 'b', params: { model: 'gpt-2' }, metrics: { loss: [9, Number.NaN] } });
    await addRun(store, { name: 'c' });
    expect(await names(store, { filter: "params.model =~ 'large$' OR params.model = 'gpt-2'" })).toEqual(['b', 'a']);
    expect(await names(store, { filter: "NOT params.model =~ '^bert'" })).toEqual(['c', 'b']);
    expect(await names(store, { filter: "params.model !~ '^bert'" })).toEqual(['b']);
    expect(await names(store, { filter: 'best(metrics.loss) <= 1 AND (max(metrics.loss) = 3 OR mean(metrics.loss) > 100)' })).toEqual(['a']);
    expect(await names(store, { filter: 'at(metrics.loss, 1) != 7' })).toEqual(['b', 'a']);
    expect(await names(store, { filter: 'at(metrics.loss, 1) IS NOT NULL AND NOT at(metrics.loss, 1) < 7' })).toEqual(['b']);
    await expect(names(store, { filter: "params.model =~ '('" })).rejects.toThrow("Invalid regular expression '('");
    await expect(names(store, { filter: "params.model = 'x' OR" })).rejects.toThrow('A comparison is missing here.');
  });

  test('runs are grouped by what they have, with the statistics of a column', async () => {
    const store = newStore();
    for (const [lr, loss] of [
      ['0.5', 1],
      ['0.5', 3],
      ['10', 5],
    ] as const)
      await addRun(store, { name: 'r', params: { lr }, metrics: { loss: [loss] } });
    await addRun(store, { name: 'r' });
    const request = { experimentIds: [experimentId], by: ['params.lr'], columns: ['metrics.loss'], offset: 0, limit: 10 };
    expect(await store.search.groupRows(request)).toEqual({
      total: 3,
      groups: [
        { values: ['0.5'], runs: 2, cells: [{ count: 2, mean: 2, std: Math.SQRT2, min: 1, max: 3 }] },
        { values: ['10'], runs: 1, cells: [{ count: 1, mean: 5, std: null, min: 5, max: 5 }] },
        { values: [null], runs: 1, cells: [{ count: 0, mean: null, std: null, min: null, max: null }] },
      ],
    });
    const values = async (orderBy: readonly string[]) => (await store.search.groupRows({ ...request, orderBy })).groups.map((group) => group.values[0]);
    expect(await values(['metrics.loss DESC'])).toEqual(['10', '0.5', null]);
    expect(await values(['runs DESC', 'params.lr DESC'])).toEqual(['0.5', '10', null]);
    await expect(values(['metrics.other'])).rejects.toThrow('Groups can be ordered by');
    await expect(store.search.groupRows({ ...request, by: [] })).rejects.toThrow('grouped by 1 to 5 columns');
  });

  test('facets tell keys, ranges, values and their numbers', async () => {
    const store = newStore();
    await addRun(store, { name: 'a', params: { lr: '1' }, tags: { team: 'red' }, metrics: { loss: [1], acc: [Number.NaN] } });
    const runId = await addRun(store, { name: 'b', params: { lr: '2' }, tags: { team: 'red' }, metrics: { loss: [7, 3] } });
    await store.tracking.logInputs(runId, [{ dataset: { name: 'wine', digest: 'd1', sourceType: 'local', source: '{}' }, tags: [] }]);
    const facets = await store.search.facets({ experimentIds: [experimentId] });
    expect(facets).toMatchObject({
      runs: 2,
      metrics: [
        { key: 'acc', runs: 1, min: null, max: null },
        { key: 'loss', runs: 2, min: 1, max: 3 },
      ],
      params: [
        {
          key: 'lr',
          runs: 2,
          distinct: 2,
          values: [
            { value: '1', runs: 1 },
            { value: '2', runs: 1 },
          ],
        },
      ],
      statuses: [{ status: 'RUNNING', runs: 2 }],
      datasets: [{ name: 'wine', digest: 'd1', runs: 1 }],
    });
    expect(facets.tags.find(({ key }) => key === 'team')).toEqual({ key: 'team', runs: 2, distinct: 1, values: [{ value: 'red', runs: 2 }] });
    expect((await search(store, { columns: ['datasets'] })).rows[0]?.cells).toEqual(['wine (d1)']);
  });
});
