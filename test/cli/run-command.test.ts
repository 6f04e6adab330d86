import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeEach, expect, test, vi } from 'vitest';

import { createOpenTrackingStore } from '../../extension/projects/run-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { run, start, userEnvironment, type Output } from '../../extension/shared/process.ts';
import type { Run } from '../../extension/tracking/run.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { serverScript } from '../support/run-site.ts';

/** Three programs start one after the other in each of these; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let program: string;

/** The program as it is packed: its server lies beside it. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  mkdirSync(join(folder, 'dist'));
  mkdirSync(join(folder, 'work'));
  program = join(folder, 'dist/cli.ts');
  symlinkSync(fileURLToPath(new URL('../../extension/cli/main.ts', import.meta.url)), program);
  writeFileSync(join(folder, 'dist/server.cjs'), `import(${JSON.stringify(serverScript)});\n`);
});

const command = (...args: readonly string[]) => ({
  file: process.execPath,
  args: [program, 'run', ...args],
  cwd: join(folder, 'work'),
  env: { ...userEnvironment(), SHELL: '/bin/bash' },
});

const project = (text: string): void => writeFileSync(join(folder, 'work/MLproject'), text);

const cli = async (...args: readonly string[]): Promise<Output> => await run(command(...args));

const onlyRun = async (): Promise<Run | undefined> => {
  const open = createOpenTrackingStore({ serverScript, log: silentLogger });
  const store = await open({ kind: 'sqlite', path: join(folder, 'work/mlflow.db') });
  const experiments = await store.tracking.searchExperiments({ maxResults: 10 });
  const { items } = await store.tracking.searchRuns({ experimentIds: experiments.items.map(({ experimentId }) => experimentId), maxResults: 10 });
  store.dispose();
  expect(items.length).toBeLessThan(2);
  return items[0];
};

test('a run ends with exit code 0, its output and its store', async () => {
  project('entry_points:\n  main:\n    parameters: {a: string}\n    command: echo {a}; echo oops >&2\n');
  const { code, stdout, stderr } = await cli('.', '-P', 'a=x=y z', '--env-manager', 'local', '--run-name', 'named', '--experiment-name', 'mine');
  expect(stdout).toBe('x=y z\n');
  expect(stderr).toMatch(/=== Running command 'echo 'x=y z'; echo oops >&2' in run with ID '\w+' ===\noops\n=== Run \(ID '\w+'\) succeeded ===\n$/);
  expect(code).toBe(0);
  expect(await onlyRun()).toMatchObject({ info: { status: 'FINISHED', runName: 'named', experimentId: '1' }, params: [{ key: 'a', value: "'x=y z'" }] });
});

test('a run that is there already is used, with its params', async () => {
  project('entry_points:\n  main:\n    parameters: {a: string}\n    command: echo {a} in $MLFLOW_RUN_ID\n');
  const store = await createOpenTrackingStore({ serverScript, log: silentLogger, create: true })({ kind: 'sqlite', path: join(folder, 'work/mlflow.db') });
  const { info } = await store.tracking.createRun({ experimentId: asExperimentId('0'), startTime: Date.now(), tags: [] });
  await store.tracking.logBatch({ runId: info.runId, params: [{ key: 'kept', value: '1' }] });
  store.dispose();
  const { code, stdout } = await cli('.', '-P', 'a=x', '--env-manager', 'local', '--run-id', info.runId, '--run-name', 'renamed');
  expect({ code, stdout }).toEqual({ code: 0, stdout: `x in ${info.runId}\n` });
  const found = await onlyRun();
  expect(found).toMatchObject({ info: { runId: info.runId, status: 'FINISHED', runName: 'renamed' }, params: [{ key: 'kept', value: '1' }] });
  expect(found?.tags).toContainEqual({ key: 'mlflow.project.backend', value: 'local' });
});

test('a run that is not there is exit code 1', async () => {
  project('entry_points:\n  main:\n    command: "true"\n');
  expect(await cli('.', '--env-manager', 'local', '--run-id', 'a'.repeat(32))).toMatchObject({ code: 1, stderr: expect.stringMatching(/not found/) });
});

test('a command that fails is exit code 1 and a FAILED run', async () => {
  writeFileSync(join(folder, 'work/go.sh'), 'exit 7\n');
  expect(await cli('.', '-e', 'go.sh', '--env-manager', 'local')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('failed: The command ended with exit code 7'),
  });
  expect(await onlyRun()).toMatchObject({ info: { status: 'FAILED', experimentId: asExperimentId('0') } });
});

test('interrupted, nothing goes on and the run is KILLED', async () => {
  project('entry_points:\n  main:\n    command: echo started; sleep 1000\n');
  const running = await start(command('.', '--env-manager', 'local'), { streams: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of running.stdout ?? []) if (String(chunk).includes('started')) running.kill('SIGINT');
  expect(await running.ended).toEqual({ code: 1, signal: null });
  expect(await onlyRun()).toMatchObject({ info: { status: 'KILLED' } });
});

test.each([
  [['.', '-P', 'nov'], 2, "Invalid format for -P parameter: 'nov'"],
  [['.', '-P', 'a=1', '-P', 'a=2'], 2, "Repeated parameter: 'a'"],
  [['.', '--experiment-name', 'a', '--experiment-id', '1'], 2, 'Specify only one of'],
  [['.', '-c', '{'], 2, 'Invalid backend config JSON. Parse error'],
  [['.', '-A', '-v'], 2, "Invalid format for -A parameter: '-v'"],
  [['.', '-b', 'kubernetes'], 2, "Only the backend 'local' runs here"],
  [['.', '--env-manager', 'pipenv'], 2, 'local, virtualenv, uv, conda'],
  [['.', '-e', 'x.py', '--env-manager', 'conda'], 1, 'python_env project cannot be executed using conda'],
  [['nowhere'], 1, 'There is no folder nowhere'],
  [['.', '-v', 'main'], 1, 'Setting a version is only supported for Git project URIs'],
  [['.#v1.0'], 1, "'.' is not allowed in project subdirectory paths."],
  [['.#nope'], 1, 'Could not find subdirectory nope of'],
  [['.', '-e', 'nope'], 1, 'Could not find nope among entry points []'],
])('%j is exit code %i', async (args, code, message) => {
  expect(await cli(...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
});
