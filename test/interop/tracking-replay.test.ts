import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { startMlflowServer, type MlflowServer } from '../support/mlflow-server.ts';
import { compareExchanges, Replay, type Difference, type Exchange } from '../support/replay.ts';
import { experimentBadInput, experimentLifecycle, experimentSearch } from './scenarios/experiments.ts';
import { bodies, routes } from './scenarios/http.ts';
import { batches, inputsAndOutputs, runBadInput, runLifecycle, values } from './scenarios/runs.ts';
import { histories, searchLanguage, searchRequests } from './scenarios/searches.ts';

const differences: readonly Difference[] = [];

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

const replay = async (url: string, title: string, scenario: (client: Replay) => Promise<void>): Promise<readonly Exchange[]> => {
  const client = await Replay.start(url, title);
  await scenario(client).finally(() => client.close());
  return client.exchanges;
};

test.each([
  ['search of experiments', experimentSearch],
  ['life of an experiment', experimentLifecycle],
  ['experiments, bad input', experimentBadInput],
  ['life of a run', runLifecycle],
  ['runs, bad input', runBadInput],
  ['values', values],
  ['batches', batches],
  ['inputs and outputs', inputsAndOutputs],
  ['the search language', searchLanguage],
  ['requests of searches', searchRequests],
  ['histories', histories],
  ['bodies', bodies],
  ['routes', routes],
])('%s: the same requests get the same answers as from mlflow', async (title, scenario) => {
  const [their, our] = [await replay(theirs.url, title, scenario), await replay(ours.url, title, scenario)];
  expect(compareExchanges(their, our, differences)).toEqual([]);
});
