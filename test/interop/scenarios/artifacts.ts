import { pick, type Replay } from '../../support/replay.ts';

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** A run's artifacts through the server that keeps them, and the server's own folder. */
export const artifacts = async (client: Replay): Promise<void> => {
  const run = await client.post('/runs/create', { experiment_id: client.experimentId });
  const run_id = pick(run, 'run.info.run_id');
  const root = pick(run, 'run.info.artifact_uri').replace(/^mlflow-artifacts:\/*/, '');
  const proxied = '/api/2.0/mlflow-artifacts/artifacts';
  const put = (path: string, raw: string): Promise<unknown> =>
    client.send({ method: 'PUT', path: `${proxied}/${root}/${encoded(path)}`, raw, contentType: 'text/plain' });
  const get = (path: string): Promise<unknown> => client.send({ method: 'GET', path });
  const query = (parameters: Readonly<Record<string, string>>): string => new URLSearchParams(parameters).toString();

  await client.get('/artifacts/list', { run_id });
  for (const path of ['a.txt', 'b.txt', 'model/MLmodel', 'model/data/model.txt', 'a b/ключ.txt', 'empty'])
    await put(path, path === 'empty' ? '' : `content of ${path}`);
  await put('a.txt', 'replaced');
  for (const path of ['', 'model', 'model/', 'model/data', 'a.txt', 'a b', 'nothing', 'model/../a.txt', '..', '/etc', '%2e%2e', 'a.txt/x'])
    await client.get('/artifacts/list', { run_id, path });
  await client.get('/artifacts/list', { run_id: 'nobody' });
  await client.get('/artifacts/list', {});
  for (const path of ['a.txt', 'model/MLmodel', 'a b/ключ.txt', 'empty', 'model', 'nothing.txt', '../x', '/etc/passwd', '%2e%2e/x', '..%2f..%2fx', 'a/../../x'])
    await get(`/get-artifact?${query({ run_id, path })}`);
  await get(`/get-artifact?${query({ run_uuid: run_id, path: 'a.txt' })}`);
  await get(`/get-artifact?${query({ run_id: 'nobody', path: 'a.txt' })}`);
  await get(`/get-artifact?${query({ run_id })}`);

  for (const path of [root, `${root}/model`, `${root}/a.txt`, `${root}/nothing`, '..', '/etc', '%2e%2e']) await get(`${proxied}?${query({ path })}`);
  for (const path of ['a.txt', 'model/data/model.txt', 'nothing.txt', 'model']) await get(`${proxied}/${root}/${path}`);
  for (const path of ['%2e%2e/x', '%252e%252e/x', '%2fetc%2fpasswd', 'a%00b', '..%5cx']) await get(`${proxied}/${root}/${path}`);
  for (const path of ['%2e%2e/x', '%252e%252e%252fx', 'a%00b'])
    await client.send({ method: 'PUT', path: `${proxied}/${path}`, raw: 'x', contentType: 'text/plain' });

  for (const step of ['create', 'complete', 'abort'])
    await client.send({
      method: 'POST',
      path: `/api/2.0/mlflow-artifacts/mpu/${step}/${root}/big.bin`,
      json: { path: 'big.bin', num_parts: 1, upload_id: 'u', parts: [] },
    });
  await get(`/api/2.0/mlflow-artifacts/presigned/${root}/a.txt`);
  await client.post('/artifacts/presigned-upload-url', { run_id, path: 'a.txt' });
  await client.post('/artifacts/presigned-upload-url', { run_id: 'nobody', path: 'a.txt' });

  const upload = (parameters: Readonly<Record<string, string>>, raw: string): Promise<unknown> =>
    client.send({ method: 'POST', path: `/ajax-api/2.0/mlflow/upload-artifact?${query(parameters)}`, raw, contentType: 'text/plain' });
  await upload({ run_uuid: run_id, path: 'note.md' }, '# note');
  await upload({ run_uuid: run_id, path: '../note.md' }, '# note');
  await upload({ run_uuid: run_id }, '# note');
  await upload({ path: 'note.md' }, '# note');
  await upload({ run_uuid: run_id, path: 'none.md' }, '');
  await upload({ run_uuid: run_id, path: 'large.md' }, 'x'.repeat(10 * 1024 * 1024 + 1));
  await get(`/get-artifact?${query({ run_id, path: 'note.md' })}`);

  await client.post('/registered-models/create', { name: `with files ${client.experimentId}` });
  const name = `with files ${client.experimentId}`;
  await client.post('/model-versions/create', { name, run_id, source: `mlflow-artifacts:/${root}/model` });
  for (const path of ['MLmodel', 'data/model.txt', 'nothing', '../a.txt', '']) await get(`/model-versions/get-artifact?${query({ name, version: '1', path })}`);
  await get(`/model-versions/get-artifact?${query({ name, version: '9', path: 'MLmodel' })}`);
  await get(`/model-versions/get-artifact?${query({ name, path: 'MLmodel' })}`);

  for (const path of ['a.txt', 'a.txt', 'model', 'nothing', '%2e%2e/x']) await client.send({ method: 'DELETE', path: `${proxied}/${root}/${path}` });
  await client.get('/artifacts/list', { run_id });
};

/** A logged model's files are beside the runs, not in one. */
export const modelArtifacts = async (client: Replay): Promise<void> => {
  const model = await client.post('/logged-models', { experiment_id: client.experimentId, name: 'with files' });
  const id = pick(model, 'model.info.model_id');
  const root = pick(model, 'model.info.artifact_uri').replace(/^mlflow-artifacts:\/*/, '');
  const files = `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`;
  for (const path of ['MLmodel', 'data/model.txt'])
    await client.send({ method: 'PUT', path: `/api/2.0/mlflow-artifacts/artifacts/${root}/${path}`, raw: `content of ${path}`, contentType: 'text/plain' });
  await client.get(`/logged-models/${id}/artifacts/directories`);
  for (const artifact_directory_path of ['data', 'nothing', '..', '/etc'])
    await client.get(`/logged-models/${id}/artifacts/directories`, { artifact_directory_path });
  await client.get('/logged-models/m-none/artifacts/directories');
  for (const path of ['MLmodel', 'data/model.txt', 'data', 'nothing', '..%2Fx', '%2Fetc%2Fpasswd', ''])
    await client.send({ method: 'GET', path: `${files}?artifact_file_path=${path}` });
  await client.send({ method: 'GET', path: files });
  await client.send({ method: 'GET', path: '/ajax-api/2.0/mlflow/logged-models/m-none/artifacts/files?artifact_file_path=MLmodel' });
};
