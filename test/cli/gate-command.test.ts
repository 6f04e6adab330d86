import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';

import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import { openDatabase } from '../../extension/server/database.ts';
import { run, userEnvironment, type Output } from '../../extension/shared/process.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { serverScript } from '../support/run-site.ts';

/** Two programs start one after the other in each of these; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

let folder: string;

/** Two versions of `wine`, the second better by 0.1; the program as it is packed, its server beside it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-'));
  mkdirSync(join(folder, 'dist'));
  symlinkSync(fileURLToPath(new URL('../../extension/cli/main.ts', import.meta.url)), join(folder, 'dist/cli.ts'));
  writeFileSync(join(folder, 'dist/server.cjs'), `import(${JSON.stringify(serverScript)});\n`);
  writeFileSync(join(folder, 'gates.yaml'), 'gates:\n  wine: { metrics: { rmse: { improvement: 0.1 } } }\n');
  writeFileSync(join(folder, 'strict.yaml'), 'gates:\n  wine: { metrics: { rmse: { improvement: 50% } } }\n');
  writeFileSync(join(folder, 'faulty.yaml'), 'gates:\n  wine: { metric: {} }\n');
  const database = openDatabase(join(folder, 'mlflow.db'), { create: true });
  const [tracking, registry] = [new SqliteTrackingStore(database, { artifactRoot: join(folder, 'mlruns') }), createSqliteRegistryStore(database)];
  await registry.createRegisteredModel({ name: 'wine' });
  const experimentId = await tracking.createExperiment({ name: 'e' });
  for (const rmse of [0.8, 0.7]) {
    const { runId, artifactUri } = (await tracking.createRun({ experimentId, startTime: 1, tags: [] })).info;
    await tracking.logMetric(runId, { key: 'rmse', value: rmse, timestamp: 1, step: 0 });
    await registry.createModelVersion({ name: 'wine', source: `${artifactUri}/model`, runId });
  }
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  await registry.setRegisteredModelAlias('wine', 'candidate', 2);
  database.dispose();
});

const gate = async (...args: readonly string[]): Promise<Output> =>
  await run({
    file: process.execPath,
    args: [join(folder, 'dist/cli.ts'), 'gate', ...args],
    cwd: folder,
    env: { ...userEnvironment(), MLFLOW_TRACKING_URI: '' },
  });

test.each([
  ['passes', ['models:/wine/2', '--against', 'champion', '--gates', 'gates.yaml'], 0, 'pass  rmse: 0.7 after 0.8'],
  ['by its alias', ['models:/wine@candidate', '--against', '1', '--gates', 'gates.yaml'], 0, 'pass  rmse'],
  ['against a champion that is not there', ['models:/wine/2', '--against', 'nobody', '--gates', 'gates.yaml'], 0, 'there is no champion'],
  ['as JSON', ['models:/wine/2', '--against', 'champion', '--gates', 'gates.yaml', '--json'], 0, '"passed": true'],
  ['does not pass', ['models:/wine/2', '--against', 'champion', '--gates', 'strict.yaml'], 1, 'FAIL  rmse: 0.7 after 0.8'],
  ['a faulty gate file', ['models:/wine/2', '--against', 'champion', '--gates', 'faulty.yaml'], 2, 'faulty.yaml:2: “metric” is not known here'],
  ['no gate file', ['models:/wine/2', '--against', 'champion'], 2, 'has no gate for the model wine'],
  ['no version', ['models:/wine', '--against', 'champion', '--gates', 'gates.yaml'], 2, "'models:/wine' names no version"],
  ['no champion given', ['models:/wine/2'], 2, "required option '--against"],
  ['a version that is not there', ['models:/wine/9', '--against', 'champion', '--gates', 'gates.yaml'], 3, 'not found'],
])('%s', async (_, args, code, text) => {
  const output = await gate(...args);
  expect(output.stdout + output.stderr).toContain(text);
  expect(output.code).toBe(code);
});
