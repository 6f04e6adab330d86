import { describe, expect, onTestFinished, test } from 'vitest';

import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { StoreConnection } from '../../../extension/tracking/store-connection.ts';
import { Favourites } from '../../../extension/tracking/ui/favourites.ts';
import { StoreBranch } from '../../../extension/tracking/ui/store-branch.ts';
import { mergeEvents } from '../../../extension/tracking/ui/store-changes.ts';
import type { MoreNode, TreeNode } from '../../../extension/tracking/ui/tree-nodes.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { ageStore } from '../../support/old-store.ts';
import { connect, newOpenStore, newServerProcess, whenState } from '../../support/open-store.ts';
import { connectRemote, whenRemoteState } from '../../support/remote-store.ts';
import { newStoreDatabase } from '../../support/store-database.ts';
import { startTcpServer } from '../../support/tcp-server.ts';

interface NewRun {
  readonly name: string;
  readonly startTime?: number;
  readonly parent?: RunId;
}

const addRun = async ({ tracking }: StoreConnection, experimentId: ExperimentId, { name, startTime = 1_000, parent }: NewRun): Promise<RunId> => {
  const tags = parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }];
  return (await tracking.createRun({ experimentId, runName: name, startTime, tags })).info.runId;
};

/** What VS Code keeps of a workspace, for a test. */
const newMemory = (): ConstructorParameters<typeof Favourites>[0] => {
  const kept = new Map<string, unknown>();
  return { get: (key, otherwise) => (kept.get(key) as typeof otherwise | undefined) ?? otherwise, update: async (key, value) => void kept.set(key, value) };
};

/** A row by the words a person reads in it. */
const textOf = (branch: StoreBranch, node: TreeNode): string => {
  switch (node.kind) {
    case 'folder':
      return `${node.path}/`;
    case 'experiment':
      return branch.experiment(node.experimentId)?.name ?? '?';
    case 'run':
      return branch.run(node)?.info.runName ?? '?';
    case 'note':
      return node.text;
    default:
      return node.kind;
  }
};

const rowsBelow = async (branch: StoreBranch, node: TreeNode): Promise<readonly string[]> =>
  (await branch.children(node)).map((child) => textOf(branch, child));

const child = async (branch: StoreBranch, node: TreeNode, text: string): Promise<TreeNode> => {
  const found = (await branch.children(node)).find((one) => textOf(branch, one) === text);
  if (found === undefined) throw new Error(`No row '${text}'`);
  return found;
};

const newBranch = async (): Promise<{ store: StoreConnection; branch: StoreBranch; experimentId: ExperimentId }> => {
  const store = await newOpenStore();
  const experimentId = await store.tracking.createExperiment({ name: 'wine' });
  return { store, branch: new StoreBranch(store, new Favourites(newMemory())), experimentId };
};

const experimentRow = (branch: StoreBranch): Promise<TreeNode> => child(branch, branch.root, 'wine');

const runsChanged = (experimentId: ExperimentId, ...runIds: readonly RunId[]): StoreEvent => ({
  type: 'runs',
  runs: runIds.map((runId) => ({ runId, experimentId })),
});

test('a store that can only be read says why, and what would help, above its experiments', async () => {
  const { path } = newStoreDatabase();
  ageStore(path);
  const store = connect(newServerProcess(), path);
  await whenState(store, 'ready');
  const branch = new StoreBranch(store, new Favourites(newMemory()));
  expect(await rowsBelow(branch, branch.root)).toEqual([
    expect.stringMatching(/can only be read: it lacks experiments\.last_update_time.*'Back Up and Upgrade Store…' makes it writable$/),
    'Default',
  ]);
});

test('what was read of a store that is away stays, with the reason above it, and is read again when it is back', async () => {
  const { server } = await startTcpServer();
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const { connection } = connectRemote(proxy.url);
  await whenRemoteState(connection, 'ready');
  const experimentId = await connection.tracking.createExperiment({ name: 'vision/wine' });
  await connection.tracking.createExperiment({ name: 'unseen' });
  await addRun(connection, experimentId, { name: 'kept' });
  const branch = new StoreBranch(connection, new Favourites(newMemory()));
  const wineRow = async (): Promise<TreeNode> => await child(branch, await child(branch, branch.root, 'vision/'), 'vision/wine');
  expect(await rowsBelow(branch, await wineRow())).toEqual(['kept']);

  proxy.fault = () => ({ kind: 'answer', status: 503, body: 'down for repair' });
  await whenRemoteState(connection, 'failed');
  await branch.apply(mergeEvents([{ type: 'reset' }]));
  expect(branch.isStale).toBe(true);
  expect(await rowsBelow(branch, branch.root)).toEqual([expect.stringContaining('down for repair'), 'vision/', 'Default', 'unseen']);
  expect(await rowsBelow(branch, await wineRow())).toEqual(['kept']);
  expect(await rowsBelow(branch, await child(branch, branch.root, 'unseen'))).toEqual(['Its runs had not been read before the store went away']);

  proxy.fault = () => undefined;
  await whenRemoteState(connection, 'ready');
  await branch.apply(mergeEvents([{ type: 'reset' }]));
  expect(branch.isStale).toBe(false);
  expect(await rowsBelow(branch, branch.root)).toEqual(['vision/', 'Default', 'unseen']);
  expect(await rowsBelow(branch, await child(branch, branch.root, 'unseen'))).toEqual(['No runs yet']);
});

test('what is starred stands above everything else, follows its runs, and is kept with the workspace', async () => {
  const { store, experimentId } = await newBranch();
  const memory = newMemory();
  const favourites = new Favourites(memory);
  const branch = new StoreBranch(store, favourites);
  const runId = await addRun(store, experimentId, { name: 'best' });
  expect(await rowsBelow(branch, branch.root)).toEqual(['Default', 'wine']);
  await favourites.set(store.id, [{ experimentId }, { experimentId, runId }], true);
  await favourites.set(store.id, [{ experimentId, runId }], true);
  expect(await rowsBelow(branch, branch.root)).toEqual(['favourites', 'Default', 'wine']);
  const folder = await child(branch, branch.root, 'favourites');
  expect(await rowsBelow(branch, folder)).toEqual(['wine', 'best']);
  for (const row of await branch.children(folder)) expect(branch.parent(row)).toBe(folder);
  const [starred, own] = await Promise.all([child(branch, folder, 'best'), child(branch, await experimentRow(branch), 'best')]);
  if (starred.kind !== 'run' || own.kind !== 'run') throw new Error('These are rows of runs');
  expect([branch.otherRow(starred), branch.otherRow(own)]).toEqual([own, starred]);
  const ids = [...(await branch.children(folder)), ...(await branch.children(branch.root)), ...(await branch.children(await experimentRow(branch)))];
  expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);

  await store.tracking.updateRun({ runId, runName: 'still best' });
  expect(await branch.apply(mergeEvents([runsChanged(experimentId, runId)]))).toContain(folder);
  expect(await rowsBelow(branch, folder)).toEqual(['wine', 'still best']);
  await store.tracking.deleteRun(runId);
  expect(await rowsBelow(branch, folder)).toEqual(['wine']);
  await favourites.set(store.id, [{ experimentId }], false);
  expect(new Favourites(memory).of(store.id)).toEqual([{ experimentId, runId }]);
});

describe('what is shown', () => {
  test('names with slashes become folders, before the experiments', async () => {
    const { store, branch } = await newBranch();
    for (const name of ['vision/resnet', 'vision/vit/large', 'audio']) await store.tracking.createExperiment({ name });
    expect(await rowsBelow(branch, branch.root)).toEqual(['vision/', 'audio', 'Default', 'wine']);
    expect(await rowsBelow(branch, await child(branch, branch.root, 'vision/'))).toEqual(['vision/vit/', 'vision/resnet']);
  });

  test('runs stand newest first, nested ones below their parents', async () => {
    const { store, branch, experimentId } = await newBranch();
    const parent = await addRun(store, experimentId, { name: 'parent', startTime: 1_000 });
    const nested = await addRun(store, experimentId, { name: 'nested', startTime: 2_000, parent });
    await addRun(store, experimentId, { name: 'deep', startTime: 3_000, parent: nested });
    await addRun(store, experimentId, { name: 'other', startTime: 4_000 });
    expect(await rowsBelow(branch, await experimentRow(branch))).toEqual(['other', 'parent']);
    const parentRow = await child(branch, await experimentRow(branch), 'parent');
    expect(await rowsBelow(branch, parentRow)).toEqual(['nested']);
    expect(await rowsBelow(branch, await child(branch, parentRow, 'nested'))).toEqual(['deep']);
  });

  test('only runs that have nested ones can be expanded', async () => {
    const { store, branch, experimentId } = await newBranch();
    const parent = await addRun(store, experimentId, { name: 'parent' });
    await addRun(store, experimentId, { name: 'nested', parent });
    const single = await addRun(store, experimentId, { name: 'single' });
    await branch.children(await experimentRow(branch));
    expect(branch.forest(experimentId)?.mayHaveNested(parent)).toBe(true);
    expect(branch.forest(experimentId)?.mayHaveNested(single)).toBe(false);
  });

  test('a nested run outlives its deleted parent', async () => {
    const { store, branch, experimentId } = await newBranch();
    const parent = await addRun(store, experimentId, { name: 'parent' });
    await addRun(store, experimentId, { name: 'nested', parent });
    await store.tracking.deleteRun(parent);
    expect(await rowsBelow(branch, await experimentRow(branch))).toEqual(['nested']);
  });

  test('an experiment without runs says so', async () => {
    const { branch } = await newBranch();
    expect(await rowsBelow(branch, await experimentRow(branch))).toEqual(['No runs yet']);
  });

  test('the newest fifty, then fifty more, also when all started in the same millisecond', async () => {
    const { store, branch, experimentId } = await newBranch();
    await Promise.all(Array.from({ length: 120 }, (_, index) => addRun(store, experimentId, { name: `run ${index}` })));
    const row = await experimentRow(branch);
    const countRows = async (): Promise<number> => (await branch.children(row)).filter(({ kind }) => kind === 'run').length;
    const showMore = async (): Promise<void> => {
      const more = (await branch.children(row)).find((node): node is MoreNode => node.kind === 'more');
      if (more !== undefined) await branch.showMore(more);
    };
    expect(await countRows()).toBe(50);
    await showMore();
    expect(await countRows()).toBe(100);
    await showMore();
    expect(await countRows()).toBe(120);
    expect((await rowsBelow(branch, row)).at(-1)).not.toBe('more');
  });
});

describe('what changes', () => {
  test('a new run refreshes its experiment, and nothing is asked for experiments that are closed', async () => {
    const { store, branch, experimentId } = await newBranch();
    const closed = await store.tracking.createExperiment({ name: 'closed' });
    const row = await experimentRow(branch);
    await branch.children(row);
    const runId = await addRun(store, experimentId, { name: 'new' });
    const elsewhere = await addRun(store, closed, { name: 'elsewhere' });
    expect(await branch.apply(mergeEvents([runsChanged(experimentId, runId), runsChanged(closed, elsewhere)]))).toEqual([row]);
    expect(await rowsBelow(branch, row)).toEqual(['new']);
  });

  test('a new metric refreshes the row of its run alone', async () => {
    const { store, branch, experimentId } = await newBranch();
    const runId = await addRun(store, experimentId, { name: 'run' });
    const row = await child(branch, await experimentRow(branch), 'run');
    await store.tracking.logMetric(runId, { key: 'rmse', value: 0.5, timestamp: 1, step: 0 });
    expect(await branch.apply(mergeEvents([{ type: 'metrics', runs: [{ runId, experimentId, keys: ['rmse'] }] }]))).toEqual([row]);
    expect(branch.forest(experimentId)?.get(runId)?.latestMetrics).toMatchObject([{ key: 'rmse', value: 0.5 }]);
  });

  test('a deleted run is gone, a restored one is back', async () => {
    const { store, branch, experimentId } = await newBranch();
    const runId = await addRun(store, experimentId, { name: 'run' });
    const row = await experimentRow(branch);
    expect(await rowsBelow(branch, row)).toEqual(['run']);
    await store.tracking.deleteRun(runId);
    await branch.apply(mergeEvents([runsChanged(experimentId, runId)]));
    expect(await rowsBelow(branch, row)).toEqual(['No runs yet']);
    await store.tracking.restoreRun(runId);
    await branch.apply(mergeEvents([runsChanged(experimentId, runId)]));
    expect(await rowsBelow(branch, row)).toEqual(['run']);
  });

  test('a run older than those shown stays behind "show more"', async () => {
    const { store, branch, experimentId } = await newBranch();
    await Promise.all(Array.from({ length: 51 }, (_, index) => addRun(store, experimentId, { name: `run ${index}`, startTime: 1_000 + index })));
    const row = await experimentRow(branch);
    await branch.children(row);
    const runId = await addRun(store, experimentId, { name: 'ancient', startTime: 1 });
    expect(await branch.apply(mergeEvents([runsChanged(experimentId, runId)]))).toEqual([]);
  });

  test('the first nested run of a run makes it expandable, and a parent older than the page is shown with it', async () => {
    const { store, branch, experimentId } = await newBranch();
    const old = await addRun(store, experimentId, { name: 'old parent', startTime: 1 });
    await Promise.all(Array.from({ length: 50 }, (_, index) => addRun(store, experimentId, { name: `run ${index}`, startTime: 1_000 })));
    const row = await experimentRow(branch);
    expect(await rowsBelow(branch, row)).not.toContain('old parent');
    const nested = await addRun(store, experimentId, { name: 'nested', startTime: 2_000, parent: old });
    expect(await branch.apply(mergeEvents([runsChanged(experimentId, nested)]))).toEqual([row]);
    expect(await rowsBelow(branch, await child(branch, row, 'old parent'))).toEqual(['nested']);
  });

  test('new experiments refresh the store, whose rows stay the same objects', async () => {
    const { store, branch } = await newBranch();
    const row = await experimentRow(branch);
    await store.tracking.createExperiment({ name: 'another' });
    expect(await branch.apply(mergeEvents([{ type: 'experiments' }]))).toEqual([branch.root]);
    expect(await rowsBelow(branch, branch.root)).toContain('another');
    expect(await experimentRow(branch)).toBe(row);
  });

  test('after a reset as many runs are read as were shown', async () => {
    const { store, branch, experimentId } = await newBranch();
    await Promise.all(Array.from({ length: 80 }, (_, index) => addRun(store, experimentId, { name: `run ${index}` })));
    const row = await experimentRow(branch);
    const more = (await branch.children(row)).find((node): node is MoreNode => node.kind === 'more');
    if (more !== undefined) await branch.showMore(more);
    await branch.apply(mergeEvents([{ type: 'reset' }]));
    expect(await branch.children(row)).toHaveLength(80);
  });
});

test('every row knows the row above it', async () => {
  const { store, branch } = await newBranch();
  const experimentId = await store.tracking.createExperiment({ name: 'a/b/c' });
  const parent = await addRun(store, experimentId, { name: 'parent' });
  await addRun(store, experimentId, { name: 'nested', parent });
  let node: TreeNode = branch.root;
  for (const text of ['a/', 'a/b/', 'a/b/c', 'parent', 'nested']) {
    const below = await child(branch, node, text);
    expect(branch.parent(below)).toBe(node);
    node = below;
  }
});

describe('a run is found', () => {
  test('behind “Show 50 more”', async () => {
    const { store, branch, experimentId } = await newBranch();
    const old = await addRun(store, experimentId, { name: 'old', startTime: 1 });
    await Promise.all(Array.from({ length: 60 }, (_, index) => addRun(store, experimentId, { name: `run ${index}`, startTime: 1_000 + index })));
    expect(await rowsBelow(branch, await experimentRow(branch))).not.toContain('old');
    const row = await branch.findRun(old);
    expect(await rowsBelow(branch, await experimentRow(branch))).toContain('old');
    expect(branch.parent(row)).toBe(await experimentRow(branch));
  });

  test('below the parents that it is nested in, however many, which nobody has expanded', async () => {
    const { store, branch, experimentId } = await newBranch();
    const parent = await addRun(store, experimentId, { name: 'parent' });
    let above = parent;
    for (let depth = 1; depth < 9; depth++) above = await addRun(store, experimentId, { name: `nested ${depth}`, parent: above });
    const deep = await addRun(store, experimentId, { name: 'deep', parent: above });
    await Promise.all(Array.from({ length: 60 }, (_, index) => addRun(store, experimentId, { name: `run ${index}`, startTime: 2_000 + index })));
    const row = await branch.findRun(deep);
    const path: string[] = [];
    for (let at: TreeNode | undefined = row; at !== undefined; at = branch.parent(at)) path.unshift(textOf(branch, at));
    expect(path).toEqual(['store', 'wine', 'parent', ...Array.from({ length: 8 }, (_, index) => `nested ${index + 1}`), 'deep']);
    const parentRow = branch.parent(row);
    expect(parentRow && (await rowsBelow(branch, parentRow))).toEqual(['deep']);
  });

  test('unless it or its experiment is deleted, which is said', async () => {
    const { store, branch, experimentId } = await newBranch();
    const run = await addRun(store, experimentId, { name: 'gone' });
    await store.tracking.deleteRun(run);
    await expect(branch.findRun(run)).rejects.toThrow('The run “gone” is deleted: restore it to see it');
    await store.tracking.restoreRun(run);
    await store.tracking.deleteExperiment(experimentId);
    await expect(branch.findRun(run)).rejects.toThrow(/deleted: restore it/);
  });
});
