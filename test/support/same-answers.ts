import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { startMlflowServer, type MlflowServer } from './mlflow-server.ts';
import { compareExchanges, Replay, type Difference, type Exchange } from './replay.ts';

type Scenario = (client: Replay) => Promise<void>;

const replay = async (url: string, title: string, scenario: Scenario): Promise<readonly Exchange[]> => {
  const client = await Replay.start(url, title);
  await scenario(client).finally(() => client.close());
  return client.exchanges;
};

/** Replays each scenario against mlflow's own server and ours, both on new stores that the scenarios of one call share. */
export const testSameAnswers = (differences: readonly Difference[], scenarios: readonly (readonly [title: string, scenario: Scenario])[]): void => {
  let folder: string;
  let theirs: MlflowServer;
  let ours: TcpServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workbench-replay-'));
    theirs = await startMlflowServer(folder);
    ours = await TcpServer.start({
      path: join(folder, 'ours.db'),
      host: '127.0.0.1',
      port: 0,
      token: undefined,
      artifactRoot: 'mlflow-artifacts:/',
      artifactsDestination: join(folder, 'ours-artifacts'),
      log: silentLogger,
    });
  });

  afterAll(async () => {
    await ours.stop();
    await theirs.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(scenarios)('%s: the same requests get the same answers as from mlflow', async (title, scenario) => {
    const [their, our] = [await replay(theirs.url, title, scenario), await replay(ours.url, title, scenario)];
    expect(compareExchanges(their, our, differences).join('\n')).toBe('');
  });
};
