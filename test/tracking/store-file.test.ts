import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { asExperimentId } from '../../schemas/ids.ts';
import { workbenchIndexes } from '../../schemas/tracking-database.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { ServerProcess } from '../../extension/shared/server-process.ts';
import { LocalConnection, type AgreedFolders } from '../../extension/tracking/local-connection.ts';
import { ageStore, renewStore } from '../support/old-store.ts';
import { connect, newOpenStore, newServerProcess, whenState } from '../support/open-store.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';

/** Programs start in these; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

const newStoreFile = async (server: ServerProcess): Promise<string> => {
  const path = join(newTempFolder(), 'store', 'mlflow.db');
  await server.openStore({ path, create: true });
  return path;
};

const keptInMemory = (): AgreedFolders => {
  const folders = new Map<string, string[]>();
  return {
    of: (path) => folders.get(path) ?? [],
    add: async (path, folder) => void folders.set(path, [...(folders.get(path) ?? []), folder]),
  };
};

const connectWith = async (server: ServerProcess, path: string, agreed: AgreedFolders): Promise<LocalConnection> => {
  const connection = new LocalConnection({ path, label: 'mlflow.db', log: silentLogger, server, agreed });
  onTestFinished(() => connection.dispose());
  await whenState(connection, 'ready');
  return connection;
};

describe('artifacts outside the folder of the store', () => {
  /** A store whose rows say that a run's artifacts are elsewhere, where a file is. */
  const newHostileStore = async (server: ServerProcess) => {
    const path = await newStoreFile(server);
    const connection = connect(server, path);
    await whenState(connection, 'ready');
    const outside = join(dirname(dirname(path)), 'outside');
    const experimentId = await connection.tracking.createExperiment({ name: 'elsewhere', artifactLocation: outside });
    const { info } = await connection.tracking.createRun({ experimentId, startTime: 1, tags: [] });
    mkdirSync(info.artifactUri, { recursive: true });
    writeFileSync(join(info.artifactUri, 'secret.txt'), 'secret');
    connection.dispose();
    return { path, outside, runId: info.runId };
  };

  test('are not read, and the refusal names the folder and what helps, until a person agrees', async () => {
    const server = newServerProcess();
    const { path, outside, runId } = await newHostileStore(server);
    const agreed = keptInMemory();
    const connection = await connectWith(server, path, agreed);
    await expect(connection.artifacts.listArtifacts(runId)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringMatching(new RegExp(`^The artifacts are in ${outside}/.*Allow Artifact Folders`)),
    });
    await expect(connection.artifacts.downloadArtifact(runId, 'secret.txt')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await connection.artifactFolders()).toEqual([outside]);

    await connection.allowArtifactFolder(outside);
    expect(await connection.artifacts.listArtifacts(runId)).toMatchObject([{ path: 'secret.txt' }]);
    expect(await connection.artifactFolders()).toEqual([]);
    expect(agreed.of(path)).toEqual([outside]);
  });

  test('are read the next time too, and after a crash of the server, but not those of another store', async () => {
    const server = newServerProcess();
    const { path, outside, runId } = await newHostileStore(server);
    const agreed = keptInMemory();
    await agreed.add(path, outside);
    const connection = await connectWith(server, path, agreed);
    expect(await connection.artifacts.listArtifacts(runId)).toHaveLength(1);
    if (server.state.kind !== 'running') throw new Error('The server runs');
    process.kill(server.state.pid, 'SIGKILL');
    await new Promise<void>((resolve) => server.onDidChangeState((state) => state.kind === 'running' && resolve()));
    expect(await connection.artifacts.listArtifacts(runId)).toHaveLength(1);

    const other = await newHostileStore(server);
    const second = await connectWith(server, other.path, agreed);
    await expect(second.artifacts.listArtifacts(other.runId)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  test('are found in rows of experiments, runs, models and versions; what is inside or on a cloud is not listed', async () => {
    const connection = await newOpenStore();
    const inside = dirname(connection.path);
    new Database(connection.path)
      .exec(
        `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) VALUES
           (1, 'inside', '${inside}/x', 'active'), (2, 'cloud', 's3://bucket/x', 'active'), (3, 'etc', '${pathToFileURL('/etc').href}', 'active');
         INSERT INTO runs (run_uuid, experiment_id, lifecycle_stage, artifact_uri, status) VALUES
           ('a', 1, 'active', '${inside}/x/a/artifacts', 'FINISHED'), ('b', 1, 'active', '/root/.ssh', 'FINISHED'), ('c', 1, 'active', '../up', 'FINISHED');
         INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status) VALUES
           ('m', 1, 'm', '/var/models', 1, 1, 2);
         INSERT INTO registered_models (name) VALUES ('m');
         INSERT INTO model_versions (name, version, source) VALUES ('m', 1, '/srv/versions'), ('m', 2, '/etc/below'), ('m', 3, 'models:/m-1')`,
      )
      .close();
    expect(await connection.artifactFolders()).toEqual([join(dirname(inside), 'up'), '/etc', '/root/.ssh', '/srv/versions', '/var/models'].toSorted());
  });
});

describe('indexes of our own', () => {
  test('are made in a file of somebody else only when asked for, and removed again', async () => {
    const connection = await newOpenStore();
    const names = workbenchIndexes.map(({ name }) => name);
    expect(await connection.indexes()).toEqual({ present: names, missing: [] });
    expect(await connection.setIndexes(false)).toEqual({ present: [], missing: names });
    expect(await connection.setIndexes(true)).toEqual({ present: names, missing: [] });
    const database = new Database(connection.path);
    onTestFinished(() => void database.close());
    expect(database.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'workbench%' ORDER BY rowid").pluck().all()).toEqual(names);
  });

  test('that mlflow has by itself are not missing', async () => {
    const connection = await newOpenStore();
    await connection.setIndexes(false);
    new Database(connection.path).exec('CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, "key", step)').close();
    const { present, missing } = await connection.setIndexes(true);
    expect([present, missing]).toEqual([workbenchIndexes.map(({ name }) => name).filter((name) => name !== 'workbench_metrics'), []]);
  });
});

test('a store that is too old can only be read, says why, and is written once Python has upgraded it, while it is open', async () => {
  const server = newServerProcess();
  const { path } = newStoreDatabase();
  ageStore(path);
  const connection = connect(server, path);
  expect(await whenState(connection, 'ready')).toEqual({
    kind: 'ready',
    canUpgrade: true,
    readOnlyReason: `${path} can only be read: it lacks experiments.last_update_time, which releases of mlflow before 2.9 did not have (schema revision 0c779009ac13)`,
  });
  expect((await connection.tracking.searchExperiments({ maxResults: 10 })).items).toMatchObject([{ name: 'Default' }]);
  await expect(connection.tracking.getExperiment(asExperimentId('99'))).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  expect(await connection.tracking.getExperiment(asExperimentId('0'))).toMatchObject({ name: 'Default' });
  await expect(connection.setIndexes(false)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(connection.tracking.createExperiment({ name: 'x' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });

  const changed = new Promise<unknown>((resolve) => connection.onDidChangeState(resolve));
  renewStore(path);
  expect(await changed).toEqual({ kind: 'ready' });
  await connection.tracking.createExperiment({ name: 'x' });
});
