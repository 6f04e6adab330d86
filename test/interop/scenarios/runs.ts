import { pick, type Replay } from '../../support/replay.ts';

export const newRun = async (client: Replay, fields: object = {}): Promise<string> =>
  pick(await client.post('/runs/create', { experiment_id: client.experimentId, ...fields }), 'run.info.run_id');

export const runLifecycle = async (client: Replay): Promise<void> => {
  const id = await newRun(client, { run_name: 'a run', user_id: 'ada', start_time: 5, tags: [{ key: 't', value: 'v' }] });
  await client.get('/runs/get', { run_id: id });
  await client.get('/runs/get', { run_uuid: id });
  await client.post('/runs/update', { run_id: id, status: 'FINISHED', end_time: 1_700_000_000_000 });
  await client.post('/runs/update', { run_id: id, status: 4 });
  await client.post('/runs/update', { run_id: id, run_name: 'new name' });
  await client.post('/runs/update', { run_id: id, run_name: '' });
  await client.post('/runs/update', { run_id: id });
  await client.post('/runs/update', { run_uuid: id, end_time: '12', status: '5' });
  await client.post('/runs/update', { run_id: id, end_time: 0 });
  await client.post('/runs/set-tag', { run_id: id, key: 'mlflow.runName', value: 'by tag' });
  await client.post('/runs/set-tag', { run_uuid: id, key: 'plain', value: '' });
  await client.get('/runs/get', { run_id: id });
  await client.post('/runs/delete', { run_id: id });
  await client.post('/runs/delete', { run_id: id });
  await client.get('/runs/get', { run_id: id });
  for (const [path, body] of [
    ['/runs/update', { status: 'RUNNING' }],
    ['/runs/log-metric', { key: 'm', value: 1, timestamp: 1 }],
    ['/runs/log-parameter', { key: 'm', value: '1' }],
    ['/runs/log-batch', { params: [] }],
    ['/runs/set-tag', { key: 'm', value: '1' }],
    ['/runs/delete-tag', { key: 't' }],
    ['/runs/log-inputs', { datasets: [] }],
    ['/runs/outputs', { models: [] }],
  ] as const) {
    await client.post(path, { run_id: id, ...body });
  }
  await client.post('/runs/restore', { run_id: id });
  await client.post('/runs/restore', { run_id: id });
  await client.get('/runs/get', { run_id: id });
  await client.post('/runs/create', { experiment_id: client.experimentId, tags: [{ key: 'mlflow.runName', value: 'from tag' }] });
  await client.post('/runs/create', { experiment_id: client.experimentId, run_name: 'same', tags: [{ key: 'mlflow.runName', value: 'same' }] });
};

export const runBadInput = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  for (const body of [
    { experiment_id: 'abc' },
    { experiment_id: '99999' },
    { experiment_id: 5 },
    { start_time: 'x' },
    { start_time: -1 },
    { start_time: '7' },
    { start_time: 2 ** 62 },
    { run_name: 5 },
    { run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] },
    { tags: [{ key: 'a/../b', value: 'kept' }] },
    { tags: [{}] },
    { run_name: 'n'.repeat(300) },
  ]) {
    await client.post('/runs/create', { experiment_id: client.experimentId, ...body });
  }
  for (const body of [{ status: 'NOPE' }, { status: 9 }, { status: true }, { end_time: 'x' }, { end_time: true }, { run_name: 5 }])
    await client.post('/runs/update', { run_id: id, ...body });
  for (const path of [
    '/runs/update',
    '/runs/delete',
    '/runs/restore',
    '/runs/log-metric',
    '/runs/log-parameter',
    '/runs/set-tag',
    '/runs/delete-tag',
    '/runs/log-batch',
    '/runs/log-inputs',
    '/runs/outputs',
    '/runs/log-model',
  ]) {
    await client.post(path);
    await client.post(path, { run_id: '' });
    await client.post(path, { run_id: 5 });
    await client.post(path, { run_id: 'nobody', key: 'k', value: 1, timestamp: 1 });
    await client.post(path, { run_id: 'nobody', key: 'k', value: 'v', models: [] });
  }
  await client.get('/runs/get');
  await client.get('/runs/get', { run_id: 'nobody' });
  await client.get('/runs/get', { run_id: '../x' });
  await client.post('/runs/log-batch', { run_id: 'bad id!' });
  await client.post('/runs/log-inputs', { run_id: 'bad id!' });
};

/** MLflow takes these, or a part of them; ours refuses them. */
export const runRefusals = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  const twice = [
    { key: 'same', value: '1' },
    { key: 'same', value: '2' },
  ];
  for (const body of [{ start_time: 1.5 }, { user_id: 5 }, { tags: 'x' }, { tags: twice }])
    await client.post('/runs/create', { experiment_id: client.experimentId, ...body });
  for (const body of [{ status: 'NOPE' }, { status: true }, { end_time: true }]) await client.post('/runs/update', { run_id: id, ...body });
  const metric = { run_id: id, key: 'm', value: 1, timestamp: 1 };
  for (const body of [
    { value: 'nan' },
    { value: '1_0' },
    { timestamp: 1.5 },
    { timestamp: true },
    { step: 1.5 },
    { step: true },
    { step: '9223372036854775808' },
  ]) {
    await client.post('/runs/log-metric', { ...metric, ...body });
  }
  await client.post('/runs/log-batch', { run_id: id, metrics: [{ key: 'a', value: 'x', timestamp: 1 }] });
  await client.post('/runs/log-batch', { run_id: id, params: [{ key: 'n', value: 5 }] });
  await client.post('/runs/log-batch', { run_id: id, tags: [{ key: 'n', value: 5 }] });
  await client.send({ method: 'POST', path: '/api/2.0/mlflow/runs/log-metric', raw: `{"run_id": "${id}", "key": "m", "value": NaN, "timestamp": 1}` });
  await client.send({ method: 'POST', path: '/api/2.0/mlflow/runs/log-metric', raw: `{"run_id": "${id}", "key": "m", "value": 1e999, "timestamp": 1}` });
};

export const values = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  const metric = (fields: object): Promise<unknown> => client.post('/runs/log-metric', { run_id: id, key: 'm', value: 1, timestamp: 1, ...fields });
  for (const value of [
    0,
    -0,
    1.5,
    5e-324,
    1.7976931348623157e308,
    'NaN',
    'Infinity',
    '-Infinity',
    '1.5',
    ' 2 ',
    'abc',
    'inf',
    '',
    true,
    null,
    [],
    {},
    '1e400',
    '0x10',
  ])
    await metric({ key: `v${JSON.stringify(value)}`.replaceAll(/[^\w.-]/g, '_'), value });
  for (const timestamp of [0, -1, '5', 'abc', 1.5, 2 ** 53, null, '', true, 1.0]) await metric({ key: 't', timestamp });
  for (const step of [0, -5, '5', 'abc', 1.5, 2 ** 40, null, '', '4611686018427387904']) await metric({ key: 's', step });
  for (const key of [
    'a/b',
    'a b',
    'a.b-c_d',
    'ключ',
    'a:b',
    "'",
    'a?b',
    '',
    '.',
    '..',
    '../a',
    '/a',
    'a//b',
    'a/',
    './a',
    'a/./b',
    'a/../b',
    'a\\b',
    'a\nb',
    'k'.repeat(250),
    'k'.repeat(251),
    '名前',
    'é'.repeat(250),
    ' ',
    '-',
    '_',
    '%',
    '#',
    '{x}',
  ]) {
    await metric({ key });
    await client.post('/runs/log-parameter', { run_id: id, key, value: 'v' });
    await client.post('/runs/set-tag', { run_id: id, key, value: 'v' });
  }
  for (const value of ['', 'x', 'y', null, 5, true, ['a'], 'long'.repeat(1501), '\u0000', 'line\nbreak', '😀'])
    await client.post('/runs/log-parameter', { run_id: id, key: `p${typeof value}${String(value).length}`, value });
  await client.post('/runs/log-parameter', { run_id: id, key: 'once', value: '1' });
  await client.post('/runs/log-parameter', { run_id: id, key: 'once', value: '1' });
  await client.post('/runs/log-parameter', { run_id: id, key: 'once', value: "it's 2" });
  await client.post('/runs/log-parameter', { run_id: id, key: 'no value' });
  for (const value of ['', 5, null, 't'.repeat(8001)]) await client.post('/runs/set-tag', { run_id: id, key: 'tag', value });
  await client.post('/runs/set-tag', { run_id: id, key: 'tag' });
  await client.post('/runs/delete-tag', { run_id: id, key: 'tag' });
  await client.post('/runs/delete-tag', { run_id: id, key: 'tag' });
  await client.get('/runs/get', { run_id: id });
};

export const batches = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  const batch = (fields: object): Promise<unknown> => client.post('/runs/log-batch', { run_id: id, ...fields });
  const metric = (step: number, key = 'm'): object => ({ key, value: step, timestamp: 1, step });
  await batch({});
  await batch({
    metrics: [metric(1), metric(2), metric(2)],
    params: [{ key: 'p', value: '1' }, { key: 'q' }],
    tags: [
      { key: 't', value: 'v' },
      { key: 't', value: 'w' },
    ],
  });
  await batch({ metrics: [metric(1)], params: [{ key: 'p', value: '1' }] });
  await batch({
    params: [
      { key: 'p', value: '2' },
      { key: 'q', value: "x'y" },
      { key: 'new', value: '1' },
    ],
  });
  await batch({
    params: [
      { key: 'd', value: '1' },
      { key: 'd', value: '1' },
    ],
  });
  await batch({ tags: [{ key: 'mlflow.runName', value: 'by batch' }] });
  for (const metrics of [
    [{ value: 1, timestamp: 1 }],
    [{ key: 'a', timestamp: 1 }],
    [{ key: 'a', value: 1 }],
    [{ key: '', value: 1, timestamp: 1 }],
    [metric(1), { key: 'a/../b', value: 1, timestamp: 1 }],
    [{ key: 'a', value: 1, timestamp: -1 }],
    'x',
    [1],
    [{ key: 'k'.repeat(251), value: 1, timestamp: 1 }],
  ]) {
    await batch({ metrics });
  }
  for (const params of [
    [{ value: '1' }],
    [{ key: '' }],
    [{ key: '../a' }],
    [{ key: 'a?', value: '' }],
    [{ key: 'k'.repeat(251) }],
    'x',
    [{ key: 'n'.repeat(6), value: 'v'.repeat(6001) }],
  ])
    await batch({ params });
  for (const tags of [[{ value: '1' }], [{ key: '' }], [{ key: '../a' }], [{ key: 'k'.repeat(251) }], 'x']) await batch({ tags });
  const many = <T>(count: number, item: (index: number) => T): readonly T[] => Array.from({ length: count }, (_value, index) => item(index));
  await batch({ metrics: many(1001, (step) => metric(step, 'many')) });
  await batch({ params: many(101, (index) => ({ key: `p${index}`, value: '' })) });
  await batch({ tags: many(101, (index) => ({ key: `p${index}`, value: '' })) });
  await batch({ metrics: many(950, (step) => metric(step, 'sum')), params: many(51, (index) => ({ key: `p${index}`, value: '' })) });
  await batch({ metrics: many(1000, (step) => metric(step, 'full')) });
  await client.get('/runs/get', { run_id: id });
};

export const inputsAndOutputs = async (client: Replay): Promise<void> => {
  const id = await newRun(client);
  const dataset = { name: 'wine', digest: 'd1', source_type: 'local', source: '{"uri":"x"}' };
  const log = (datasets: unknown, more: object = {}): Promise<unknown> => client.post('/runs/log-inputs', { run_id: id, datasets, ...more });
  await log([{ dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] }]);
  await log([{ dataset: { ...dataset, source: 'other' }, tags: [{ key: 'mlflow.data.context', value: 'test' }] }]);
  await log([{ dataset: { ...dataset, digest: 'd2', schema: '{}', profile: '' } }, { dataset: { ...dataset, digest: 'd2' } }]);
  await log([{}]);
  await log([{ dataset: {} }]);
  await log([{ dataset: { ...dataset, digest: 'd'.repeat(37) } }]);
  await log([{ dataset: { ...dataset, name: 'n'.repeat(501) } }]);
  await log([{ dataset: { ...dataset, name: 'tagged' }, tags: [{ key: 'k'.repeat(256), value: '' }] }]);
  await log([{ dataset: { ...dataset, name: 'tagged' }, tags: [{ key: 'k', value: 'v'.repeat(501) }] }]);
  await log('x');
  await log([], { models: [{ model_id: 'm-1' }, { model_id: 'm-1' }] });
  await log(undefined, { models: [{ model_id: 'm-1' }] });
  await client.post('/runs/outputs', { run_id: id, models: [{ model_id: 'm-2', step: 3 }] });
  await client.post('/runs/outputs', { run_id: id, models: [{ model_id: 'm-2', step: 4 }] });
  await client.post('/runs/outputs', { run_id: id, models: [{ model_id: 'm-3' }] });
  await client.get('/runs/get', { run_id: id });
  await client.post('/runs/search', { experiment_ids: [client.experimentId], filter: "dataset.name = 'wine'" });
  for (const experiment_ids of [[client.experimentId], [], ['abc'], Array.from({ length: 21 }, String)])
    await client.post('/ajax-api/2.0/mlflow/experiments/search-datasets', { experiment_ids });
  await client.post('/runs/log-metric', { run_id: id, key: 'm', value: 1, timestamp: 1, model_id: 'm-unknown' });
  await client.post('/runs/log-metric', { run_id: id, key: 'm3', value: 1, timestamp: 1, model_id: '', dataset_name: 'a', dataset_digest: 'b' });
  await client.get('/runs/get', { run_id: id });
  const model = { artifact_path: 'model', run_id: id, utc_time_created: '2020', flavors: { sklearn: { config: 'x', code: null }, other: {} }, signature: {} };
  await client.post('/runs/log-model', { run_id: id, model_json: JSON.stringify(model) });
  await client.post('/runs/log-model', { run_id: id, model_json: JSON.stringify({ ...model, model_uuid: 'u' }) });
  await client.post('/runs/log-model', { run_id: id, model_json: '{}' });
  await client.post('/runs/log-model', { run_id: id, model_json: 'x' });
};
