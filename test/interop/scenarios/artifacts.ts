import { pick, type Replay } from '../../support/replay.ts';

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

const newRun = async (client: Replay): Promise<string> => pick(await client.post('/runs/create', { experiment_id: client.experimentId }), 'run.info.run_id');

/** What clients keep through the server, and what the pages of MLflow read of it. */
export const artifactLifecycle = async (client: Replay): Promise<void> => {
  const runId = await newRun(client);
  const root = `${client.experimentId}/${runId}/artifacts`;
  for (const [name, content] of [
    ['a.txt', 'some text'],
    ['model/MLmodel', 'flavors: {}'],
    ['model/data/model.pkl', 'bytes'],
    ['with%20space/%C3%BC.json', '{}'],
    ['empty.txt', ''],
  ] as const)
    await client.send({ method: 'PUT', path: `${proxy}/${root}/${name}`, raw: content, contentType: 'application/octet-stream' });
  for (const path of ['', '?path=', `?path=${root}`, `?path=${root}/model`, `?path=${root}/a.txt`, `?path=${root}/nothing`])
    await client.send({ method: 'GET', path: `${proxy}${path === '' || path === '?path=' ? `?path=${root}/model/data` : path}` });
  for (const name of ['a.txt', 'model/MLmodel', 'with%20space/%C3%BC.json', 'empty.txt'])
    await client.send({ method: 'GET', path: `${proxy}/${root}/${name}` });
  for (const query of ['', '&path=model', '&path=model/data', '&path=nothing', '&path=a.txt'])
    await client.send({ method: 'GET', path: `/api/2.0/mlflow/artifacts/list?run_id=${runId}${query}` });
  for (const path of ['a.txt', 'model/MLmodel']) await client.send({ method: 'GET', path: `/get-artifact?run_id=${runId}&path=${path}` });
  await client.send({ method: 'POST', path: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=up.txt`, raw: 'uploaded', contentType: 'text/plain' });
  await client.send({ method: 'GET', path: `/ajax-api/2.0/mlflow/artifacts/list?run_id=${runId}` });
  await client.send({ method: 'DELETE', path: `${proxy}/${root}/model` });
  await client.send({ method: 'GET', path: `/api/2.0/mlflow/artifacts/list?run_id=${runId}` });
};

/** Names with percent signs, as those that `log_image` of MLflow 2 gave its files. */
export const artifactPercentSigns = async (client: Replay): Promise<void> => {
  const runId = await newRun(client);
  const root = `${client.experimentId}/${runId}/artifacts`;
  const names = ['x%step%0%timestamp%1712345678901%12ab34cd.png', 'x%step%0%timestamp%1712345678901%41ab34cd.png', '100%.txt'];
  for (const [index, name] of names.entries()) {
    const [folder, encoded] = [`images-${index}`, encodeURIComponent(name)];
    await client.send({ method: 'PUT', path: `${proxy}/${root}/${folder}/${encoded}`, raw: name, contentType: 'application/octet-stream' });
    await client.send({ method: 'GET', path: `${proxy}?path=${root}/${folder}` });
    await client.send({ method: 'GET', path: `/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=${folder}` });
    await client.send({ method: 'GET', path: `${proxy}/${root}/${folder}/${encoded}` });
    await client.send({ method: 'GET', path: `/get-artifact?run_id=${runId}&path=${folder}/${encoded}` });
  }
};

export const artifactBadInput = async (client: Replay): Promise<void> => {
  const runId = await newRun(client);
  for (const path of ['..', '../x', 'a/../../x', '/etc/passwd', '%2e%2e/x', 'a%2F..%2Fb', 'a%23b', 'file:///etc/passwd', 'C:/x']) {
    await client.send({ method: 'GET', path: `/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=${path}` });
    await client.send({ method: 'GET', path: `/get-artifact?run_id=${runId}&path=${path}` });
    await client.send({ method: 'GET', path: `${proxy}?path=${path}` });
  }
  for (const query of ['', `?run_id=${runId}`, '?run_id=&path=a.txt', '?path=a.txt', '?run_id=none&path=a.txt'])
    await client.send({ method: 'GET', path: `/get-artifact${query}` });
  for (const query of ['', '?run_id=', '?run_id=none']) await client.send({ method: 'GET', path: `/api/2.0/mlflow/artifacts/list${query}` });
  for (const query of ['', `?run_uuid=${runId}`, '?path=a.txt', `?run_uuid=none&path=a.txt`])
    await client.send({ method: 'POST', path: `/ajax-api/2.0/mlflow/upload-artifact${query}`, raw: 'x', contentType: 'text/plain' });
  await client.send({ method: 'POST', path: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=a.txt`, contentType: 'text/plain' });
};

/** Ways of large files, which local folders do not have. */
export const artifactAddresses = async (client: Replay): Promise<void> => {
  const runId = await newRun(client);
  for (const step of ['create', 'complete', 'abort'])
    await client.send({
      method: 'POST',
      path: `/api/2.0/mlflow-artifacts/mpu/${step}/a.bin`,
      json: { path: 'a.bin', num_parts: 2, upload_id: 'u', parts: [] },
    });
  await client.send({ method: 'GET', path: '/api/2.0/mlflow-artifacts/presigned/a.bin' });
  const path = '/artifacts/presigned-upload-url';
  for (const body of [
    {},
    { path: 'a' },
    { run_id: runId },
    { run_id: runId, path: 'a' },
    { run_id: runId, model_id: 'm', path: 'a' },
    { run_id: 'none', path: 'a' },
    { model_id: 'none', path: 'a' },
    { run_id: runId, path: '../a' },
  ])
    await client.post(path, body);
  for (const body of [
    {},
    { run_id: runId, path: 'a' },
    { run_id: runId, path: 'a', expiration: 0 },
    { run_id: runId, path: 'a', expiration: 604_801 },
    { run_id: runId, path: 'a', expiration: 'x' },
  ])
    await client.post('/artifacts/presigned-download-url', body);
  for (const prefix of ['/api', '/ajax-api']) await client.send({ method: 'GET', path: `${prefix}/3.0/mlflow/server-info` });
};
