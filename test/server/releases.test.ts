import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { openSqliteStore, type OpenSqliteStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { recordedStores, restoreRecordedStore } from '../support/recorded-stores.ts';
import { newTempFolder } from '../support/store-database.ts';

const openRecording = (file: string): OpenSqliteStore => {
  const path = join(newTempFolder(), 'mlflow.db');
  restoreRecordedStore(file, path);
  const store = openSqliteStore({ path }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return store;
};

const ask = async (store: OpenSqliteStore, path: string, json?: object): Promise<Record<string, unknown>> => {
  const init = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const response = await store.app.request(`/api/2.0/mlflow${path}`, init);
  const body = (await response.json()) as Record<string, unknown>;
  expect(response.status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body;
};

interface FoundRuns {
  readonly runs: readonly { readonly info: { readonly run_id: string } }[];
}

const searchRuns = async (store: OpenSqliteStore, view: string): Promise<FoundRuns['runs']> =>
  ((await ask(store, '/runs/search', { experiment_ids: ['1'], run_view_type: view, max_results: 10 })) as unknown as FoundRuns).runs;

describe.each(recordedStores)('the store in %s', (file) => {
  test('is read: runs with metrics, params and tags, deleted runs, models with aliases', async () => {
    const store = openRecording(file);
    expect(await searchRuns(store, 'DELETED_ONLY')).toHaveLength(1);
    expect(await searchRuns(store, 'ACTIVE_ONLY')).toMatchObject([
      {
        info: { run_name: 'first', status: 'FINISHED', end_time: 1_700_000_001_000 },
        data: {
          metrics: expect.arrayContaining([
            expect.objectContaining({ key: 'loss', value: 0.2, step: 4 }),
            expect.objectContaining({ key: 'nan', value: 'NaN' }),
          ]),
          params: [{ key: 'alpha', value: '0.5' }],
          tags: expect.arrayContaining([{ key: 'note', value: 'recorded' }]),
        },
      },
    ]);
    expect(await ask(store, '/registered-models/get?name=wine')).toMatchObject({ registered_model: { aliases: [{ alias: 'champion', version: '1' }] } });
  });

  test('is written: a run with a batch, an alias, and the end of the run', async () => {
    const store = openRecording(file);
    expect(store.database.readOnlyReason).toBeUndefined();
    const { run } = (await ask(store, '/runs/create', { experiment_id: '1', start_time: 5 })) as { run: { info: { run_id: string } } };
    const runId = run.info.run_id;
    await ask(store, '/runs/log-batch', {
      run_id: runId,
      metrics: [{ key: 'a', value: 1, timestamp: 1, step: 1 }],
      params: [{ key: 'p', value: 'v' }],
      tags: [{ key: 't', value: 'v' }],
    });
    await ask(store, '/registered-models/alias', { name: 'wine', alias: 'challenger', version: '1' });
    await ask(store, '/runs/update', { run_id: runId, status: 'FINISHED', end_time: 9 });
    expect(await ask(store, `/runs/get?run_id=${runId}`)).toMatchObject({
      run: { info: { status: 'FINISHED' }, data: { metrics: [{ key: 'a', value: 1 }], params: [{ key: 'p', value: 'v' }] } },
    });
    expect(store.database.read((read) => read.all({ text: 'PRAGMA foreign_key_check', values: [] }))).toEqual([]);
  });
});
