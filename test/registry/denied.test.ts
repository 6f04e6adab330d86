import { join } from 'node:path';
import { expect, test } from 'vitest';

import { moveAlias } from '../../extension/registry/alias-changes.ts';
import { promote, promotionTag, type Promotion } from '../../extension/registry/promotion.ts';
import { readRegistryHistory } from '../../extension/registry/read-history.ts';
import { registryOf } from '../../extension/registry/registry-of.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { transition } from '../../extension/registry/transition.ts';
import { readModelSnapshot } from '../../extension/registry/ui/read-model.ts';
import { RegistryBranch } from '../../extension/registry/ui/registry-branch.ts';
import { openDatabase } from '../../extension/server/database.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { startDenyingServer } from '../support/denying-server.ts';
import { connectRemote, whenRemoteState } from '../support/remote-store.ts';
import { serveStore } from '../support/serve-store.ts';
import { newTempFolder } from '../support/store-database.ts';

/** A model with two versions, as its owner sees it, and as somebody does who may not do everything. */
const newServer = async (isDenied: (method: string, path: string) => boolean) => {
  const path = join(newTempFolder(), 'mlflow.db');
  openDatabase(path, { create: true }).dispose();
  const { url } = await serveStore(path);
  const owner = createRestRegistryStore(fetchClient(url));
  await owner.createRegisteredModel({ name: 'wine' });
  for (let count = 0; count < 2; count++) await owner.createModelVersion({ name: 'wine', source: 's3://bucket/model' });
  await owner.setRegisteredModelAlias('wine', 'champion', 1);
  const { connection } = connectRemote(await startDenyingServer(url, isDenied));
  await whenRemoteState(connection, 'ready');
  return { owner, connection, registry: registryOf(connection) };
};

const denied = { code: 'PERMISSION_DENIED', message: expect.stringContaining('Permission denied') as string };

test('a server that does not let one into its registry: the tree, the page and the history say so, and nothing else stops', async () => {
  const { connection } = await newServer((_, path) => /registered-models|model-versions|registry-history/.test(path));
  const branch = new RegistryBranch(connection, () => ({ search: '', order: 'name' }));
  const [row, ...others] = await branch.children(branch.root);
  expect(row).toMatchObject({ kind: 'note', severity: 'error', text: expect.stringContaining('Permission denied') as string });
  expect(others).toEqual([]);
  await expect(readModelSnapshot(connection, 'wine', '')).rejects.toMatchObject(denied);
  await expect(readRegistryHistory(connection, 'wine')).rejects.toMatchObject(denied);
  expect((await connection.tracking.searchExperiments({ maxResults: 10 })).items).toHaveLength(1);
});

const toChampion: Promotion = { name: 'wine', version: 2, target: { kind: 'alias', alias: 'champion' }, champion: 1, gate: 'passed', reason: '' };

test.each([
  ['moves', (method: string, path: string) => method === 'POST' && path.includes('/alias')],
  ['tags', (method: string, path: string) => method === 'POST' && path.includes('/set-tag')],
])('a promotion whose %s are not permitted leaves everything as it was', async (_, isDenied) => {
  const { owner, registry } = await newServer(isDenied);
  await expect(promote(registry, toChampion, Date.now())).rejects.toMatchObject(denied);
  const version = await owner.getModelVersion('wine', 2);
  expect(version.tags.find(({ key }) => key === promotionTag)).toBeUndefined();
  expect((await owner.getRegisteredModel('wine')).aliases).toEqual([{ alias: 'champion', version: 1 }]);
});

test('who may only read changes nothing, and is told', async () => {
  const { owner, registry } = await newServer((method, path) => method !== 'GET' && /registered-models|model-versions/.test(path));
  await expect(moveAlias(registry, { name: 'wine', alias: 'champion', version: 2, seenAt: 1 })).rejects.toMatchObject(denied);
  await expect(transition(registry, { name: 'wine', version: 2, stage: 'Production', archiveExistingVersions: true })).rejects.toMatchObject(denied);
  await expect(registry.createModelVersion({ name: 'wine', source: 's3://bucket/model' })).rejects.toMatchObject(denied);
  await expect(registry.deleteRegisteredModel('wine')).rejects.toMatchObject(denied);
  const { aliases, latestVersions } = await owner.getRegisteredModel('wine');
  expect(aliases).toEqual([{ alias: 'champion', version: 1 }]);
  expect(latestVersions.map(({ version, currentStage }) => `${version} ${currentStage ?? ''}`)).toEqual(['2 None']);
});
