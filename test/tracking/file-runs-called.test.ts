import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { asExperimentId, asRunId } from '../../schemas/ids.ts';
import { fileStoresOf, newFileStores, type FileStores } from '../support/file-store.ts';

const experimentId = asExperimentId('0');

/** Found by their ids alone, and among all by a store that knows nothing yet. */
const searches = async ({ root, tracking }: FileStores, runIds: readonly string[]) => {
  const list = `attributes.run_id IN (${runIds.map((runId) => `'${runId}'`).join(', ')})`;
  const find = async (filter: string, viewType: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL', store = tracking) =>
    (await store.searchRuns({ experimentIds: [experimentId], filter, viewType, orderBy: ['params.p'], maxResults: 50 })).items;
  const views = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;
  return Promise.all(
    views.map(async (viewType) => {
      const [called, one, all] = await Promise.all([
        find(list, viewType),
        find(`${list} AND run_id = '${runIds[0]}'`, viewType),
        find('', viewType, fileStoresOf(root).tracking),
      ]);
      return { called, one, among: all.filter(({ info }) => runIds.includes(info.runId)) };
    }),
  );
};

test('runs that are asked for by their ids are those that a search of all finds, however they have changed since', async () => {
  const stores = newFileStores();
  const others = fileStoresOf(stores.root);
  const create = async () => (await others.tracking.createRun({ experimentId, startTime: 1, tags: [{ key: 't', value: '1' }] })).info.runId;
  const runIds = [await create(), await create(), await create(), await create(), 'f'.repeat(32), 'none', '../0'];
  await create();
  const [kept = '', deleted = '', broken = '', gone = ''] = runIds;
  const expectEqual = async (stages: readonly number[]): Promise<void> => {
    const found = await searches(stores, [...runIds, kept]);
    for (const { called, one, among } of found) {
      expect(called).toEqual(among);
      expect(one).toEqual(among.filter(({ info }) => info.runId === kept));
    }
    expect(found.map(({ called }) => called.length)).toEqual(stages);
  };
  await expectEqual([4, 0, 4]);
  await others.tracking.deleteRun(asRunId(deleted));
  await expectEqual([3, 1, 4]);
  await others.tracking.restoreRun(asRunId(deleted));
  await expectEqual([4, 0, 4]);
  await others.tracking.deleteRun(asRunId(deleted));
  rmSync(join(stores.root, '0', broken, 'meta.yaml'));
  rmSync(join(stores.root, '0', gone), { recursive: true });
  mkdirSync(join(stores.root, '0', kept, 'params'), { recursive: true });
  writeFileSync(join(stores.root, '0', kept, 'params', 'p'), '1');
  await expectEqual([2, 1, 3]);
});
