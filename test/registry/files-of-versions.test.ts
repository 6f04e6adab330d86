import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { uploadArtifact, type UploadedFile } from '../../extension/artifacts/run-upload.ts';
import { copyVersion } from '../../extension/registry/copy-version.ts';
import { readModelFolder } from '../../extension/registry/model-folder.ts';
import { registerFiles } from '../../extension/registry/register-files.ts';
import { modelsOfRun } from '../../extension/registry/run-models.ts';
import { listVersionFiles, openVersionFile } from '../../extension/registry/version-files.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import { asRunId } from '../../schemas/ids.ts';
import { newAppStore, type AppStore } from '../support/app-store.ts';
import { newTempFolder } from '../support/store-database.ts';

const newModelFolder = (files: Readonly<Record<string, string>> = { MLmodel: 'flavors: {}', 'data/model.pkl': 'bytes' }): string => {
  const folder = newTempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

const textOf = async (body: Promise<AsyncIterable<Uint8Array>>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const register = async ({ store, registry }: AppStore, files: readonly UploadedFile[], signal?: AbortSignal) => {
  await registry.createRegisteredModel({ name: 'wine' });
  const seen: string[] = [];
  const version = await registerFiles(store, registry, { name: 'wine', files, runName: 'upload', onFile: ({ path }) => seen.push(path) }, signal);
  return { version, seen };
};

const filesOf = ({ store, registry }: AppStore) => ({ http: store.http, tracking: store.tracking, artifacts: store.artifacts, registry });

const activeRuns = async ({ store }: AppStore): Promise<number> => {
  const { experimentId } = await store.tracking.getExperimentByName('Default');
  return (await store.tracking.searchRuns({ experimentIds: [experimentId], maxResults: 10 })).items.length;
};

describe('a local folder', () => {
  test('becomes a version with all its files', async () => {
    const opened = newAppStore();
    const { version, seen } = await register(opened, await readModelFolder(newModelFolder()));
    expect(version).toMatchObject({ name: 'wine', version: 1, status: 'READY' });
    expect(seen.toSorted()).toEqual(['MLmodel', 'data/model.pkl']);
    const files = await listVersionFiles(filesOf(opened), version);
    expect(files.map(({ path }) => path).toSorted()).toEqual(['MLmodel', 'data/model.pkl']);
    expect(await textOf(openVersionFile(filesOf(opened), version, 'data/model.pkl'))).toBe('bytes');
  });

  test('without an MLmodel is refused', async () => {
    await expect(readModelFolder(newModelFolder({ 'a.txt': '' }))).rejects.toThrow('is not a model');
  });

  test('with links: to files they are followed, to folders they are not', async () => {
    const folder = newModelFolder();
    symlinkSync(join(folder, 'MLmodel'), join(folder, 'again'));
    symlinkSync(folder, join(folder, 'loop'));
    expect((await readModelFolder(folder)).map(({ path }) => path).toSorted()).toEqual(['MLmodel', 'again', 'data/model.pkl']);
  });

  test('that fails on the way leaves no version and no run', async () => {
    const opened = newAppStore();
    const broken: UploadedFile = {
      path: 'b',
      size: 1,
      open: () => {
        throw new Error('The disk is gone');
      },
    };
    await expect(register(opened, [...(await readModelFolder(newModelFolder())), broken])).rejects.toThrow('The disk is gone');
    expect(await activeRuns(opened)).toBe(0);
    expect((await opened.registry.searchModelVersions({ maxResults: 10 })).items).toEqual([]);
  });

  test('that is given up leaves nothing either', async () => {
    const opened = newAppStore();
    await expect(register(opened, await readModelFolder(newModelFolder()), AbortSignal.abort())).rejects.toThrow('aborted');
    expect(await activeRuns(opened)).toBe(0);
  });

  test('larger than a server takes is refused before it is sent', async () => {
    const target = { http: newAppStore().store.http, runId: asRunId('r'), artifactUri: 's3://bucket/r', isOurs: false };
    const file = { path: 'model.bin', size: 11_000_000, open: () => new ReadableStream<Uint8Array>() };
    await expect(uploadArtifact(target, file)).rejects.toThrow("'model.bin' is larger than 10 MB, and the server takes no more for artifacts in s3");
  });
});

test('a name with spaces, percent signs and quotes arrives as it is', async () => {
  const opened = newAppStore();
  const folder = newModelFolder({ MLmodel: '', "a b%20c'd#e?.txt": 'x' });
  const { version } = await register(opened, await readModelFolder(folder));
  expect((await listVersionFiles(filesOf(opened), version)).map(({ path }) => path)).toContain("a b%20c'd#e?.txt");
});

describe('what a run has to register', () => {
  test('folders with an MLmodel, and the models that it has recorded', async () => {
    const { store } = newAppStore();
    const experimentId = await store.tracking.createExperiment({ name: 'e' });
    const run = await store.tracking.createRun({ experimentId, startTime: 1, tags: [] });
    const place = fileURLToPath(new URL(run.info.artifactUri, 'file://'));
    for (const path of ['old/MLmodel', 'plots/a.png']) {
      mkdirSync(join(place, dirname(path)), { recursive: true });
      writeFileSync(join(place, path), '');
    }
    const loggedModels = createRestLoggedModelStore(store.http);
    const model = await loggedModels.createLoggedModel({ experimentId, name: 'new', sourceRunId: run.info.runId });
    const found = await modelsOfRun({ ...run, modelOutputs: [{ modelId: model.modelId, step: 0 }] }, { artifacts: store.artifacts, loggedModels });
    const { runId, artifactUri } = run.info;
    expect(found).toEqual([
      { label: 'new', source: `models:/${model.modelId}`, modelId: model.modelId, runId },
      { label: 'old', source: `${artifactUri}/old`, runId },
    ]);
  });

  test('nothing', async () => {
    const { store } = newAppStore();
    const experimentId = await store.tracking.createExperiment({ name: 'e' });
    const run = await store.tracking.createRun({ experimentId, startTime: 1, tags: [] });
    expect(await modelsOfRun(run, { artifacts: store.artifacts, loggedModels: createRestLoggedModelStore(store.http) })).toEqual([]);
  });
});

describe('the files of a version', () => {
  test('that is a copy are those of the original', async () => {
    const opened = newAppStore();
    const { version } = await register(opened, await readModelFolder(newModelFolder()));
    const copy = await copyVersion(opened.registry, version, 'wine');
    expect((await listVersionFiles(filesOf(opened), copy)).length).toBe(2);
  });

  test('of a logged model are that model', async () => {
    const opened = newAppStore();
    const experimentId = await opened.store.tracking.createExperiment({ name: 'e' });
    const model = await createRestLoggedModelStore(opened.store.http).createLoggedModel({ experimentId, name: 'm' });
    const place = fileURLToPath(new URL(model.artifactLocation, 'file://'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'MLmodel'), 'flavors: {}');
    await opened.registry.createRegisteredModel({ name: 'wine' });
    const version = await opened.registry.createModelVersion({ name: 'wine', source: `models:/${model.modelId}`, modelId: model.modelId });
    expect(await listVersionFiles(filesOf(opened), version)).toEqual([{ path: 'MLmodel', isDirectory: false, size: 11 }]);
  });

  test('that are gone, or that no server can list, are told in words', async () => {
    const opened = newAppStore();
    const { version } = await register(opened, []);
    await expect(listVersionFiles(filesOf(opened), version)).rejects.toThrow('The files of wine version 1 are gone');
    const far = await opened.registry.createModelVersion({ name: 'wine', source: 's3://bucket/m' });
    await expect(listVersionFiles(filesOf(opened), far)).rejects.toThrow("MLflow's server cannot list them");
  });
});
