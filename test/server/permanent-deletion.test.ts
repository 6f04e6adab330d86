import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openSqliteStore, type OpenSqliteStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { sql } from '../../extension/shared/sql.ts';
import type { PermanentDeletionReply, PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import { newTempFolder } from '../support/store-database.ts';
import { insertMetric, insertRun, setTag } from '../support/store-rows.ts';

const tables = ['runs', 'metrics', 'params', 'tags', 'inputs', 'experiments', 'datasets', 'logged_models'] as const;

/** Experiment 1 with two runs (one deleted), each with a metric, a tag, an input and an artifact of 5 bytes. */
const newStore = async (): Promise<{ store: OpenSqliteStore; deleted: string; active: string }> => {
  const store = openSqliteStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const [deleted, active] = ['d'.repeat(32), 'a'.repeat(32)];
  await store.database.write((write) => {
    write.run(sql`INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (1, 'one', 'active')`);
    write.run(sql`INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source) VALUES ('u', 1, 'n', 'g', 't', 's')`);
    for (const runId of [deleted, active]) {
      insertRun(write, { runId, experimentId: '1' });
      insertMetric(write, runId);
      setTag(write, runId, 'a', 'b');
      write.run(
        sql`INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES (${runId}, 'DATASET', 'u', 'RUN', ${runId})`,
      );
      write.run(sql`UPDATE runs SET artifact_uri = ${artifactsOf(store, runId)} WHERE run_uuid = ${runId}`);
    }
    write.run(sql`UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = ${deleted}`);
  });
  for (const runId of [deleted, active]) {
    mkdirSync(artifactsOf(store, runId), { recursive: true });
    writeFileSync(join(artifactsOf(store, runId), 'model.txt'), '12345');
  }
  return { store, deleted, active };
};

const artifactsOf = (store: OpenSqliteStore, runId: string): string => join(dirname(store.database.path), 'mlruns', '1', runId, 'artifacts');

const request = async (store: OpenSqliteStore, json: PermanentDeletionRequest): Promise<PermanentDeletionReply & { error_code?: string }> => {
  const init = { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  return (await (await store.app.request('/workbench/v1/permanent-deletion', init)).json()) as PermanentDeletionReply & { error_code?: string };
};

const countRows = (store: OpenSqliteStore): Record<string, number | undefined> =>
  Object.fromEntries(
    tables.map((table) => [table, store.database.read((read) => read.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, values: [] }))?.n]),
  );

test('a dry run says what would go, and changes nothing', async () => {
  const { store, deleted } = await newStore();
  const before = countRows(store);
  expect(await request(store, { dryRun: true })).toEqual({ runIds: [deleted], experimentIds: [], modelIds: [], files: 1, bytes: 5, kept: [] });
  expect(countRows(store)).toEqual(before);
  expect(existsSync(artifactsOf(store, deleted))).toBe(true);
});

test('what is deleted goes with rows and artifacts, and nothing else', async () => {
  const { store, deleted, active } = await newStore();
  expect(await request(store, {})).toMatchObject({ runIds: [deleted], files: 1, bytes: 5 });
  expect(countRows(store)).toEqual({ runs: 1, metrics: 1, params: 0, tags: 1, inputs: 1, experiments: 2, datasets: 1, logged_models: 0 });
  expect(existsSync(dirname(artifactsOf(store, deleted)))).toBe(false);
  expect(existsSync(join(artifactsOf(store, active), 'model.txt'))).toBe(true);
});

test('with an experiment its runs, datasets and models go', async () => {
  const { store, deleted, active } = await newStore();
  await store.database.write((write) => {
    write.run(sql`UPDATE experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = 1`);
    write.run(sql`
      INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage)
      VALUES ('m-1', 1, 'm', '/nowhere', 1, 1, 1, 'active')`);
  });
  const reply = await request(store, { experimentIds: ['1'] });
  expect({ ...reply, runIds: new Set(reply.runIds) }).toMatchObject({ runIds: new Set([deleted, active]), experimentIds: ['1'], modelIds: ['m-1'] });
  expect(countRows(store)).toEqual({ runs: 0, metrics: 0, params: 0, tags: 0, inputs: 0, experiments: 1, datasets: 0, logged_models: 0 });
});

test('what is not deleted, or not there, is refused', async () => {
  const { store, active } = await newStore();
  const before = countRows(store);
  expect(await request(store, { runIds: [active] })).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  expect(await request(store, { runIds: ['x'] })).toMatchObject({ error_code: 'RESOURCE_DOES_NOT_EXIST' });
  expect(await request(store, { experimentIds: ['1'] })).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  expect(countRows(store)).toEqual(before);
});

test.each(['', '/elsewhere', '..'])('a row that points to another folder of the store (%j) takes no files with it', async (suffix) => {
  const { store, deleted } = await newStore();
  const folder = join(dirname(store.database.path), suffix);
  writeFileSync(join(dirname(store.database.path), 'precious.txt'), 'x');
  await store.database.write((write) => write.run(sql`UPDATE runs SET artifact_uri = ${folder} WHERE run_uuid = ${deleted}`));
  expect(await request(store, {})).toMatchObject({ runIds: [deleted], files: 0, kept: [{ artifactUri: folder, reason: expect.any(String) }] });
  expect(existsSync(join(dirname(store.database.path), 'precious.txt'))).toBe(true);
});

test.each([
  [
    'with folders and links in it',
    (folder: string) => (
      mkdirSync(join(folder, 'a/b'), { recursive: true }),
      writeFileSync(join(folder, 'a/b/c'), '123'),
      symlinkSync('/etc', join(folder, 'link'))
    ),
  ],
  ['that is not there', (folder: string) => rmSync(folder, { recursive: true })],
  ['that is a file', (folder: string) => (rmSync(folder, { recursive: true }), writeFileSync(folder, 'x'))],
  ['that is a link out of the store', (folder: string) => (rmSync(folder, { recursive: true }), symlinkSync('/etc', folder))],
])('a dry run says of a folder %s what a real one does', async (_name, change) => {
  const { store, deleted } = await newStore();
  change(artifactsOf(store, deleted));
  const foretold = await request(store, { dryRun: true });
  expect(await request(store, {})).toEqual(foretold);
  expect(existsSync('/etc/passwd')).toBe(true);
});

test('a store that cannot be written loses nothing, and a dry run says so too', async () => {
  const { store, deleted } = await newStore();
  await store.database.write((write) => write.run(sql`DELETE FROM alembic_version`));
  await store.database.write((write) => write.run(sql`ALTER TABLE runs ADD COLUMN another INTEGER`)).catch(() => undefined);
  const refused = { error_code: 'PERMISSION_DENIED', message: expect.stringContaining('can only be read') as unknown };
  expect(await request(store, { dryRun: true })).toMatchObject(refused);
  expect(await request(store, {})).toMatchObject(refused);
  expect(existsSync(artifactsOf(store, deleted))).toBe(true);
});
