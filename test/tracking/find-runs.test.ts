import { describe, expect, test } from 'vitest';

import { asRunId } from '../../schemas/ids.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { addressText } from '../../extension/tracking/store-connection.ts';
import { findPreviousRun, findRunsById, findRunsOf } from '../../extension/tracking/ui/find-runs.ts';
import { PageRuns } from '../../extension/tracking/ui/page-runs.ts';
import { newOpenStore, windowOf } from '../support/open-store.ts';

/** Runs of one experiment, a millisecond apart; their ids, oldest first. */
const fill = async (store: LocalConnection, name: string, count: number): Promise<readonly string[]> => {
  const experimentId = await store.tracking.createExperiment({ name });
  const ids: string[] = [];
  for (let at = 0; at < count; at++) {
    const { info } = await store.tracking.createRun({ experimentId, startTime: 1000 + at, runName: `${name}-${at}`, tags: [] });
    await store.tracking.logMetric(info.runId, { key: 'rmse', value: at, timestamp: 1, step: 0 });
    ids.push(info.runId);
  }
  return ids;
};

describe('Runs to compare', () => {
  test('of experiments are their newest, as a filter and a number have them', async () => {
    const store = await newOpenStore();
    const [wine, beer] = [await fill(store, 'wine', 4), await fill(store, 'beer', 2)];
    const idsOf = async (source: Parameters<typeof findRunsOf>[1]) => (await findRunsOf([store], source)).pointers.map(({ runId }) => runId);
    expect(await idsOf({ experiments: ['wine'] })).toEqual(wine.toReversed());
    expect(await idsOf({ experiments: ['wine'], newest: 2 })).toEqual([wine[3], wine[2]]);
    expect(await idsOf({ experiments: ['wine'], filter: 'metrics.rmse < 2' })).toEqual([wine[1], wine[0]]);
    expect((await idsOf({ experiments: ['wine', 'beer'] })).toSorted()).toEqual([...wine, ...beer].toSorted());
  });

  test('of an experiment that no store has are none, and it is said', async () => {
    const store = await newOpenStore();
    expect(await findRunsOf([store], { experiments: ['gone'] })).toEqual({ pointers: [], notes: ['No open store has an experiment “gone”.'] });
  });

  test('by id are found in whichever store they are', async () => {
    const stores = [await newOpenStore(), await newOpenStore()] as const;
    const [[first = ''], [second = '']] = [await fill(stores[0], 'a', 1), await fill(stores[1], 'b', 1)];
    expect((await findRunsById(stores, [second, first, 'unknown', first])).pointers).toEqual([
      { runId: second, store: addressText(stores[1].address) },
      { runId: first, store: addressText(stores[0].address) },
      { runId: 'unknown', store: '' },
    ]);
  });

  test('with the previous one are of the same experiment', async () => {
    const store = await newOpenStore();
    const wine = await fill(store, 'wine', 3);
    await fill(store, 'beer', 2);
    expect(await findPreviousRun(store, asRunId(wine[2] ?? ''))).toMatchObject({ runId: wine[1] });
    expect(await findPreviousRun(store, asRunId(wine[0] ?? ''))).toBeUndefined();
  });
});

describe('The runs of a page', () => {
  test('are those that its layout names, and what no store has is missing with the reason', async () => {
    const store = await newOpenStore();
    const [only = ''] = await fill(store, 'wine', 1);
    const runs = new PageRuns(windowOf(store), { runs: [] });
    runs.name([only, 'unknown']);
    const snapshot = await runs.read();
    expect(snapshot?.runs.map(({ name }) => name)).toEqual(['wine-0']);
    expect(snapshot?.missing).toEqual([{ runId: 'unknown', reason: 'No store of this window has it' }]);
  });

  test('that are taken from an experiment are written as such, until one is added or taken away', async () => {
    const store = await newOpenStore();
    const wine = await fill(store, 'wine', 2);
    const runs = new PageRuns(windowOf(store), { runs: [] });
    runs.name({ experiments: ['wine'] });
    await runs.read();
    expect(runs.asLayout).toEqual({ experiments: ['wine'] });
    runs.set(runs.all.slice(1));
    expect(runs.asLayout).toEqual([wine[0]]);
  });
});
