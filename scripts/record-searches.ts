/**
 * `node scripts/record-searches.ts`: lets mlflow's own server answer the searches of the replay, and keeps
 * what it says in test/golden/searches.jsonl. To be run again when the newest release changes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startMlflowServer } from '../test/support/mlflow-server.ts';
import { replaySearches, writeGoldenSearches } from '../test/support/search-golden.ts';
import { pythonEnvironment, pythonOf } from './tools.ts';

process.env['MLFLOW_WORKBENCH_TEST_PYTHON'] ??= pythonOf(await pythonEnvironment());
const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
const server = await startMlflowServer(folder);
try {
  writeGoldenSearches(await replaySearches(server.url));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
