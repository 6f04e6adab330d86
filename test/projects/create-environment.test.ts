import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { ensureEnvironment, type EnvironmentTools } from '../../extension/projects/create-environment.ts';
import { MlflowError } from '../../extension/shared/errors.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import { run, userEnvironment, type Command } from '../../extension/shared/process.ts';

let root: string;
let said: string[];
let executed: string[];

/** A `uv` that makes a folder with an `activate`, and fails where a file says so. */
const uv = `#!/bin/sh
case "$1" in
  venv) mkdir -p "$2/bin" && echo : > "$2/bin/activate" && sleep 0.2; [ ! -e "$STAGE/venv-fails" ] ;;
  pip) cat "$4"; [ ! -e "$STAGE/pip-fails" ] ;;
esac
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'create-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'project'));
  writeFileSync(join(root, 'bin/uv'), uv, { mode: 0o755 });
  said = [];
  executed = [];
});

const tools = (stop = new AbortController().signal): EnvironmentTools => {
  const variables = { ...userEnvironment(), PATH: `${join(root, 'bin')}:/usr/bin:/bin`, STAGE: root };
  const execute = async (command: Command): Promise<void> => {
    executed.push([command.file, ...command.args].join(' '));
    const { code } = await run(command, { signal: stop });
    if (code !== 0) throw new MlflowError('INTERNAL_ERROR', 'it failed');
  };
  return { variables, execute, stop, say: (line) => said.push(line) };
};

const request = (manager: 'uv' | 'virtualenv' = 'uv') =>
  ({
    manager,
    folder: join(root, 'envs/mlflow-x'),
    projectDirectory: join(root, 'project'),
    environment: { python: '3.11', buildDependencies: ['pip'], dependencies: ['six', '-r requirements.txt'] },
  }) as const;

test('is made with the commands of MLflow, build dependencies first', async () => {
  await ensureEnvironment(request(), tools());
  expect(executed.map((line) => line.replaceAll(/[\da-f]{32}/g, 'X'))).toEqual([
    `uv venv ${root}/envs/mlflow-x --python=3.11`,
    `bash -c source ${root}/envs/mlflow-x/bin/activate && uv pip install -r requirements.X.txt`,
    `bash -c source ${root}/envs/mlflow-x/bin/activate && uv pip install -r requirements.X.txt`,
  ]);
});

test('what is there is taken as it is', async () => {
  await ensureEnvironment(request(), tools());
  executed = [];
  await ensureEnvironment(request(), tools());
  expect(executed).toEqual([]);
});

test.each(['venv-fails', 'pip-fails'])('after a failure (%s) nothing is left, and the next try is clean', async (stage) => {
  writeFileSync(join(root, stage), '');
  await expect(ensureEnvironment(request(), tools())).rejects.toThrow('it failed');
  expect(existsSync(request().folder)).toBe(false);
  writeFileSync(join(root, 'bin/uv'), uv.replaceAll('[ ! -e "$STAGE/', ': "'), { mode: 0o755 });
  await ensureEnvironment(request(), tools());
  expect(existsSync(request().folder)).toBe(true);
});

test('what a crash has left half made is made anew', async () => {
  mkdirSync(request().folder, { recursive: true });
  writeFileSync(join(request().folder, 'half'), '');
  writeFileSync(`${request().folder}.incomplete`, '');
  writeFileSync(`${request().folder}.lock`, JSON.stringify({ pid: process.pid, started: 'before the crash' }));
  await ensureEnvironment(request(), tools());
  expect(existsSync(join(request().folder, 'half'))).toBe(false);
  expect(existsSync(join(request().folder, 'bin/activate'))).toBe(true);
});

test('of two at once one makes it, the other waits and takes it', async () => {
  await Promise.all([ensureEnvironment(request(), tools()), ensureEnvironment(request(), tools())]);
  expect(executed.filter((line) => line.includes('venv '))).toHaveLength(1);
  expect(said.filter((line) => line.includes('Waiting'))).toHaveLength(1);
});

test('waiting for another can be stopped', async () => {
  mkdirSync(join(root, 'envs'));
  const owner = await identify(process.pid);
  writeFileSync(`${request().folder}.lock`, JSON.stringify(owner));
  const stop = new AbortController();
  const waiting = ensureEnvironment(request(), { ...tools(stop.signal), say: () => stop.abort() });
  await expect(waiting).rejects.toThrow();
  expect(JSON.parse(readFileSync(`${request().folder}.lock`, 'utf8'))).toEqual(owner);
});

test('without pyenv it says what is missing, where it was looked for and what to do', async () => {
  const failure = expect(ensureEnvironment(request('virtualenv'), tools())).rejects;
  await failure.toThrow(/Could not find the pyenv binary\. See .*choose another environment manager\. It was looked for on PATH: .*:\/usr\/bin:\/bin$/);
});

test('a version that pyenv does not know is told with those that it knows', async () => {
  writeFileSync(join(root, 'bin/pyenv'), '#!/bin/sh\necho "  3.9.1"; echo "  3.10.2"; echo "  pypy3.11"\n', { mode: 0o755 });
  await expect(ensureEnvironment(request('virtualenv'), tools())).rejects.toThrow(
    `Could not find python version that matches 3.11. '${join(root, 'bin/pyenv')} install --list' knows 3.10.2, 3.9.1: change`,
  );
});
