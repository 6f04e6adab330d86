import type { Replay, ReplayedRequest } from '../../support/replay.ts';

/** Who may call: names of the server, pages of other origins. */
export const callers = async (client: Replay): Promise<void> => {
  const read = (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    client.send({ method: 'GET', path: '/api/2.0/mlflow/experiments/get?experiment_id=0', headers });
  const write = (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    client.send({ method: 'POST', path: '/api/2.0/mlflow/experiments/search', json: { max_results: 1 }, headers });
  for (const host of ['evil.example', 'localhost.:5000', '127.0.0.1.nip.io', 'evil.example:5000', 'localhost@evil.example']) {
    await read({ host });
    await write({ host });
    await client.send({ method: 'GET', path: '/health', headers: { host } });
  }
  for (const origin of ['http://evil.example', 'null', 'vscode-webview://x', 'http://localhost:1', 'http://localhost.evil.example']) {
    await read({ origin });
    await write({ origin });
  }
};

/** Texts that are too long, or meant for somebody else than their reader. */
export const hostileTexts = async (client: Replay): Promise<void> => {
  for (const name of [
    'n'.repeat(1_000_000),
    '\u0000',
    'a\u0000b',
    '\u202ermal',
    '<script>alert(1)</script>',
    "'; DROP TABLE experiments; --",
    '\ud83d',
    'x'.repeat(499) + '😀',
  ])
    await client.post('/experiments/create', { name });
  const search = (filter: string): Promise<unknown> => client.post('/runs/search', { experiment_ids: [client.experimentId], filter, max_results: 5 });
  const many = (count: number): string => Array.from({ length: count }, (_, index) => `params.p${index} = 'x'`).join(' AND ');
  for (const filter of [
    "params.p = '",
    'params.p = "',
    'params.`p = 1',
    "params.p = ''; DROP TABLE runs; --'",
    `params.p = '${'x'.repeat(100_000)}'`,
    `params.p LIKE '${'%a'.repeat(200)}'`,
    many(20),
    `${'('.repeat(50)}params.p = 'x'${')'.repeat(50)}`,
    "params.p = 'x' AND".repeat(2),
    'params.p\u0000 = 1',
  ])
    await search(filter);
  for (const page_token of [
    'x'.repeat(100_000),
    Buffer.from('{"offset": 1e400}').toString('base64'),
    Buffer.from('{"offset": 9223372036854775808}').toString('base64'),
  ])
    await client.post('/runs/search', { experiment_ids: [client.experimentId], page_token });
};

/** No path of ours leaves the API by its spelling. */
export const targets = async (client: Replay): Promise<void> => {
  const get = (path: string): Promise<unknown> => client.send({ method: 'GET', path } satisfies ReplayedRequest);
  for (const path of [
    '/api/2.0/mlflow/experiments/get/?experiment_id=0',
    '/api/2.0/mlflow/experiments/GET?experiment_id=0',
    '/API/2.0/mlflow/experiments/get?experiment_id=0',
  ])
    await get(path);
  for (const path of [
    '/api/2.0/mlflow/experiments%2fget?experiment_id=0',
    '/api/2.0/mlflow/experiments/get%00?experiment_id=0',
    '/api/1.0/mlflow/experiments/get?experiment_id=0',
  ])
    await get(path);
  await client.send({ method: 'PUT', path: '/api/2.0/mlflow/experiments/get' });
  await client.send({ method: 'POST', path: '/api/2.0/mlflow/experiments/get', json: {} });
};
