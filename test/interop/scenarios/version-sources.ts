import { pick, type Replay } from '../../support/replay.ts';
import { registry } from './registered-models.ts';

const source = 's3://bucket/model';

export const versionSources = async (client: Replay): Promise<void> => {
  const send = registry(client);
  const name = 'pear';
  const run = await client.post('/runs/create', { experiment_id: client.experimentId, start_time: 1 });
  const run_id = pick(run, 'run.info.run_id');
  const artifacts = pick(run, 'run.info.artifact_uri');
  const model = await client.post('/logged-models', { experiment_id: client.experimentId, name: 'lm', source_run_id: run_id });
  const model_id = pick(model, 'model.info.model_id');
  const other = pick(await client.post('/logged-models', { experiment_id: client.experimentId, name: 'other' }), 'model.info.model_id');
  const location = pick(model, 'model.info.artifact_uri');
  await send.createModel({ name });
  await send.createModel({ name: 'copy' });
  await send.createModel({ name: 'prompt', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
  await send.createVersion({ name, source: `models:/${model_id}`, model_id });
  await send.setAlias({ name, alias: 'champ', version: '1' });
  for (const fields of [
    { source: `models:/${model_id}` },
    { source: `models:/${model_id}`, model_id, run_id: 'other' },
    { source: `models:/${other}`, model_id: other },
    { source: `models:/${model_id}`, model_id: other },
    { source: 'models:/m-none', model_id: 'm-none' },
    { source: `models://host/${model_id}`, model_id },
    { source: `runs:/${run_id}/model`, run_id },
    { source: `runs:/${run_id}`, run_id },
    { source: `runs:/${run_id}/model` },
    { source: `runs:/${run_id}/model`, run_id: 'other' },
    { source: `runs:/${run_id}/model`, model_id },
    { source: 'runs:/none/model', run_id: 'none' },
    { source: `runs://x/${run_id}/model`, run_id },
    { source: 'runs:/', run_id },
    { source: `runs:/${run_id}/../x`, run_id },
    { source: `models:/${name}/1` },
    { source: `models:/${name}/1`, run_id },
    { source: `models:/${name}/1`, run_id: '' },
    { source: `models:/${name}/1`, run_id: 'zz' },
    { source: `models:/${name}/1`, model_id: 'zz' },
    { source: `models:/${name}/01` },
    { source: `models:/${name}/99` },
    { source: `models:/${name}/x` },
    { source: `models:/${name}/None` },
    { source: `models:/${name}/production` },
    { source: `models:/${name}/latest` },
    { source: `models:/${name}@champ` },
    { source: `models:/${name}@none` },
    { source: `models:/${name}@` },
    { source: `models:/${name}@latest` },
    { source: 'models:/none/1' },
    { source: 'models:/none@a' },
    { source: 'models:/prompt/1' },
    { source: 'models:/a/b/c' },
    { source: 'models:/' },
    { source: 'models:x' },
    { source: 'models:/ /1' },
    { source: `models://host/${name}/1` },
    { source: `${artifacts}/model`, run_id },
    { source: artifacts, run_id },
    { source: `${artifacts}/model/`, run_id },
    { source: `${artifacts}//model`, run_id },
    { source: `${artifacts}/model` },
    { source: `${artifacts}x/model`, run_id },
    { source: `${artifacts}/../model`, run_id },
    { source: `${artifacts}/%2e%2e/model`, run_id },
    { source: `${artifacts}/model`, run_id: 'none' },
    { source: `${artifacts}/model`, model_id },
    { source: location, model_id },
    { source: `${location}/x`, model_id },
    { source: location, model_id: other },
    { source: location, model_id: 'm-none' },
    { source: location, run_id },
    { source: '/etc/passwd' },
    { source: '/etc/passwd', run_id },
    { source: '/etc/passwd', run_id: 'none' },
    { source: '/etc/passwd', model_id },
    { source: '/etc/passwd', model_id: 'm-none' },
    { source: 'file:///etc/passwd' },
    { source: 'file://host/etc/passwd' },
    { source: 'file://localhost/etc/passwd' },
    { source: 'file:relative' },
    { source: 'relative/path' },
    { source: ' ' },
    { source: 's3://bucket/a/b' },
    { source: 's3://bucket/a/../b' },
    { source: 's3://bucket/a/%2e%2e/b' },
    { source: 's3://bucket/a/%252e%252e/b' },
    { source: 's3://bucket/a/%25252e%25252e/b' },
    { source: 's3://bucket/a/%2e%2e%2fb' },
    { source: 's3://bucket/a/./b' },
    { source: 's3://bucket/a//b' },
    { source: 's3://bucket/a b' },
    { source: 's3://bucket' },
    { source: 's3://bucket/' },
    { source: 's3://bucket/a+b' },
    { source: 's3://bucket/a%00b' },
    { source: 's3://bucket/a?x=../b' },
    { source: 's3://localhost/a' },
    { source: 'S3://bucket/x' },
    { source: 'dbfs:/x' },
    { source: 'dbfs:x' },
    { source: 'weird:/x' },
    { source: 'C:\\x' },
    { source: 'mlflow-artifacts:/x' },
    { source: 'mlflow-artifacts:x' },
    { source, model_id },
    { source, model_id: 'm-none' },
    { source, run_id: 'none' },
    { source, run_id: '', model_id: '' },
    { source: 'prompt-template', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] },
    { source: 'dummy-source', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'TRUE' }] },
    { source, tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] },
    { source: 'prompt-template', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'false' }] },
  ]) {
    const created = await send.createVersion({ name: 'copy', ...fields });
    await client.get('/model-versions/get-download-uri', { name: 'copy', version: pick(created, 'model_version.version') });
  }
  for (const elsewhere of [
    'http://host/x',
    'https://host/api/2.0/mlflow-artifacts/artifacts/x',
    'ftp://host/x',
    'sftp://h/x',
    'hdfs://h/x',
    'abfss://f@h/x',
    'mlflow-artifacts://host/x',
  ]) {
    await send.createVersion({ name: 'copy', source: elsewhere });
  }
  await client.send({ method: 'GET', path: `/api/2.0/mlflow/logged-models/${model_id}` });
};
