import { describe, expect, test } from 'vitest';

import { colorRun } from '../../extension/tracking/color-runs.ts';
import { saidDirections, sayDirection } from '../../extension/tracking/metric-directions.ts';
import { problemsOf, readAllRows, readChosenRows, readGroups, readRows, readSomeRows, type RunsPlace } from '../../extension/tracking/read-run-rows.ts';
import { RestRunRows } from '../../extension/tracking/rest-run-rows.ts';
import { toTsv, writeRows, type RowsTable } from '../../extension/tracking/run-rows-text.ts';
import { toSearchRequest } from '../../extension/tracking/runs-query.ts';
import { newViewFile, readViewFile, unreadableView } from '../../extension/tracking/view-file.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';
import schema from '../../schemas/runs-view.schema.json' with { type: 'json' };
import type { RunsQuery } from '../../schemas/runs-protocol.ts';
import { columnId, columnTitle, readColumn } from '../../schemas/runs-columns.ts';
import { defaultRunsView, type RunsView } from '../../schemas/runs-view.ts';
import { newAppStore } from '../support/app-store.ts';

const query: RunsQuery = { filter: '', deleted: false, nesting: 'top', orderBy: [], columns: [] };
const experimentIds = ['0'];

/** Runs named by their number, of three rates, the last of them a child of the first. */
const newPlace = async (count: number): Promise<RunsPlace & { readonly runIds: readonly string[] }> => {
  const { store } = newAppStore();
  const runIds: string[] = [];
  for (let index = 0; index < count; index++) {
    const isChild = index === count - 1;
    const tags = isChild ? [{ key: 'mlflow.parentRunId', value: runIds[0] ?? '' }] : [];
    const { info } = await store.tracking.createRun({ experimentId: asExperimentId('0'), runName: `run ${index}`, startTime: index + 1, tags });
    const params = [{ key: 'rate', value: ['0.1', "it's", `"both" it's`][index % 3] ?? '' }];
    await store.tracking.logBatch({ runId: info.runId, params, metrics: [{ key: 'loss', value: index, step: 0, timestamp: 1 }] });
    runIds.push(info.runId);
  }
  return { store, experimentIds, runIds };
};

describe('The rows of a table', () => {
  test('leave out runs that came later, and are found by their ids wherever they are nested', async () => {
    const place = await newPlace(5);
    const child = place.runIds[4] ?? '';
    const all = await readRows(place, { query, offset: 0, limit: 10 });
    expect(all.rows.map(({ name, children }) => [name, children])).toEqual([
      ['run 3', 0],
      ['run 2', 0],
      ['run 1', 0],
      ['run 0', 1],
    ]);
    const without = await readRows(place, { query, offset: 0, limit: 10, except: [place.runIds[3] ?? ''] });
    expect(without).toMatchObject({ total: 3, totalIsKnown: true });
    expect((await readSomeRows(place, query, [child, 'gone'])).map(({ name }) => name)).toEqual(['run 4']);
    const filtered = { ...query, filter: 'metrics.loss < 2', columns: ['at(metrics.loss, 0)', 'at(metrics.loss, 1)'] };
    expect((await readSomeRows(place, filtered, place.runIds)).map(({ name }) => name)).toEqual(['run 0', 'run 1']);
    const chosen = await readChosenRows(place, filtered, place.runIds.slice(1, 3));
    expect(chosen.map(({ name, cells }) => [name, cells])).toEqual([
      ['run 1', [1, null]],
      ['run 2', [2, null]],
    ]);
  });

  test('of each group are those of its value, whatever quotes it has', async () => {
    const place = await newPlace(6);
    const { groups } = await readGroups(place, { query: { ...query, columns: ['metrics.loss'] }, by: ['params.rate'], offset: 0, limit: 10 });
    expect(groups.map(({ values, runs }) => [values[0], runs]).toSorted()).toEqual([
      [`"both" it's`, 2],
      ['0.1', 2],
      ["it's", 2],
    ]);
    for (const { values, runs } of groups) {
      const within = [{ column: 'params.rate', value: values[0] ?? null }];
      expect(await readRows(place, { query: { ...query, nesting: 'all', within }, offset: 0, limit: 10 })).toMatchObject({ total: runs });
    }
  });

  test('are grouped here where the server cannot, and that is said', async () => {
    const { store, ...place } = await newPlace(4);
    const { groupRows: _, ...others } = store;
    const plain: RunsPlace = {
      ...place,
      store: { ...others, searchRows: async (request, signal) => new RestRunRows(store.tracking).searchRows(request, signal) },
    };
    const { groups, notes } = await readGroups(plain, { query: { ...query, columns: ['metrics.loss'] }, by: ['params.rate'], offset: 0, limit: 10 });
    expect(groups.find(({ values }) => values[0] === '0.1')).toMatchObject({ runs: 2, cells: [{ count: 2, mean: 1.5 }] });
    expect(notes).toEqual([]);
    expect((await readRows(plain, { query, offset: 0, limit: 10 })).rows).toHaveLength(4);
  });

  test('are all read, page by page', async () => {
    const place = await newPlace(4);
    const counts: number[] = [];
    expect(await readAllRows(place, query, (count) => counts.push(count))).toHaveLength(4);
    expect(counts).toEqual([4]);
  });

  test('are asked for with brackets only where a filter has an OR of its own', () => {
    const filterOf = (filter: string): string | undefined =>
      toSearchRequest({ ...query, filter }, { experimentIds, offset: 0, limit: 1, clauses: ["attributes.run_id IN ('a')"] }).filter;
    expect(filterOf("params.a = 'this or that'")).toBe("params.a = 'this or that' AND attributes.run_id IN ('a')");
    expect(filterOf("params.a = '1' or params.b = '2'")).toBe("(params.a = '1' or params.b = '2') AND attributes.run_id IN ('a')");
    expect(filterOf('')).toBe("attributes.run_id IN ('a')");
  });

  test('have filters whose mistakes are told with their places, also what only other servers know', async () => {
    const { store } = await newPlace(1);
    const { groupRows: _, ...plain } = store;
    const either = "metrics.loss < 1 OR params.rate = '0.1'";
    expect(problemsOf(either, store)).toEqual([]);
    expect(problemsOf('metrics.loss < 1 AND params.rate ~~ 3', store)).toMatchObject([{ start: expect.toSatisfy((start: number) => start >= 21) }]);
    expect(problemsOf(either, plain)).toMatchObject([{ start: 0, end: either.length, message: expect.stringMatching(/^This server knows only MLflow's own/) }]);
  });

  test('of a filter with an OR of its own are still those of the group', async () => {
    const place = await newPlace(6);
    const within = [{ column: 'params.rate', value: '0.1' }];
    const reply = await readRows(place, { query: { ...query, nesting: 'all', filter: 'metrics.loss < 1 OR metrics.loss > 4', within }, offset: 0, limit: 10 });
    expect(reply.rows.map(({ name }) => name)).toEqual(['run 0']);
  });
});

describe('What a person says', () => {
  test('of a metric is kept with the experiment, and is what best means', async () => {
    const { store, runIds } = await newPlace(1);
    const [runId] = runIds;
    await store.tracking.logMetric(asRunId(runId ?? ''), { key: 'loss', value: 9, step: 1, timestamp: 2 });
    const best = async () =>
      (await readRows({ store, experimentIds }, { query: { ...query, columns: ['best(metrics.loss)'] }, offset: 0, limit: 1 })).rows[0]?.cells;
    expect(await best()).toEqual([0]);
    await sayDirection(store.tracking, [asExperimentId('0')], { key: 'loss', direction: 'higher' });
    expect(await best()).toEqual([9]);
    expect(saidDirections([await store.tracking.getExperiment(asExperimentId('0'))])).toEqual({ loss: 'higher' });
  });

  test('of the colour of a run is a tag, and can be taken back', async () => {
    const { store, runIds } = await newPlace(1);
    const runId = asRunId(runIds[0] ?? '');
    const colorOf = async () => (await readRows({ store, experimentIds }, { query, offset: 0, limit: 1 })).rows[0]?.color;
    await colorRun(store.tracking, runId, '#12ab34');
    expect(await colorOf()).toBe('#12ab34');
    await colorRun(store.tracking, runId, null);
    await colorRun(store.tracking, runId, null);
    expect(await colorOf()).toBeUndefined();
    await expect(colorRun(store.tracking, runId, 'url(x)')).rejects.toThrow("'url(x)' is no colour");
  });
});

describe('A column', () => {
  test.each(['params.lr', 'metrics.`val/loss`', 'best(metrics.loss)', 'tags.`mlflow.user`', 'attributes.duration', 'datasets'])('%s is what it was', (id) => {
    const column = readColumn(id);
    expect(column && columnId(column)).toBe(id);
  });

  test('has quotes around what is no plain name, and a title for people', () => {
    expect(columnId({ kind: 'params', key: 'a`b' })).toBe('params."a`b"');
    expect(columnId({ kind: 'params', key: 'a`"b' })).toBeUndefined();
    expect(readColumn('metrics.val/loss')).toEqual({ kind: 'metrics', key: 'val/loss', value: 'last' });
    expect(readColumn('best(params.lr)')).toBeUndefined();
    expect(readColumn('at(metrics.`a, b`, -7)')).toEqual({ kind: 'metrics', key: 'a, b', value: 'at', step: -7 });
    for (const no of ['at(metrics.loss)', 'at(params.lr, 1)', 'at(metrics.loss, 1.5)', 'at(best(metrics.loss), 1)', 'at(metrics.loss, 9007199254740993)'])
      expect(readColumn(no)).toBeUndefined();
    expect(columnTitle({ kind: 'metrics', key: 'loss', value: 'at', step: 1000 })).toBe('loss at step 1,000');
    expect(readColumn('nonsense')).toBeUndefined();
    expect(columnTitle({ kind: 'metrics', key: 'loss', value: 'best' })).toBe('best loss');
    expect(columnTitle({ kind: 'params', key: 'constructor' })).toBe('constructor');
  });
});

describe('A saved view', () => {
  const view: RunsView = {
    ...defaultRunsView,
    filter: "tags.team = 'red'",
    groupBy: ['params.lr'],
    sort: [{ column: 'metrics.loss', descending: false }],
    columns: [{ id: 'metrics.loss', width: 120, pinned: true }, { id: 'params.lr' }],
  };

  test('comes back as it was written', () => {
    expect(readViewFile(newViewFile(view))).toEqual({ view, problems: [] });
  });

  test('written by hand may name columns alone, and tells mistakes with their lines', () => {
    const text = '{\n "version": 1,\n // ours\n "columns": ["params.lr",\n  "params"],\n "sort": [{ "column": "datasets" }],\n "nested": "no" }';
    const { view: read, problems } = readViewFile(text);
    expect(read.columns).toEqual([{ id: 'params.lr' }]);
    expect(problems).toEqual([
      { line: 5, message: expect.stringMatching(/^"params" is no column/) },
      { line: 7, message: '"nested" must be true or false' },
      { line: 6, message: expect.stringMatching(/^"datasets" is no column/) },
    ]);
  });

  test('of a newer version is refused in words, whole', () => {
    const { view: read, problems } = readViewFile(newViewFile(view).replace('"version": 1', '"version": 2'));
    expect(read).toEqual(defaultRunsView);
    expect(problems).toEqual([
      { line: 2, message: expect.stringMatching(/^This view was saved by a newer MLflow Workbench \(version 2, .* update the extension/) },
    ]);
  });

  test('whose file cannot be read is there with the reason', () => {
    expect(unreadableView(new Error('EACCES: permission denied'))).toEqual({
      view: defaultRunsView,
      problems: [{ line: 1, message: 'The file cannot be read: EACCES: permission denied' }],
    });
  });

  test('is as its schema says, which the editor of files follows', () => {
    const written = JSON.parse(newViewFile(view)) as Readonly<Record<string, unknown>>;
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(written)));
    const pattern = new RegExp(schema.definitions.column.pattern);
    for (const id of ['params.lr', 'metrics.`val/loss`', 'best(metrics.loss)', 'at(metrics.loss, 100)', 'tags.`mlflow.user`', 'attributes.status', 'models'])
      expect([id, pattern.test(id), readColumn(id) !== undefined]).toEqual([id, true, true]);
    for (const id of ['loss', 'best(params.lr)', 'at(metrics.loss)']) expect([id, pattern.test(id), readColumn(id)]).toEqual([id, false, undefined]);
  });

  test.each(['', '[]', 'null', '{', '{"version":1,"columns":7}', `{"version":1,"columns":${'['.repeat(200)}`])('that is %j is no crash', (text) => {
    expect(readViewFile(text).problems.length).toBeGreaterThan(0);
  });
});

describe('Rows for other programs', () => {
  const table: RowsTable = {
    columns: ['params.cmd', 'metrics.loss', 'attributes.start_time'],
    experiments: new Map([['1', 'wine']]),
    rows: [
      {
        runId: 'r1',
        experimentId: '1',
        name: '=HYPERLINK("x")',
        status: 'FINISHED',
        lifecycleStage: 'active',
        startTime: 0,
        endTime: null,
        children: 0,
        cells: ['a,"b"\n| c', 0.1 + 0.2, 0],
      },
      {
        runId: 'r2',
        experimentId: '2',
        name: 'plain',
        status: 'RUNNING',
        lifecycleStage: 'active',
        startTime: null,
        endTime: null,
        children: 0,
        cells: [null, 'NaN', null],
      },
    ],
  };

  test('are CSV with formulas made harmless and every digit', () => {
    expect(writeRows(table, 'csv')).toBe(
      'name,run_id,experiment,params.cmd,metrics.loss,attributes.start_time\r\n' +
        '"\'=HYPERLINK(""x"")",r1,wine,"a,""b""\n| c",0.30000000000000004,1970-01-01T00:00:00.000Z\r\n' +
        'plain,r2,2,,NaN,\r\n',
    );
  });

  test('are one line each on the clipboard', () => {
    expect(toTsv(table).split('\n')[1]).toBe('\'=HYPERLINK("x")\tr1\twine\ta,"b" | c\t0.30000000000000004\t1970-01-01T00:00:00.000Z');
  });

  test('are JSON with numbers, and Markdown that stays a table', () => {
    expect(JSON.parse(writeRows(table, 'json'))[0]).toMatchObject({ name: '=HYPERLINK("x")', 'metrics.loss': 0.1 + 0.2 });
    const lines = writeRows(table, 'md').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain('a,"b" \\| c');
  });
});
