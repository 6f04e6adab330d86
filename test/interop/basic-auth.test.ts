import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { Logger } from '../../extension/shared/logger.ts';
import { headersFor, type Credentials } from '../../extension/tracking/credentials.ts';
import { RemoteConnection } from '../../extension/tracking/remote-connection.ts';
import { diagnose } from '../../extension/tracking/rest-diagnosis.ts';
import { administrator, startAuthServer, type MlflowServer } from '../support/mlflow-server.ts';
import { whenRemoteState } from '../support/remote-store.ts';

let server: MlflowServer;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-test-'));
  server = await startAuthServer(folder, ['--allowed-hosts', '127.0.0.1:*']);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}, 240_000);

const attention = { isThere: () => true, onDidReturn: () => ({ dispose: () => {} }) };

const connect = (credentials: Credentials | undefined): { readonly connection: RemoteConnection; readonly log: readonly string[] } => {
  const log: string[] = [];
  const keep = (message: string): void => void log.push(message);
  const logger: Logger = { error: keep, warn: keep, info: keep, debug: keep };
  const headers = async () => await headersFor(server.url, { of: async () => credentials });
  const connection = new RemoteConnection({ address: { kind: 'server', url: server.url }, label: 'ours', attention, headers, log: logger, interval: 50 });
  onTestFinished(() => connection.dispose());
  return { connection, log };
};

const basic = (user: string, password: string): Credentials => ({ kind: 'basic', user, password });
const admin = basic(administrator.user, administrator.password);
const diagnosisWith = async (credentials: Credentials | undefined) => await diagnose(server, await headersFor(server.url, { of: async () => credentials }));

describe('a released mlflow server with basic auth', () => {
  test('says that somebody has to sign in', async () => {
    const { connection } = connect(undefined);
    expect(await whenRemoteState(connection, 'failed')).toMatchObject({ message: expect.stringContaining('It asks who you are: sign in') });
    expect(await diagnosisWith(undefined)).toMatchObject({ kind: 'credentials', advice: `Sign in to ${server.url}.` });
  });

  test('that does not answer under another name says which option lets it', async () => {
    const url = server.url.replace('127.0.0.1', 'localhost');
    const { host } = new URL(url);
    const advice = expect.stringContaining(`--allowed-hosts "${host}"`);
    expect(await diagnose({ url }, await headersFor(url, { of: async () => admin }))).toMatchObject({ kind: 'host', advice });
  });

  test('says that a password is wrong, which no log has', async () => {
    const { connection, log } = connect(basic('admin', 'guessed-wrong'));
    expect(await whenRemoteState(connection, 'failed')).toMatchObject({ message: expect.stringContaining('It does not accept the user and password') });
    expect(log).not.toEqual([]);
    expect(log.join('\n')).not.toMatch(new RegExp(`guessed-wrong|${btoa('admin:guessed-wrong')}`));
  });

  test('is read and written by who has signed in, and says what somebody else may not', async () => {
    const { connection, log } = connect(admin);
    await whenRemoteState(connection, 'ready');
    const { http, tracking } = connection;
    const experimentId = await tracking.createExperiment({ name: 'private' });
    const { info } = await tracking.createRun({ experimentId, startTime: 1, tags: [] });
    await http.json({ method: 'POST', path: '/api/2.0/mlflow/users/create', json: { username: 'bob', password: 'another-long-one' } });
    expect(await diagnosisWith(admin)).toMatchObject({ kind: 'ok' });

    const bob = connect(basic('bob', 'another-long-one'));
    await whenRemoteState(bob.connection, 'ready');
    expect((await bob.connection.tracking.searchExperiments({ maxResults: 10 })).items).toEqual([]);
    await expect(bob.connection.tracking.getRun(info.runId)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('The server forbids it (403): Permission denied'),
    });
    await expect(bob.connection.tracking.setTag(info.runId, { key: 'a', value: 'b' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const everything = [...log, ...bob.log].join('\n');
    for (const secret of [administrator.password, 'another-long-one', btoa(`admin:${administrator.password}`), btoa('bob:another-long-one')])
      expect(everything).not.toContain(secret);
  });
});
