import { expect, onTestFinished, test } from 'vitest';

import { changeInTurns } from '../../../extension/shared/change-in-turns.ts';
import { type Edit, PendingEdits } from '../../../extension/tracking/pending-edits.ts';
import type { StoreConnection } from '../../../extension/tracking/store-connection.ts';
import { Favourites } from '../../../extension/tracking/ui/favourites.ts';
import { StoreBranch } from '../../../extension/tracking/ui/store-branch.ts';
import { mergeEvents } from '../../../extension/tracking/ui/store-changes.ts';
import type { TreeNode } from '../../../extension/tracking/ui/tree-nodes.ts';
import { writingTags } from '../../../extension/tracking/ui/write-tags.ts';
import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { windowOf } from '../../support/open-store.ts';
import { connectRemote, whenRemoteState } from '../../support/remote-store.ts';
import { startTcpServer } from '../../support/tcp-server.ts';

interface World {
  readonly store: StoreConnection;
  readonly proxy: FaultProxy;
  readonly edits: PendingEdits;
  readonly branch: StoreBranch;
  readonly experimentId: ExperimentId;
  readonly runIds: readonly RunId[];
  rows(): Promise<readonly string[]>;
}

/** A tree of three runs on a server that a proxy stands before. */
const openTree = async (): Promise<World> => {
  const { server } = await startTcpServer();
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const { connection: store } = connectRemote(proxy.url);
  await whenRemoteState(store, 'ready');
  const experimentId = await store.tracking.createExperiment({ name: 'wine' });
  const runIds: RunId[] = [];
  for (const [index, runName] of ['one', 'two', 'three'].entries())
    runIds.push((await store.tracking.createRun({ experimentId, runName, startTime: index, tags: [] })).info.runId);
  const edits = new PendingEdits();
  const branch = new StoreBranch(store, new Favourites({ get: (_, nothing) => nothing, update: async () => {} }), edits);
  edits.onDidChange((change) => branch.edited(change));
  const rows = async (): Promise<readonly string[]> => readAll(branch, branch.root);
  await rows();
  return { store, proxy, edits, branch, experimentId, runIds, rows };
};

const readAll = async (branch: StoreBranch, node: TreeNode): Promise<readonly string[]> => {
  const below = (await branch.children(node)).filter((one) => textOf(branch, one) !== 'Default');
  return (await Promise.all(below.map(async (one) => [textOf(branch, one), ...(one.kind === 'experiment' ? await readAll(branch, one) : [])]))).flat();
};

const textOf = (branch: StoreBranch, node: TreeNode): string => {
  if (node.kind === 'experiment') return branch.experiment(node.experimentId)?.name ?? '?';
  if (node.kind !== 'run') return node.kind;
  const run = branch.run(node);
  return [run?.info.runName, ...(run?.tags ?? []).filter(({ key }) => !key.startsWith('mlflow.')).map(({ key, value }) => `${key}=${value}`)].join(' ');
};

const all = ['wine', 'three', 'two', 'one'];

type Said = Omit<Extract<Edit, { kind: 'run' }>, 'kind' | 'storeId' | 'runId'>;

/** What may be said of the run *two*, how it is written, and what the tree shows then. */
const said: readonly { readonly edit: Said; write(store: StoreConnection, runId: RunId): Promise<unknown>; readonly shown: readonly string[] }[] = [
  { edit: { name: 'zwei' }, write: ({ tracking }, runId) => tracking.updateRun({ runId, runName: 'zwei' }), shown: ['wine', 'three', 'zwei', 'one'] },
  {
    edit: { tags: [{ key: 'team', value: 'red' }] },
    write: ({ tracking }, runId) => tracking.setTag(runId, { key: 'team', value: 'red' }),
    shown: ['wine', 'three', 'zwei team=red', 'one'],
  },
  {
    edit: { tags: [{ key: 'team', value: null }] },
    write: ({ tracking }, runId) => tracking.deleteTag(runId, 'team'),
    shown: ['wine', 'three', 'zwei', 'one'],
  },
  { edit: { lifecycleStage: 'deleted' }, write: ({ tracking }, runId) => tracking.deleteRun(runId), shown: ['wine', 'three', 'one'] },
];

test('what is said of a run is in the tree before the server answers, and stays', async () => {
  const { store, edits, runIds, branch, experimentId, rows } = await openTree();
  const runId = runIds[1] as RunId;
  for (const { edit, write, shown } of said) {
    let isWritten = false;
    const change = edits.during({ kind: 'run', storeId: store.id, runId, ...edit }, () => write(store, runId)).then(() => (isWritten = true));
    expect([await rows(), isWritten]).toEqual([shown, false]);
    await change;
    expect(await rows()).toEqual(shown);
    await branch.apply(mergeEvents([{ type: 'runs', runs: [{ runId, experimentId }] }]));
    expect(await rows()).toEqual(shown);
  }
});

test('what the server refuses is taken back', async () => {
  const { store, proxy, edits, runIds, rows } = await openTree();
  const runId = runIds[1] as RunId;
  proxy.fault = (request) => (/^POST .*(update|delete|set-tag)/.test(request) ? { kind: 'answer', status: 400, body: '{"message": "No"}' } : undefined);
  for (const { edit, write } of said) {
    const change = edits.during({ kind: 'run', storeId: store.id, runId, ...edit }, () => write(store, runId));
    const shown = await rows();
    await expect(change).rejects.toThrow('No');
    expect(await rows()).toEqual(all);
    if (!edit.tags?.some(({ value }) => value === null)) expect(shown).not.toEqual(all);
  }
});

test('of a run that somebody else deletes while it is edited the refusal says why, and the row goes', async () => {
  const { store, edits, runIds, branch, experimentId, rows } = await openTree();
  const runId = runIds[1] as RunId;
  for (const { edit, write } of said.filter((one) => one.edit.lifecycleStage === undefined)) {
    const change = edits.during({ kind: 'run', storeId: store.id, runId, ...edit }, async () => {
      await store.tracking.deleteRun(runId).catch(() => undefined);
      await branch.apply(mergeEvents([{ type: 'runs', runs: [{ runId, experimentId }] }]));
      await write(store, runId);
    });
    await expect(change).rejects.toThrow(/must be in the 'active'/);
    expect(await rows()).toEqual(['wine', 'three', 'one']);
  }
});

test('a deletion that is undone is back at its place at once', async () => {
  const { store, edits, runIds, branch, experimentId, rows } = await openTree();
  const runId = runIds[1] as RunId;
  const edit = (lifecycleStage: 'deleted' | 'active'): Edit => ({ kind: 'run', storeId: store.id, runId, lifecycleStage });
  await edits.during(edit('deleted'), () => store.tracking.deleteRun(runId));
  await branch.apply(mergeEvents([{ type: 'runs', runs: [{ runId, experimentId }] }]));
  expect(await rows()).toEqual(['wine', 'three', 'one']);
  const back = edits.during(edit('active'), () => store.tracking.restoreRun(runId));
  expect(await rows()).toEqual(all);
  await back;
  expect(await rows()).toEqual(all);
});

test('of a change of many those that fail are as before, and the others are changed', async () => {
  const { store, proxy, edits, runIds, rows } = await openTree();
  const taken: string[] = [];
  proxy.fault = (request) => {
    if (!request.endsWith('/runs/delete')) return undefined;
    taken.push(request);
    return taken.length === 2 ? { kind: 'answer', status: 400, body: '{"message": "No"}' } : undefined;
  };
  const preview = edits.preview<RunId>((runId) => ({ kind: 'run', storeId: store.id, runId, lifecycleStage: 'deleted' }));
  const change = changeInTurns({ items: runIds, preview, change: (runId) => store.tracking.deleteRun(runId) });
  expect(await rows()).toEqual(['wine', 'note']);
  const { done, problem } = await change;
  expect([done.length, problem]).toEqual([2, '1 of 3 could not be changed: No']);
  expect(await rows()).toHaveLength(2);
});

test('an experiment has its new name, is gone, and is back before the server answers', async () => {
  const { store, proxy, edits, experimentId, rows } = await openTree();
  const about = { kind: 'experiment', storeId: store.id, experimentId } as const;
  const renaming = edits.during({ ...about, name: 'cellar' }, () => store.tracking.renameExperiment(experimentId, 'cellar'));
  expect(await rows()).toEqual(['cellar', 'three', 'two', 'one']);
  await renaming;
  const deleting = edits.during({ ...about, lifecycleStage: 'deleted' }, () => store.tracking.deleteExperiment(experimentId));
  expect(await rows()).toEqual([]);
  await deleting;
  proxy.fault = (request) => (request.endsWith('/experiments/restore') ? { kind: 'answer', status: 400, body: '{"message": "No"}' } : undefined);
  const restoring = edits.during({ ...about, lifecycleStage: 'active' }, () => store.tracking.restoreExperiment(experimentId));
  expect(await rows()).toEqual(['cellar', 'three', 'two', 'one']);
  await expect(restoring).rejects.toThrow('No');
  expect(await rows()).toEqual([]);
});

test('tags are taken back to what each run had, unless somebody has changed them since', async () => {
  const { store, edits, runIds } = await openTree();
  const [first, second, third] = runIds.map((runId) => ({ storeId: store.id, runId }));
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three runs');
  const tagsOf = async () => await Promise.all(runIds.map(async (runId) => (await store.tracking.getRun(runId)).tags.find(({ key }) => key === 'team')?.value));
  await store.tracking.setTag(first.runId, { key: 'team', value: 'white' });
  const writing = writingTags({ stores: windowOf(store), edits }, new Map([['team', 'red']]));
  await changeInTurns({ items: [first, second, third], ...writing });
  expect(await tagsOf()).toEqual(['red', 'red', 'red']);
  await store.tracking.setTag(third.runId, { key: 'team', value: 'blue' });
  const { problem } = await changeInTurns({ items: [first, second, third], ...writing.takeBack });
  expect(problem).toBe('1 of 3 could not be changed: The tag team has been changed in the meantime');
  expect(await tagsOf()).toEqual(['white', undefined, 'blue']);
});

test('a tag that somebody else has written while a person was asked for its value stays, and that is told', async () => {
  const { store, edits, runIds } = await openTree();
  const runs = runIds.map((runId) => ({ storeId: store.id, runId }));
  const seen = await Promise.all(runIds.map(async (runId) => await store.tracking.getRun(runId)));
  const [first] = runIds;
  if (first === undefined) throw new Error('There are three runs');
  await store.tracking.setTag(first, { key: 'team', value: 'blue' });
  const { problem } = await changeInTurns({ items: runs, ...writingTags({ stores: windowOf(store), edits }, new Map([['team', 'red']]), seen) });
  expect(problem).toBe('1 of 3 could not be changed: The tag team has been changed in the meantime');
  const tags = await Promise.all(runIds.map(async (runId) => (await store.tracking.getRun(runId)).tags.find(({ key }) => key === 'team')?.value));
  expect(tags).toEqual(['blue', 'red', 'red']);
});
