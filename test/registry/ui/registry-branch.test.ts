import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';

import type { RegistryStore } from '../../../extension/registry/registry-store.ts';
import { modelDescription, versionDescription, versionTooltip } from '../../../extension/registry/ui/model-text.ts';
import { RegistryBranch, type RegistryView } from '../../../extension/registry/ui/registry-branch.ts';
import type { MoreNode, RegistryNode } from '../../../extension/registry/ui/registry-nodes.ts';
import type { StoreConnection } from '../../../extension/tracking/store-connection.ts';
import { newAppStore, type AppStore } from '../../support/app-store.ts';

const newBranch = (view: Partial<RegistryView> = {}): AppStore & { readonly branch: RegistryBranch } => {
  const opened = newAppStore();
  return { ...opened, branch: new RegistryBranch(opened.store, () => ({ search: '', order: 'name', ...view })) };
};

const addVersion = (registry: RegistryStore, name: string): Promise<unknown> => registry.createModelVersion({ name, source: 's3://bucket/model' });

/** A row by the words a person reads in it. */
const textOf = (node: RegistryNode): string => {
  switch (node.kind) {
    case 'folder':
      return `${node.path}/`;
    case 'model':
      return node.name;
    case 'version':
      return `${node.name} v${node.version}`;
    case 'note':
      return node.text;
    default:
      return node.kind;
  }
};

const rowsBelow = async (branch: RegistryBranch, node: RegistryNode): Promise<readonly string[]> => (await branch.children(node)).map(textOf);

describe('what is shown', () => {
  test('a store without models says so', async () => {
    const { branch } = newBranch();
    expect(await rowsBelow(branch, branch.root)).toEqual(['No registered models yet']);
  });

  test('models by name, their versions newest first, and a model without any', async () => {
    const { registry, branch } = newBranch();
    for (const name of ['wine', 'beer']) await registry.createRegisteredModel({ name });
    for (let count = 0; count < 3; count++) await addVersion(registry, 'wine');
    expect(await rowsBelow(branch, branch.root)).toEqual(['beer', 'wine']);
    expect(await rowsBelow(branch, branch.modelNode('wine'))).toEqual(['wine v3', 'wine v2', 'wine v1']);
    expect(await rowsBelow(branch, branch.modelNode('beer'))).toEqual(['No versions yet']);
  });

  test('names of old models that have slashes are folders', async () => {
    const { registry, branch, path } = newBranch();
    for (const name of ['wine', 'red', 'beer']) await registry.createRegisteredModel({ name });
    const database = new Database(path);
    for (const name of ['wine', 'red']) database.prepare('UPDATE registered_models SET name = ? WHERE name = ?').run(`team/grapes/${name}`, name);
    database.close();
    const [folder] = await branch.children(branch.root);
    expect(await rowsBelow(branch, branch.root)).toEqual(['team/', 'beer']);
    const [inner] = folder === undefined ? [] : await branch.children(folder);
    if (inner === undefined) throw new Error('There is a folder in the folder');
    expect(await rowsBelow(branch, inner)).toEqual(['team/grapes/red', 'team/grapes/wine']);
    expect(branch.parent(branch.modelNode('team/grapes/red'))).toBe(inner);
  });

  test('a version is described by alias, stage, age, metric of its run and creator', async () => {
    const { store, registry, branch } = newBranch();
    const experimentId = await store.tracking.createExperiment({ name: 'e' });
    const { info } = await store.tracking.createRun({ experimentId, runName: 'r', startTime: 1, tags: [] });
    await store.tracking.logBatch({
      runId: info.runId,
      metrics: ['loss', 'rmse'].map((key) => ({ key, value: 0.123456789, timestamp: 1n, step: 0n })),
      params: [],
      tags: [],
    });
    await registry.createRegisteredModel({ name: 'wine' });
    await registry.createModelVersion({ name: 'wine', source: `${info.artifactUri}/model`, runId: info.runId });
    await registry.setRegisteredModelAlias('wine', 'champion', 1);
    await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
    await branch.children(branch.root);
    await branch.children(branch.modelNode('wine'));
    const version = branch.version(branch.versionNode('wine', 1));
    const model = branch.model('wine');
    if (version === undefined || model === undefined) throw new Error('They are loaded');
    expect(modelDescription(model)).toBe('v1 · @champion');
    const context = { aliases: ['champion'], run: branch.sourceRun(version), metrics: ['rmse'], now: version.creationTimestamp + 3_600_000 };
    expect(versionDescription({ ...version, userId: 'ann' }, context)).toBe('@champion · Production · 1 h · rmse 0.12346 · ann');
    const failed = { ...version, status: 'FAILED_REGISTRATION', statusMessage: 'no space left' } as const;
    expect(versionDescription(failed, context)).toContain('Production · failed · 1 h');
    expect(versionTooltip(failed, context)).toMatch(/Status \| failed.*no space left \|/);
    expect(versionDescription({ ...version, status: 'PENDING_REGISTRATION' }, context)).toContain('Production · pending · 1 h');
  });

  test('a run that is gone leaves the version as it is', async () => {
    const { store, registry, branch } = newBranch();
    const experimentId = await store.tracking.createExperiment({ name: 'e' });
    const { info } = await store.tracking.createRun({ experimentId, startTime: 1, tags: [] });
    await registry.createRegisteredModel({ name: 'wine' });
    await registry.createModelVersion({ name: 'wine', source: `${info.artifactUri}/model`, runId: info.runId });
    await store.tracking.deleteRun(info.runId);
    await store.deletePermanently?.({ runIds: [info.runId] });
    expect(await rowsBelow(branch, branch.modelNode('wine'))).toEqual(['wine v1']);
  });

  test.each([`it's`, 'say "x"', `both ' and "`, 'a % and _', '<b>bold<b> $(zap)', 'x'.repeat(250)])(
    'the versions of a model named %s are its own',
    async (name) => {
      const { registry, branch } = newBranch();
      for (const one of [name, 'both x and "']) {
        await registry.createRegisteredModel({ name: one });
        await addVersion(registry, one);
      }
      expect(await rowsBelow(branch, branch.modelNode(name))).toEqual([`${name} v1`]);
    },
  );

  test('a server that answers with an error is a row that says it', async () => {
    const { store } = newBranch();
    const denied: StoreConnection = { ...store, http: { ...store.http, json: () => Promise.reject(new Error('Permission denied')) } };
    const branch = new RegistryBranch(denied, () => ({ search: '', order: 'name' }));
    expect(await rowsBelow(branch, branch.root)).toEqual(['Permission denied']);
  });
});

describe('search and order', () => {
  test.each([
    ['INE', ['vine', 'wine']],
    ["tags.team = 'a'", ['beer']],
    ["name LIKE 'w%'", ['wine']],
    ['zz', ['No model matches the search']],
  ])('%s', async (search, expected) => {
    const { registry, branch } = newBranch({ search });
    for (const name of ['wine', 'vine', 'beer']) await registry.createRegisteredModel({ name });
    await registry.setRegisteredModelTag('beer', { key: 'team', value: 'a' });
    expect(await rowsBelow(branch, branch.root)).toEqual(expected);
  });

  test('most versions first', async () => {
    const { registry, branch } = newBranch({ order: 'versions' });
    for (const name of ['a', 'b', 'c']) await registry.createRegisteredModel({ name });
    for (const name of ['b', 'c', 'c']) await addVersion(registry, name);
    expect(await rowsBelow(branch, branch.root)).toEqual(['c', 'b', 'a']);
  });

  test('newest change first', async () => {
    const { registry, branch } = newBranch({ order: 'updated' });
    for (const name of ['a', 'b']) await registry.createRegisteredModel({ name });
    await registry.updateRegisteredModel('a', 'changed later');
    expect(await rowsBelow(branch, branch.root)).toEqual(['a', 'b']);
  });
});

describe('many', () => {
  const more = (nodes: readonly RegistryNode[]): MoreNode => {
    const last = nodes.at(-1);
    if (last?.kind !== 'more') throw new Error('There is more');
    return last;
  };

  test('a thousand models are read a page at a time, and again in one request', async () => {
    const { registry, branch, taken } = newBranch();
    const names = Array.from({ length: 1050 }, (_, index) => `m${String(index).padStart(4, '0')}`);
    await Promise.all(names.map((name) => registry.createRegisteredModel({ name })));
    taken();
    const first = await branch.children(branch.root);
    expect([first.length, taken().length]).toEqual([101, 1]);
    branch.showMore(more(first));
    const second = await branch.children(branch.root);
    expect([second.length, taken().length]).toEqual([201, 1]);
    expect(second.slice(0, 100)).toEqual(first.slice(0, 100));
    branch.forget();
    expect([(await branch.children(branch.root)).length, taken().length]).toEqual([201, 1]);
  });

  test('sorted by versions, all models are read in pages and a hundred are shown', async () => {
    const { registry, branch, taken } = newBranch({ order: 'versions' });
    await Promise.all(Array.from({ length: 1050 }, (_, index) => registry.createRegisteredModel({ name: `m${index}` })));
    await registry.createModelVersion({ name: 'm1049', source: 's3://bucket/model' });
    taken();
    const first = await branch.children(branch.root);
    expect([first.length, taken().length, textOf(first[0] ?? branch.root)]).toEqual([101, 2, 'm1049']);
    branch.showMore(more(first));
    expect([(await branch.children(branch.root)).length, taken().length]).toEqual([201, 0]);
  });

  test('versions come fifty at a time, with one search for all their runs', async () => {
    const { store, registry, branch, taken } = newBranch();
    const experimentId = await store.tracking.createExperiment({ name: 'e' });
    await registry.createRegisteredModel({ name: 'm' });
    for (let at = 0; at < 60; at++) {
      const { info } = await store.tracking.createRun({ experimentId, startTime: 1, tags: [] });
      await registry.createModelVersion({ name: 'm', source: `${info.artifactUri}/model`, runId: info.runId });
    }
    taken();
    const first = await branch.children(branch.modelNode('m'));
    expect(first.length).toBe(51);
    expect(taken().map((path) => path.replace('/api/2.0/mlflow', ''))).toEqual(['/model-versions/search', '/experiments/search', '/runs/search']);
    branch.showMore(more(first));
    expect((await branch.children(branch.modelNode('m'))).length).toBe(60);
    expect(taken().length).toBe(3);
  });
});

test('what changed is shown after it is forgotten, by the same rows', async () => {
  const { registry, branch } = newBranch();
  await registry.createRegisteredModel({ name: 'wine' });
  await addVersion(registry, 'wine');
  const before = await branch.children(branch.root);
  await branch.children(branch.modelNode('wine'));
  await addVersion(registry, 'wine');
  await registry.setRegisteredModelAlias('wine', 'champion', 2);
  branch.forget();
  expect(await branch.children(branch.root)).toEqual(before);
  expect((await branch.children(branch.root))[0]).toBe(before[0]);
  expect(branch.model('wine')?.aliases).toEqual([{ alias: 'champion', version: 2 }]);
  expect(await rowsBelow(branch, branch.modelNode('wine'))).toEqual(['wine v2', 'wine v1']);
});
