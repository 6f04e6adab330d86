import type { Replay } from '../../support/replay.ts';
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
