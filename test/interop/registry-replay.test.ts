import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { startMlflowServer, type MlflowServer } from '../support/mlflow-server.ts';
import { compareExchanges, Replay, type Difference, type Exchange } from '../support/replay.ts';
import { loggedModelBadInput, loggedModelLifecycle, loggedModelSearch } from './scenarios/logged-models.ts';
import { versionBadInput, versionLifecycle, versionSearch, versionSources } from './scenarios/model-versions.ts';
import { modelBadInput, modelLifecycle, modelSearch } from './scenarios/registered-models.ts';

const differences: readonly Difference[] = [
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 400 } },
  { reason: 'a user error is never 5xx: clients retry those for minutes', mlflow: { status: 500 }, ours: { status: 404 } },
  {
    reason: 'where MLflow shows what its database said, ours says what is wrong',
    mlflow: { status: 400, body: /sqlite3\.\w+Error/ },
    ours: { status: 400 },
  },
  {
    reason: 'a message of which MLflow can read a part only is refused',
    mlflow: { body: /parameter 'key'|"registered_model"|"model":/ },
    ours: { status: 400, body: /Invalid value .* for parameter 'tags/ },
  },
  {
    reason: 'no model has 2^53 versions: such a number is none',
    request: /9223372036854775807/,
    mlflow: { status: 404 },
    ours: { status: 400, body: /must be an integer/ },
  },
  { reason: 'a filter for a version that cannot be finds none', mlflow: { status: 500, body: /too large to convert/ }, ours: { status: 200, body: /^\{\}$/ } },
  { reason: 'the aliases of times work with their prefix too', request: /attributes\.creation_time/, mlflow: { status: 500 }, ours: { status: 200 } },
  {
    reason: 'ours has no setting to allow such sources, so it names none',
    mlflow: { body: /MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES/ },
    ours: { status: 400, body: /addresses a host other than the tracking server's configured artifact storage/ },
  },
];

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
  ['life of a registered model', modelLifecycle],
  ['search of registered models', modelSearch],
  ['life of a version', versionLifecycle],
  ['versions, bad input', versionBadInput],
  ['sources of versions', versionSources],
  ['search of versions', versionSearch],
  ['life of a logged model', loggedModelLifecycle],
  ['logged models, bad input', loggedModelBadInput],
  ['search of logged models', loggedModelSearch],
  // Last: what MLflow half reads and stores would show up in the other scenarios' lists.
  ['registered models, bad input', modelBadInput],
])('%s: the same requests get the same answers as from mlflow', async (title, scenario) => {
  const [their, our] = [await replay(theirs.url, title, scenario), await replay(ours.url, title, scenario)];
  expect(compareExchanges(their, our, differences).join('\n')).toBe('');
});
