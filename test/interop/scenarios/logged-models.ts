import { pick, type Replay } from '../../support/replay.ts';

const models = '/api/2.0/mlflow/logged-models';

type Fields = Readonly<Record<string, unknown>>;

const loggedModels = (client: Replay) => ({
  create: async (fields: Fields) => pick(await client.post('/logged-models', { experiment_id: client.experimentId, ...fields }), 'model.info.model_id'),
  finalize: (id: string, json: Fields) => client.send({ method: 'PATCH', path: `${models}/${id}`, json: { model_id: id, ...json } }),
  remove: (id: string) => client.send({ method: 'DELETE', path: `${models}/${id}`, json: {} }),
  setTags: (id: string, json: Fields) => client.send({ method: 'PATCH', path: `${models}/${id}/tags`, json }),
  deleteTag: (id: string, key: string) => client.send({ method: 'DELETE', path: `${models}/${id}/tags/${key}`, json: {} }),
  logParams: (id: string, json: Fields) => client.post(`/logged-models/${id}/params`, { model_id: id, ...json }),
  search: (fields: Fields) => client.post('/logged-models/search', { experiment_ids: [client.experimentId], ...fields }),
});

export const loggedModelLifecycle = async (client: Replay): Promise<void> => {
  const send = loggedModels(client);
  const run_id = pick(await client.post('/runs/create', { experiment_id: client.experimentId, start_time: 1 }), 'run.info.run_id');
  const params = [{ key: 'p', value: '1' }, { key: 'q' }];
  const id = await send.create({ name: 'one', model_type: 't', source_run_id: run_id, params, tags: [{ key: 't', value: '1' }, { key: 'u' }] });
  await client.get(`/logged-models/${id}`);
  await client.get(`/logged-models/${id}`, { allow_deleted: 'maybe' });
  await client.get('/logged-models/none');
  for (const status of ['LOGGED_MODEL_READY', 2, '2', 3, 'LOGGED_MODEL_UPLOAD_FAILED', 0, 1, 'LOGGED_MODEL_STATUS_UNSPECIFIED'])
    await send.finalize(id, { status });
  await send.setTags(id, { tags: [{ key: 't', value: '2' }, { key: 't', value: '3' }, { key: 'z' }, { key: 'mlflow.x', value: 'é' }] });
  await send.setTags(id, { tags: [] });
  await send.setTags(id, {});
  await send.setTags(id, { tags: [{ key: 'a/../b*', value: 'b' }] });
  await send.deleteTag(id, 'z');
  await send.deleteTag(id, 'z');
  await send.deleteTag(id, 'mlflow.x');
  await send.logParams(id, { params: [{ key: 'n', value: '5' }] });
  await send.logParams(id, {});
  await client.post('/runs/log-metric', { run_id, key: 'acc', value: 0.5, timestamp: 10, step: 1, model_id: id, dataset_name: 'd', dataset_digest: '1' });
  await client.post('/runs/log-metric', { run_id, key: 'acc', value: 0.7, timestamp: 11, step: 2, model_id: id });
  await client.post('/runs/log-metric', { run_id, key: 'acc', value: 0.7, timestamp: 11, step: 2, model_id: id });
  await client.post('/runs/log-metric', { run_id, key: 'nan', value: 'NaN', timestamp: 12, step: 3, model_id: id });
  await client.post('/runs/log-metric', { run_id, key: 'inf', value: '-Infinity', timestamp: 12, model_id: id });
  await client.post('/runs/log-batch', {
    run_id,
    metrics: [
      { key: 'b', value: 1, timestamp: 1, step: 0, model_id: id },
      { key: 'c', value: 2, timestamp: 1 },
    ],
  });
  await client.get(`/logged-models/${id}`);
  await client.get('/runs/get', { run_id });
  await client.get(`/logged-models/${id}/artifacts/directories`);
  await client.get(`/logged-models/${id}/artifacts/directories`, { artifact_directory_path: '../x' });
  await send.remove(id);
  await client.get(`/logged-models/${id}`);
  await client.get(`/logged-models/${id}`, { allow_deleted: 'TRUE' });
  await send.remove(id);
  await send.finalize(id, { status: 2 });
  await send.setTags(id, { tags: [{ key: 'after', value: '2' }] });
  await client.get(`/logged-models/${id}/artifacts/directories`);
  await client.get(`/logged-models/${id}`, { allow_deleted: 'true' });
};

export const loggedModelBadInput = async (client: Replay): Promise<void> => {
  const send = loggedModels(client);
  for (const name of ['', 'a/b', 'a:b', 'a.b', 'a%', 'a"', "a'", ' ', 'é', 'x'.repeat(600), 5, null, '\0']) await send.create({ name });
  for (const experiment_id of ['999999', 'abc', '', null, 5]) await send.create({ name: 'x', experiment_id });
  const id = await send.create({ name: 'good' });
  await send.create({ name: 'x', params: 'p' });
  await send.create({ name: 'odd', params: [{ value: '1' }, { key: 'k'.repeat(300), value: 'v'.repeat(9000) }] });
  await send.finalize(id, {});
  await send.finalize('none', { status: 2 });
  await send.setTags('none', { tags: [{ key: 'a', value: 'b' }] });
  await send.setTags(id, { tags: 'x' });
  await send.deleteTag('none', 'a');
  await send.deleteTag(id, 'none');
  await send.logParams('none', { params: [] });
  await send.logParams(id, { params: [{ key: 'a', value: '1' }] });
  await send.logParams(id, { params: [{ key: 'a', value: '1' }] });
  await send.remove('none');
  await client.get('/logged-models/none/artifacts/directories');
  // Last: MLflow's errors tell the ids of models that were not made.
  await send.create({
    name: 'dup',
    params: [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ],
  });
  await send.create({
    name: 'dup',
    tags: [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ],
  });
  await send.create({ name: 'x', tags: [1] });
};

export const loggedModelSearch = async (client: Replay): Promise<void> => {
  const send = loggedModels(client);
  const run_id = pick(await client.post('/runs/create', { experiment_id: client.experimentId, start_time: 1 }), 'run.info.run_id');
  const log = (model_id: string, key: string, value: number, rest: Fields = {}): Promise<unknown> =>
    client.post('/runs/log-metric', { run_id, key, value, timestamp: 10, step: 1, model_id, ...rest });
  const a = await send.create({ name: 'a', model_type: 't', params: [{ key: 'lr', value: '0.01' }], tags: [{ key: 'team', value: 'x' }] });
  const b = await send.create({
    name: 'b',
    model_type: 'u',
    params: [
      { key: 'lr', value: '0.1' },
      { key: 'a b', value: '1' },
    ],
    tags: [{ key: 'team', value: 'X' }],
  });
  await send.create({ name: 'c' });
  await log(a, 'acc', 0.5, { dataset_name: 'd', dataset_digest: '1' });
  await log(a, 'acc', 0.9, { step: 2 });
  await log(b, 'acc', 0.7, { dataset_name: 'd2', dataset_digest: '1' });
  await log(b, 'a/b', 1);
  for (const filter of filters) await send.search({ filter });
  const onD = { dataset_name: 'd', dataset_digest: '1' };
  for (const datasets of [[onD], [{ dataset_digest: '1' }], [{ ...onD, dataset_digest: '2' }], [{}], [onD, { dataset_name: 'd2', dataset_digest: '1' }], 'x'])
    await send.search({ datasets });
  await send.search({ datasets: [onD], filter: 'metrics.acc > 0.6' });
  await send.search({ datasets: [onD], filter: "name = 'a'" });
  for (const order_by of orders) await send.search({ order_by });
  for (const max_results of [1, 0, 'x', '2', 100_000]) await send.search({ max_results });
  const request = { max_results: 1, order_by: [{ field_name: 'name' }], filter: "name != 'zz'" };
  const page_token = pick(await send.search(request), 'next_page_token');
  await send.search({ ...request, page_token });
  await send.search({ ...request, page_token, filter: "name = 'a'" });
  await send.search({ ...request, page_token, filter: undefined });
  await client.post('/logged-models/search', { ...request, experiment_ids: ['77'], page_token });
  await client.post('/logged-models/search', {});
  await client.post('/logged-models/search', { experiment_ids: [] });
  await client.post('/logged-models/search', { experiment_ids: ['abc'] });
  await client.post('/logged-models/search', { experiment_ids: [1] });
  await client.post('/logged-models/search', { experiment_ids: '1' });
  await client.post('/experiments/delete', { experiment_id: client.experimentId });
  await send.search({});
  await send.create({ name: 'late' });
};

const orders: readonly unknown[] = [
  [{ field_name: 'name' }],
  [{ field_name: 'name', ascending: false }],
  [{ field_name: 'metrics.acc' }],
  [{ field_name: 'metrics.acc', ascending: false }],
  [{ field_name: 'metrics.acc', dataset_name: 'd' }],
  [{ field_name: 'metrics.acc', dataset_name: 'd', dataset_digest: '1', ascending: false }],
  [{ field_name: 'metrics.a/b' }],
  [{ field_name: 'metrics.none' }, { field_name: 'name' }],
  [{ field_name: 'params.lr' }],
  [{ field_name: 'attributes.name' }],
  [{ field_name: 'bogus' }],
  [{ field_name: 'creation_time', ascending: false }],
  [{ field_name: 'creation_timestamp' }],
  [{ field_name: 'last_updated_timestamp_ms' }, { field_name: 'name' }],
  [{ field_name: 'model_type' }, { field_name: 'name', ascending: false }],
  [{}],
  [{ field_name: 'name' }, { field_name: 'name' }],
  'name',
];

const filters = [
  '',
  "name = 'a'",
  "attributes.name = 'a'",
  'name = "a"',
  'name = a',
  "attribute.name = 'a'",
  'metric.acc > 1',
  'metrics.acc > 0.6',
  "metrics.acc > '0.6'",
  'metrics.`a/b` = 1',
  'metrics."a/b" = 1',
  'metrics.a/b = 1',
  'params.lr = 0.01',
  "params.lr = '0.01'",
  "params.`a b` = '1'",
  "params.lr LIKE '0%'",
  'params.lr > 0.01',
  "tags.team ILIKE 'x'",
  "tags.team = 'x' AND params.lr = '0.01'",
  "tags.team IN ('x','y')",
  "tags.team in ('x','y')",
  "tags.team NOT IN ('x')",
  "name IN ('a')",
  "name IN ('a' 'b')",
  'status = 1',
  'status = 2',
  "status = 'READY'",
  "status LIKE '1'",
  'creation_time > 0',
  'creation_timestamp_ms > 0',
  'attributes.creation_time > 0',
  'attributes.creation_timestamp_ms > 0',
  "creation_timestamp > 'x'",
  'last_updated_timestamp > 1',
  "model_id = 'x'",
  "experiment_id = '0'",
  "source_run_id = ''",
  "model_type LIKE 't%'",
  "lifecycle_stage = 'active'",
  "artifact_location LIKE '%models%'",
  "bogus = 'x'",
  'tags.team IS NULL',
  "name > 'a'",
  "metrics.acc LIKE '1'",
  "name = 'a' OR name = 'b'",
  "(name = 'a')",
  "name = 'a'; name = 'b'",
  '   ',
  "name = 'a' AND",
  "name = '''a'''",
  'metrics.acc != 0.5',
  'metrics.acc > 0.4 AND metrics.acc > 0.8',
  'metrics.acc > -1e3',
  'tags.team',
  "NOT name = 'a'",
  "status_message = 'x'",
  "name <> 'a'",
  'metrics.acc IN (1)',
  "'a' = name",
  "name = 'a' name = 'a'",
  "Tags.team = 'x'",
];
