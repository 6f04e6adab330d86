import { pick, type Replay } from '../../support/replay.ts';
import { registry } from './registered-models.ts';

const source = 's3://bucket/model';

export const versionLifecycle = async (client: Replay): Promise<void> => {
  const send = registry(client);
  const name = 'grape';
  await send.createModel({ name, tags: [{ key: 'b', value: '1' }] });
  await send.createVersion({
    name,
    source,
    run_id: 'r',
    run_link: 'l',
    description: 'd',
    tags: [{ key: 'z', value: '1' }, { key: 'a' }, { key: 'z', value: '2' }],
  });
  for (let count = 0; count < 3; count += 1) await send.createVersion({ name, source });
  await send.getVersion(name, '1');
  await client.get('/model-versions/get-download-uri', { name, version: '1' });
  await send.updateVersion({ name, version: '1', description: 'dd' });
  await send.updateVersion({ name, version: '1' });
  await send.updateVersion({ name, version: '1', description: '' });
  await send.transition({ name, version: '1', stage: 'staging' });
  await send.transition({ name, version: '1', stage: 'PRODUCTION', archive_existing_versions: true });
  await send.transition({ name, version: '2', stage: 'production', archive_existing_versions: true });
  await send.getModel(name);
  await send.transition({ name, version: '77', stage: 'production', archive_existing_versions: true });
  await send.getVersion(name, '2');
  await client.post('/registered-models/get-latest-versions', { name });
  await client.get('/registered-models/get-latest-versions', { name, stages: ['Production', 'none'] });
  await client.post('/registered-models/get-latest-versions', { name, stages: [] });
  await send.setAlias({ name, alias: 'champ', version: '1' });
  await send.setAlias({ name, alias: 'champ', version: '2' });
  await send.setAlias({ name, alias: 'challenger', version: '2' });
  await send.setAlias({ name, alias: 'Ärger-1_x', version: '3' });
  for (const alias of ['champ', 'CHAMP', 'latest', 'Latest', 'none', 'v1']) await client.get('/registered-models/alias', { name, alias });
  await send.getVersion(name, '2');
  await client.post('/registered-models/get-latest-versions', { name, stages: ['production'] });
  await send.getModel(name);
  await send.deleteAlias({ name, alias: 'challenger' });
  await send.deleteAlias({ name, alias: 'never' });
  await send.setVersionTag({ name, version: '1', key: 'k', value: '2' });
  await send.setVersionTag({ name, version: '1', key: 'k' });
  await send.deleteVersionTag({ name, version: '1', key: 'z' });
  await send.deleteVersionTag({ name, version: '1', key: 'never' });
  await send.getVersion(name, '1');
  await send.deleteVersion({ name, version: '2' });
  await send.deleteVersion({ name, version: '2' });
  await client.get('/registered-models/alias', { name, alias: 'champ' });
  await send.getVersion(name, '2');
  await send.setVersionTag({ name, version: '2', key: 'k', value: '2' });
  await send.deleteVersionTag({ name, version: '2', key: 'z' });
  await send.setAlias({ name, alias: 'x', version: '2' });
  await client.get('/model-versions/get-download-uri', { name, version: '2' });
  await send.getModel(name);
  await send.deleteVersion({ name, version: '4' });
  await send.createVersion({ name, source });
  await client.get('/model-versions/search', { filter: `name = '${name}'` });
  await send.createModel({ name: 'empty' });
  await client.get('/registered-models/alias', { name: 'empty', alias: 'latest' });
  await client.post('/registered-models/get-latest-versions', { name: 'empty' });
};

export const versionBadInput = async (client: Replay): Promise<void> => {
  const send = registry(client);
  const name = 'plum';
  await send.createModel({ name });
  await send.createVersion({ name, source });
  for (const version of ['9', 'abc', '1.5', ' 1 ', '+1', '1_0', '1__0', '0', '-1', '01', '1e3', '0x1', '', '9223372036854775807']) {
    await send.getVersion(name, version);
    await client.get('/model-versions/get-download-uri', { name, version });
    await send.updateVersion({ name, version, description: 'd' });
    await send.transition({ name, version, stage: 'Staging' });
    await send.setAlias({ name, alias: 'a', version });
    await send.setVersionTag({ name, version, key: 'k', value: 'v' });
  }
  await send.updateVersion({ name, version: 1 });
  await send.deleteVersion({ name, version: 'abc' });
  await client.get('/model-versions/get', { name });
  await client.get('/model-versions/get-download-uri', { name });
  await client.get('/model-versions/get-download-uri');
  await send.getVersion('a/b', '1');
  await send.getVersion('none', '1');
  for (const fields of [
    { stage: 'bogus' },
    { stage: 'bogus', archive_existing_versions: true },
    { stage: '' },
    {},
    { stage: 'Deleted_Internal' },
    { stage: 5 },
    { stage: 'Staging', archive_existing_versions: 'yes' },
    { stage: 'Staging', archive_existing_versions: 'true' },
    { stage: 'Staging', archive_existing_versions: 1 },
    { stage: 'NONE' },
    { stage: 'archived', archive_existing_versions: false },
  ]) {
    await send.transition({ name, version: '1', ...fields });
  }
  await send.transition({ name, version: '1', stage: 'None', archive_existing_versions: true });
  await client.post('/registered-models/get-latest-versions', { name, stages: ['x'] });
  await client.post('/registered-models/get-latest-versions', { name, stages: 'None' });
  await client.post('/registered-models/get-latest-versions', { name: 'none' });
  await client.post('/registered-models/get-latest-versions', {});
  for (const alias of ['v1', 'V22', 'v1a', 'version', 'latest', 'LATEST', 'a b', 'a/b', 'a.b', '', 'a'.repeat(255), 'a'.repeat(256), '日本', '😀', 5]) {
    await send.setAlias({ name, alias, version: '1' });
    await client.get('/registered-models/alias', { name, alias: String(alias) });
    await send.deleteAlias({ name, alias });
  }
  await send.setAlias({ name: 'none', alias: 'x', version: '1' });
  await send.setAlias({ name, alias: 'x' });
  await send.deleteAlias({ name: 'none', alias: 'x' });
  await client.get('/registered-models/alias', { name: 'none', alias: 'x' });
  for (const tag of [
    { key: '' },
    {},
    { key: 'a/../b', value: 'x' },
    { key: 'k', value: 'v'.repeat(100_001) },
    { key: 'mlflow.prompt.text', value: 'v'.repeat(100_001) },
    { key: 'k'.repeat(251), value: 'v' },
  ]) {
    await send.setVersionTag({ name, version: '1', ...tag });
    await send.deleteVersionTag({ name, version: '1', ...tag });
  }
  await send.createVersion({ name });
  await send.createVersion({ name, source: '' });
  await send.createVersion({ source });
  await send.createVersion({ name: 'none', source });
  await send.createVersion({ name: 'a/b', source });
  await send.createVersion({ name, source, tags: [{ key: 'a*b' }] });
  await send.createVersion({ name, source: 5 });
  await send.createVersion({ name, source, run_id: 5 });
};

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

export const versionSearch = async (client: Replay): Promise<void> => {
  const send = registry(client);
  await send.createModel({ name: 'fig' });
  await send.createModel({ name: 'Lime' });
  await send.createVersion({
    name: 'fig',
    source: 's3://b/one',
    run_id: 'r1',
    tags: [
      { key: 'k', value: 'a' },
      { key: 'a b', value: '1' },
    ],
  });
  await send.createVersion({
    name: 'fig',
    source: 's3://b/two',
    run_id: 'R2',
    tags: [
      { key: 'k', value: 'A' },
      { key: 'l', value: 'b' },
    ],
  });
  await send.createVersion({ name: 'Lime', source: 's3://b/one', run_id: 'r1' });
  await send.createVersion({ name: 'Lime', source: 's3://b/three' });
  await send.createVersion({ name: 'Lime', source: 's3://b/gone' });
  await send.deleteVersion({ name: 'Lime', version: '3' });
  await send.createModel({ name: 'mixed' });
  await send.createVersion({ name: 'mixed', source });
  await send.createVersion({ name: 'mixed', source: 'dummy-source', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
  for (const filter of modelVersionFilters) await client.get('/model-versions/search', { filter: filter === '' ? "name IN ('fig', 'Lime', 'mixed')" : filter });
  for (const order_by of [
    'name',
    'name DESC',
    'version_number',
    'version_number DESC',
    'creation_timestamp',
    'last_updated_timestamp DESC',
    'attribute.name DESC',
    'attributes.name',
    'tags.name',
    'tags.x',
    'version',
    'run_id',
    'timestamp',
    'x',
    '`name`',
    'name foo',
    '',
    ['version_number', 'name DESC'],
    ['name', 'attribute.name'],
  ]) {
    await client.get('/model-versions/search', { filter: "name IN ('fig', 'Lime')", order_by });
  }
  for (const max_results of [1, 200_000, 200_001, 0, -1, 'x']) await client.get('/model-versions/search', { filter: "name = 'fig'", max_results });
  const first = await client.get('/model-versions/search', { filter: "name = 'fig'", max_results: 1 });
  await client.get('/model-versions/search', { filter: "name = 'fig'", max_results: 1, page_token: pick(first, 'next_page_token') });
  await client.get('/model-versions/search', { page_token: '@@' });
};

const modelVersionFilters = [
  '',
  "name = 'fig'",
  "name != 'fig' AND name != 'mixed'",
  "name = 'mixed'",
  "name LIKE 'l%'",
  "name ILIKE 'l%'",
  "run_id = 'r1'",
  "run_id IN ('r1', 'none')",
  "run_id IN ('R2')",
  "run_id NOT IN ('r1') AND name = 'fig'",
  "run_id LIKE 'r%'",
  "source_path = 's3://b/one'",
  "source_path LIKE '%two'",
  "source_path IN ('x')",
  'version_number = 1 AND name = "fig"',
  "version_number >= '2' AND name = 'fig'",
  "version_number = ' 1 ' AND name = 'fig'",
  'version_number != 1 AND name = "fig"',
  'version_number = 1.5',
  'version_number = 1.0',
  'version_number = 1e1',
  "version_number = 'x'",
  "version_number LIKE '1'",
  "version_number IN ('1')",
  'version_number > -1 AND name = "fig"',
  'version_number = 99999999999999999999',
  'version = 1',
  "version = '1'",
  "tags.k = 'a'",
  "tags.k != 'a'",
  "tags.k ILIKE 'A'",
  "tags.k ILIKE 'a' AND tag.l = 'b'",
  "tags.k = 'a' AND tags.k = 'A'",
  "tags.`a b` = '1'",
  "tags.k IN ('a')",
  'tags.k = 5',
  "tags.`mlflow.prompt.is_prompt` = 'true'",
  "tags.`mlflow.prompt.is_prompt` = 'false'",
  "tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'fig'",
  "stage = 'None'",
  "current_stage = 'None'",
  "status = 'READY'",
  'creation_timestamp > 1',
  "aliases = 'x'",
  'run_id = 5',
  "run_id > 'a'",
  'run_id = r1',
  "attributes.run_id = 'r1'",
  "attribute.run_id = 'r1'",
  "name = 'a' OR name = 'b'",
  "name = 'a'; name = 'b'",
  '1 = version_number',
  'tags.k',
];
