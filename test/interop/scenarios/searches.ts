import { pick, type Replay } from '../../support/replay.ts';
import { newRun } from './runs.ts';

const filters = [
  '',
  ' ',
  'metrics.m > 1',
  'metric.m>=1',
  'metrics.m < 2 AND metrics.n > 0',
  'metrics.m != 3',
  'metrics.m = 0',
  'metrics.m != 0',
  'metrics.m > -1',
  'metrics.m > 1e-3',
  'metrics.m > .5',
  'metrics.m > 1e400',
  'metrics.m = 1.',
  'metrics.m > +1',
  'metrics.m > NaN',
  'metrics.m > 0x10',
  "metrics.m = 'a'",
  'metrics.m > "1"',
  'metrics.m LIKE 1',
  'metrics.m IS NULL',
  'metrics.m IN (1)',
  'metrics.`a b` = 1',
  'metrics."a/b" > 1',
  "metrics.'a/b' > 1",
  'metrics.a/b > 1',
  'metrics.a-b > 1',
  'metrics.a b > 1',
  'metrics.a:b > 1',
  'metrics.a@b > 1',
  'metrics.1 > 0',
  'metrics.a.b = 1',
  'metrics.`a`.b > 1',
  'metrics. m > 1',
  'metrics .m > 1',
  'metrics > 1',
  "params.p = 'A'",
  'params.p = "A"',
  "param.p != 'A'",
  "parameter.p LIKE 'a%'",
  "parameters.p ilike 'A_'",
  "params.P = 'A'",
  "params.p = 'A' AND params.p = 'D'",
  'params.p = 1',
  'params.p = A',
  'params.p = `A`',
  "params.p > 'A'",
  'params.p IS NULL',
  'params.p is not null',
  "params.p IN ('A')",
  "params.p NOT LIKE 'A'",
  "params.p <> 'A'",
  "params.p == 'A'",
  "params.p = 'it''s'",
  "params.p = 'a\\'b'",
  "params.p = ''",
  'params.p = NULL',
  "params.p RLIKE 'A'",
  "params.p = 'x' 'y'",
  "params.p = ('A')",
  "tags.mlflow.source.name = 'a.py'",
  "tag.t = 'x'",
  "tags.t != 'x'",
  'tags.t IS NULL',
  'tags.`weird key` = "1"',
  "tags.'weird key' = '1'",
  "tags.t LIKE '%'",
  "tags.mlflow.runName = 'run a'",
  "attributes.status = 'RUNNING'",
  "attr.status != 'RUNNING'",
  "run.status = 'FINISHED'",
  "status = 'RUNNING'",
  "status LIKE 'F%'",
  "status ILIKE 'f%'",
  "status > 'a'",
  'status = RUNNING',
  "user_id = 'ada'",
  "artifact_uri LIKE '%artifacts'",
  'start_time > 2',
  "start_time > '2'",
  'start_time > 2.5',
  'created <= 3',
  'Created > 0',
  'end_time > 0',
  'start_time LIKE 1',
  'start_time IN (1)',
  'start_time = NULL',
  "run_name = 'run a'",
  "attributes.`Run name` = 'run a'",
  "attributes.'Run Name' LIKE 'run%'",
  "attributes.`run name` ILIKE 'RUN%'",
  "run_name != 'run a'",
  "run_name IN ('run a')",
  "run_id IN ('abc','def')",
  "run_id NOT IN ('abc')",
  "run_id = 'abc'",
  'run_id IN ()',
  'run_id IN (1)',
  "run_id IN ('a', 1)",
  'run_id IN (a)',
  "run_id IN ('a',)",
  "run_id IN 'a'",
  "run_id in ('a' 'b')",
  "status IN ('RUNNING')",
  "run_id = ('abc')",
  'run_id IS NULL',
  "experiment_id = '0'",
  "lifecycle_stage = 'active'",
  "foo = 'a'",
  "foo.bar = 'a'",
  "attributes.foo = 'a'",
  "`attributes`.status = 'RUNNING'",
  "'attributes'.status = 'RUNNING'",
  "dataset.name = 'wine'",
  "datasets.digest = 'd1'",
  "dataset.context = 'train'",
  "dataset.name IN ('wine','x') AND dataset.context LIKE 't%'",
  "dataset.name != 'wine'",
  "dataset.name NOT IN ('wine')",
  "dataset.foo = 'x'",
  'dataset.name = 1',
  'dataset.name IS NULL',
  "dataset.name > 'x'",
  "dataset.digest ILIKE 'D%'",
  "dataset.context NOT IN ('train')",
  '1 < metrics.m',
  'metrics.m',
  '= 1',
  "'a' = 'b'",
  '1 = 1',
  'metrics.m > 1 OR metrics.m < 0',
  '(metrics.m > 1)',
  'NOT metrics.m > 1',
  'metrics.m BETWEEN 1 AND 2',
  'metrics.m > 1 AND',
  'AND metrics.m > 1',
  'metrics.m > 1 AND AND metrics.n > 0',
  'metrics.m > 1 metrics.n > 0',
  'metrics.m > 1, metrics.n > 0',
  'metrics.m > 1; metrics.n > 0',
  'metrics.m > 1;',
  ';',
  'metrics.m > 1 -- x',
  "params.p = 'A",
  'params.`p',
  'metrics.m > 1 > 0',
  'metrics.m > foo(1)',
  "params.p = 'A' foo",
  'select * from runs',
  "'; DROP TABLE runs; --",
  'metrics.m > 1 and params.p = "A" And tags.t = \'x\'',
  'metrics.m > ?',
  'metrics.m > :x',
  'version = 1',
  '\u0000',
  'é = 1',
  "params.é = 'x'",
  "tags.select = 'x'",
  "tags.a$b = 'x'",
  'metrics.m>1AND metrics.n>0',
  "params.p='A'AND tags.t='x'",
];

const orders = [
  [],
  ['metrics.m'],
  ['metrics.m ASC'],
  ['metrics.m DESC'],
  ['metric.m desc', 'params.p'],
  ['params.p'],
  ['params.p DESC'],
  ['tags.t'],
  ['tag.`weird key` DESC'],
  ['attributes.start_time'],
  ['start_time DESC'],
  ['created'],
  ['Created DESC'],
  ['run_name DESC'],
  ['status', 'run_name'],
  ['user_id'],
  ['end_time'],
  ['end_time DESC'],
  ['dataset.name'],
  ['experiment_id'],
  ['foo'],
  ['foo.bar'],
  ['metrics.m', 'metrics.m'],
  ['metrics.m', 'metric.m DESC'],
  ['start_time', 'created'],
  ['metrics.m NULLS LAST'],
  ['metrics.m ASC NULLS LAST'],
  ['metrics.m, params.p'],
  ['metrics.m foo'],
  ['metrics.m ASC DESC'],
  [''],
  [' '],
  ['metrics.a/b'],
  ['metrics.`a/b`'],
  ['metrics."a/b" DESC'],
  ['metrics.missing DESC'],
  ['Run name'],
  ['attributes.`Run name`'],
  ['timestamp'],
  ['1'],
  ['metrics.m = 1'],
  ['metrics.m;'],
];

export const searchLanguage = async (client: Replay): Promise<void> => {
  const values: Record<string, number | string> = { 'run a': 1, 'run b': 'NaN', 'run c': 'none', 'run d': 3, 'run e': 2 };
  for (const [index, [name, value]] of Object.entries(values).entries()) {
    const id = await newRun(client, {
      run_name: name,
      user_id: index < 2 ? 'ada' : 'bob',
      start_time: index + 1,
      tags: [{ key: 'mlflow.source.name', value: index === 0 ? 'a.py' : 'b.py' }],
    });
    if (value !== 'none') await client.post('/runs/log-metric', { run_id: id, key: 'm', value, timestamp: 1 });
    if (index % 2 === 0)
      await client.post('/runs/log-batch', {
        run_id: id,
        metrics: [
          { key: 'n', value: index, timestamp: 1 },
          { key: 'a/b', value: 5 - index, timestamp: 1 },
        ],
        params: [{ key: 'p', value: 'ADAAD'.charAt(index) + (index > 2 ? 'x' : '') }],
        tags: [{ key: 't', value: 'x' }],
      });
    if (index === 3) await client.post('/runs/set-tag', { run_id: id, key: 'weird key', value: '1' });
    if (index === 4) await client.post('/runs/update', { run_id: id, status: 'FINISHED', end_time: 9 });
    if (index < 2)
      await client.post('/runs/log-inputs', {
        run_id: id,
        datasets: [
          {
            dataset: { name: 'wine', digest: `d${index}`, source_type: 'x', source: 'y' },
            tags: index === 0 ? [{ key: 'mlflow.data.context', value: 'train' }] : [],
          },
        ],
      });
  }
  for (const filter of filters) await client.post('/runs/search', { experiment_ids: [client.experimentId], filter });
  for (const order_by of orders) await client.post('/runs/search', { experiment_ids: [client.experimentId], order_by });
};

export const searchRequests = async (client: Replay): Promise<void> => {
  const other = pick(await client.post('/experiments/create', { name: 'other' }), 'experiment_id');
  for (const [index, experiment_id] of [client.experimentId, other, client.experimentId, client.experimentId].entries())
    await newRun(client, { experiment_id, run_name: `run ${index}`, start_time: index });
  const search = (request: object): Promise<unknown> => client.post('/runs/search', request);
  for (const experiment_ids of [
    [],
    [client.experimentId],
    [other, client.experimentId],
    [client.experimentId, client.experimentId],
    ['abc'],
    [client.experimentId, 'abc'],
    [''],
    ['999'],
    '0',
    [0],
    null,
  ])
    await search({ experiment_ids });
  await search({});
  for (const run_view_type of ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL', 1, 2, 3, 'all', 9]) await search({ experiment_ids: [client.experimentId], run_view_type });
  for (const max_results of [0, -1, 1, 50_000, 50_001, '2', 'a', 1.5, null]) await search({ experiment_ids: [client.experimentId], max_results });
  const page = await search({ experiment_ids: [client.experimentId], max_results: 2 });
  await search({ experiment_ids: [client.experimentId], max_results: 2, page_token: pick(page, 'next_page_token') });
  for (const other of [{ max_results: 1 }, { order_by: ['run_name'] }, { filter: "run_name = 'run 0'" }, { run_view_type: 'ALL' }])
    await search({ experiment_ids: [client.experimentId], page_token: pick(page, 'next_page_token'), ...other });
  await search({ experimentIds: [client.experimentId], maxResults: 1, orderBy: ['run_name'] });
  await search({ experiment_ids: [client.experimentId], experimentIds: [client.experimentId] });
  for (const page_token of [
    '@@',
    'abc',
    'YWJj',
    '',
    'e30=',
    5,
    Buffer.from('{"offset": 0}').toString('base64'),
    Buffer.from('{"offset": -1}').toString('base64'),
    Buffer.from('{"offset": 1.5}').toString('base64'),
    Buffer.from('{"offset": "x"}').toString('base64'),
  ]) {
    await search({ experiment_ids: [client.experimentId], page_token });
  }
  for (const filter of [5, ['a'], null, true]) await search({ experiment_ids: [client.experimentId], filter });
  for (const order_by of ['start_time', [5], null, [null]]) await search({ experiment_ids: [client.experimentId], order_by });
};

export const histories = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  const second = await newRun(client);
  for (const run_id of [id, second]) {
    const metrics = Array.from({ length: 23 }, (_value, step) => ({
      key: 'loss',
      value: step % 5 === 0 ? 'NaN' : 10 - step,
      timestamp: 100 - step,
      step: Math.floor(step / 2),
    }));
    await client.post('/runs/log-batch', { run_id, metrics });
  }
  const history = (query: Record<string, string | number>): Promise<unknown> =>
    client.get('/metrics/get-history', { run_id: id, metric_key: 'loss', ...query });
  await history({});
  for (const max_results of [5, 23, 24, 0, -1, 'x', 1.5]) await history({ max_results });
  const page = await history({ max_results: 10 });
  await history({ max_results: 10, page_token: pick(page, 'next_page_token') });
  await history({ page_token: Buffer.from('{"offset": 20}').toString('base64') });
  await history({ page_token: '@@' });
  await history({ metric_key: 'nothing' });
  await history({ metric_key: '' });
  await client.get('/metrics/get-history', { run_id: id });
  await client.get('/metrics/get-history', { metric_key: 'loss' });
  await client.get('/metrics/get-history', { run_id: 'nobody', metric_key: 'loss' });
  const bulk = (query: Record<string, string | number | readonly string[]>): Promise<unknown> =>
    client.get('/ajax-api/2.0/mlflow/metrics/get-history-bulk', query);
  await bulk({ run_id: [second], metric_key: 'loss' });
  await bulk({ run_id: [id], metric_key: 'loss', max_results: 3 });
  await bulk({ run_id: [id] });
  await bulk({ metric_key: 'loss' });
  await bulk({ run_id: ['nobody'], metric_key: 'loss' });
  await bulk({ run_id: Array.from({ length: 101 }, String), metric_key: 'loss' });
  const interval = (query: Record<string, string | number | readonly string[]>): Promise<unknown> => client.get('/metrics/get-history-bulk-interval', query);
  for (const max_results of [1, 2, 3, 5, 7, 22, 23, 24, 2500]) await interval({ run_ids: [id], metric_key: 'loss', max_results });
  await interval({ run_ids: [id, second], metric_key: 'loss' });
  await interval({ run_ids: [id], metric_key: 'loss', start_step: 3, end_step: 6 });
  await interval({ run_ids: [id], metric_key: 'loss', start_step: 3, end_step: 6, max_results: 3 });
  await interval({ run_ids: [id], metric_key: 'loss', start_step: 6, end_step: 3 });
  await interval({ run_ids: [id], metric_key: 'loss', start_step: 3 });
  for (const end_step of [2 ** 31 - 1, 2 ** 31, '9223372036854775807']) await interval({ run_ids: [id], metric_key: 'loss', start_step: 0, end_step });
  for (const max_results of [0, 2501, -1, 'x']) await interval({ run_ids: [id], metric_key: 'loss', max_results });
  await interval({ metric_key: 'loss' });
  await interval({ run_ids: [id] });
  await interval({ run_ids: ['nobody'], metric_key: 'loss' });
  await interval({ run_ids: Array.from({ length: 101 }, String), metric_key: 'loss' });
};
