import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { openStore, type OpenStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import type { PermanentDeletionReply, PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { appClient } from '../support/app-client.ts';
import { newTempFolder } from '../support/store-database.ts';

interface Opened {
  readonly root: string;
  readonly store: OpenStore;
  readonly tracking: TrackingStore;
  readonly deleted: RunId;
  readonly active: RunId;
}

const experimentId = asExperimentId('0');

/** An `mlruns/` with two runs (one deleted), each with a metric and an artifact of 5 bytes. */
const newStore = async (): Promise<Opened> => {
  const root = join(newTempFolder(), 'mlruns');
  const store = openStore({ path: root, create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const tracking = createRestTrackingStore(appClient((request) => store.app.fetch(request)));
  const newRun = async (): Promise<RunId> => {
    const { info } = await tracking.createRun({ experimentId, startTime: 1, tags: [] });
    await tracking.logMetric(info.runId, { key: 'loss', value: 1, step: 0, timestamp: 1 });
    writeFileSync(join(root, '0', info.runId, 'artifacts', 'model.txt'), '12345');
    return info.runId;
  };
  const [deleted, active] = [await newRun(), await newRun()];
  await tracking.deleteRun(deleted);
  return { root, store, tracking, deleted, active };
};

const request = async ({ store }: Opened, json: PermanentDeletionRequest): Promise<PermanentDeletionReply & { readonly message?: string }> => {
  const init = { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  return (await (await store.app.request('/workbench/v1/permanent-deletion', init)).json()) as PermanentDeletionReply & { readonly message?: string };
};

test('a dry run in a folder says what would go, and changes nothing', async () => {
  const opened = await newStore();
  expect(await request(opened, { dryRun: true })).toEqual({ runIds: [opened.deleted], experimentIds: [], modelIds: [], files: 1, bytes: 5, kept: [] });
  expect(existsSync(join(opened.root, '0', opened.deleted, 'artifacts', 'model.txt'))).toBe(true);
});

test('what is deleted goes with its folder, and nothing else', async () => {
  const opened = await newStore();
  expect(await request(opened, {})).toMatchObject({ runIds: [opened.deleted], files: 1, bytes: 5 });
  expect(readdirSync(join(opened.root, '0')).filter((name) => name.length === 32)).toEqual([opened.active]);
  expect(existsSync(join(opened.root, '0', opened.active, 'artifacts', 'model.txt'))).toBe(true);
  await expect(opened.tracking.getRun(opened.deleted)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
});

test('with an experiment its runs go', async () => {
  const opened = await newStore();
  const id = await opened.tracking.createExperiment({ name: 'other' });
  const { info } = await opened.tracking.createRun({ experimentId: id, startTime: 1, tags: [] });
  await opened.tracking.deleteExperiment(id);
  expect(await request(opened, { experimentIds: [id] })).toMatchObject({ runIds: [info.runId], experimentIds: [id] });
  expect(readdirSync(join(opened.root, '.trash'))).toEqual([]);
  expect(existsSync(join(opened.root, '0', opened.deleted))).toBe(true);
});

test('what is not deleted, not there, or broken is refused, and nothing changes', async () => {
  const opened = await newStore();
  writeFileSync(join(opened.root, '0', opened.deleted, 'meta.yaml'), 'lifecycle_stage: deleted\n');
  expect(await request(opened, { runIds: [opened.active] })).toMatchObject({ message: expect.stringContaining('is not deleted') });
  expect(await request(opened, { runIds: ['../0'] })).toMatchObject({ message: expect.stringContaining('not found') });
  expect(await request(opened, { runIds: [opened.deleted] })).toMatchObject({ message: expect.stringContaining('is not deleted') });
  expect(existsSync(join(opened.root, '0', opened.deleted, 'artifacts', 'model.txt'))).toBe(true);
});

test('a folder that is a link is refused: what it leads to may be anybody’s', async () => {
  const opened = await newStore();
  const [folder, elsewhere] = [join(opened.root, '0', opened.deleted), join(newTempFolder(), opened.deleted)];
  renameSync(folder, elsewhere);
  symlinkSync(elsewhere, folder);
  expect(await request(opened, {})).toMatchObject({ message: expect.stringContaining('is a link: remove it by hand') });
  expect(existsSync(join(elsewhere, 'artifacts', 'model.txt'))).toBe(true);
});

test('artifacts outside the store stay where they are, and that is said', async () => {
  const opened = await newStore();
  const outside = join(newTempFolder(), opened.deleted, 'artifacts');
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, 'precious.txt'), 'x');
  const meta = [
    `run_id: ${opened.deleted}`,
    "experiment_id: '0'",
    `artifact_uri: file://${outside}`,
    'lifecycle_stage: deleted',
    'status: 3',
    'start_time: 1',
    'end_time: 2',
    'run_name: r',
    'user_id: u',
  ];
  writeFileSync(join(opened.root, '0', opened.deleted, 'meta.yaml'), `${meta.join('\n')}\n`);
  expect(await request(opened, {})).toMatchObject({ runIds: [opened.deleted], kept: [{ artifactUri: `file://${outside}` }] });
  expect(existsSync(join(outside, 'precious.txt'))).toBe(true);
  expect(existsSync(join(opened.root, '0', opened.deleted))).toBe(false);
});
