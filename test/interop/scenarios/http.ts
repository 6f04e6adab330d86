import { type Replay } from '../../support/replay.ts';

export const bodies = async (client: Replay): Promise<void> => {
  const path = '/api/2.0/mlflow/runs/search';
  const json = `{"experiment_ids": ["${client.experimentId}"], "max_results": 1}`;
  for (const contentType of [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json-patch',
    null,
  ]) {
    await client.send({ method: 'POST', path, raw: json, contentType });
  }
  for (const method of ['PATCH', 'DELETE'] as const) {
    const target = `/api/2.0/mlflow/registered-models/${method === 'PATCH' ? 'update' : 'delete'}`;
    for (const contentType of ['application/json', 'text/plain']) await client.send({ method, path: target, raw: '{"name": "nobody"}', contentType });
  }
  for (const raw of [
    '',
    ' ',
    '{',
    '{"experiment_ids": ["0"]} x',
    'null',
    '[]',
    '5',
    '"x"',
    JSON.stringify(json),
    '{"experiment_ids": ["0"], "experiment_ids": []}',
    `{"x": ${'['.repeat(100)}${']'.repeat(100)}}`,
    '{"unknown": {"a": [1, 2, {"b": null}]}}',
  ]) {
    await client.send({ method: 'POST', path, raw });
  }
};

export const routes = async (client: Replay): Promise<void> => {
  for (const path of [
    '/health',
    '/version',
    '/api/2.0/mlflow/nothing',
    '/api/2.0/mlflow',
    '/api/2.0/mlflow/runs/search/',
    '/api//2.0/mlflow/runs/search',
    '/api/2.0/mlflow/../',
    '/api/3.0/mlflow/runs/search',
    '/nothing',
  ]) {
    await client.send({ method: 'GET', path });
  }
  await client.send({ method: 'GET', path: '/api/2.0/mlflow/runs/search' });
  await client.send({ method: 'DELETE', path: '/api/2.0/mlflow/runs/get' });
  await client.send({ method: 'PUT', path: '/api/2.0/mlflow/runs/create', raw: '{}' });
  await client.send({ method: 'POST', path: '/ajax-api/2.0/mlflow/runs/search', raw: '{}' });
  await client.send({ method: 'GET', path: '/ajax-api/2.0/mlflow/experiments/get?experiment_id=0' });
  await client.send({ method: 'GET', path: '/api/2.0/mlflow/metrics/get-history-bulk?run_id=a&metric_key=b' });
};
