import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { copyVersion } from '../../extension/registry/copy-version.ts';
import { remoteHistoryFile } from '../../extension/registry/history-file.ts';
import { readModelFolder } from '../../extension/registry/model-folder.ts';
import { readRegistryHistory } from '../../extension/registry/read-history.ts';
import { registerFiles } from '../../extension/registry/register-files.ts';
import { registryOf } from '../../extension/registry/registry-of.ts';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { sentenceOf } from '../../extension/registry/ui/history-text.ts';
import { readModelSnapshot } from '../../extension/registry/ui/read-model.ts';
import { RegistryBranch } from '../../extension/registry/ui/registry-branch.ts';
import { listVersionFiles } from '../../extension/registry/version-files.ts';
import { readSnapshot } from '../../extension/registry/version-snapshot.ts';
import { startMlflowServer } from '../support/mlflow-server.ts';
import { connectRemote, whenRemoteState } from '../support/remote-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const newModelFolder = (): string => {
  const folder = newTempFolder();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'MLmodel'), `flavors: {}\nsignature:\n  inputs: '[{"name": "a", "type": "double", "required": true}]'\n`);
  writeFileSync(join(folder, 'data', 'model.bin'), Buffer.alloc(11_000_000, 7));
  return folder;
};

test('a plain mlflow server shows its registry as a tree, takes a folder as a version, and hands out its files', { timeout: 240_000 }, async () => {
  const server = await startMlflowServer(newTempFolder());
  onTestFinished(() => server.stop());
  const storage = newTempFolder();
  const { connection } = connectRemote(server.url, remoteHistoryFile(storage, server.url));
  await whenRemoteState(connection, 'ready');
  const registry = registryOf(connection);
  const names = ['wine', `it's`, 'say "x"', `both ' and "`, 'a % and _ $(zap) <b>', 'x'.repeat(250)];
  for (const name of names) {
    await registry.createRegisteredModel({ name });
    await registry.createModelVersion({ name, source: 's3://bucket/model' });
  }
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  const branch = new RegistryBranch(connection, () => ({ search: '', order: 'name' }));
  expect((await branch.children(branch.root)).map((node) => (node.kind === 'model' ? node.name : node.kind)).toSorted()).toEqual(names.toSorted());
  for (const name of names) expect((await branch.children(branch.modelNode(name))).map(({ kind }) => kind)).toEqual(['version']);
  expect(branch.model('wine')?.aliases).toEqual([{ alias: 'champion', version: 1 }]);

  const files = await readModelFolder(newModelFolder());
  const version = await registerFiles(connection, registry, { name: 'wine', files, runName: 'upload', onFile: () => {} });
  const source = { http: connection.http, tracking: connection.tracking, artifacts: connection.artifacts, registry };
  expect((await listVersionFiles(source, version)).map(({ path, size }) => `${path} ${size ?? ''}`).toSorted()).toEqual([
    'MLmodel 87',
    'data/model.bin 11000000',
  ]);
  expect((await readSnapshot(source, version)).signature?.inputs).toMatchObject({ kind: 'columns', columns: [{ name: 'a' }] });
  const copy = await copyVersion(registry, version, `it's`);
  expect((await listVersionFiles(source, copy)).length).toBe(2);
  const page = await readModelSnapshot(connection, 'wine', 'version_number > 1');
  expect(page.versions.map((one) => `${one.version} ${one.runName}`)).toEqual(['2 upload']);
  expect((await readModelSnapshot(connection, 'wine', 'nonsense')).filterProblem).toBeDefined();

  // Somebody else, in Python or anywhere.
  const others = createRestRegistryStore(connection.http);
  await others.setRegisteredModelAlias('wine', 'champion', 2);
  await registry.setRegisteredModelAlias('wine', 'best', 2);
  const linesOf = async (store: Parameters<typeof readRegistryHistory>[0]): Promise<readonly string[]> =>
    (await readRegistryHistory(store, 'wine')).changes.map((change) => `${change.kind}: ${sentenceOf(change)}`);
  const lines = await linesOf(connection);
  expect(lines).toEqual([
    'exact: model created',
    'exact: version 1 registered from s3://bucket/model',
    'exact: @champion set to version 1',
    expect.stringMatching(/^exact: version 2 registered from /),
    'exact: @best set to version 2',
    'observed: @champion moved from version 1 to version 2',
  ]);
  const { changes, problem } = await readRegistryHistory(connection, 'wine');
  expect(changes.filter(({ kind }) => kind === 'exact').map(({ by }) => by)).toEqual(Array.from({ length: 5 }, () => userInfo().username));
  expect(problem).toContain('This server keeps no history');
  expect(await linesOf({ http: connection.http, registryNotes: remoteHistoryFile(storage, server.url) }), 'after a restart').toEqual(lines);
  expect((await readRegistryHistory({ http: connection.http }, 'wine')).changes.every(({ kind }) => kind === 'observed')).toBe(true);
});
