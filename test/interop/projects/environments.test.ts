import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { environmentFolder } from '../../../extension/projects/environment-folder.ts';
import { checkInterpreter } from '../../../extension/shared/interpreter.ts';
import { getEntryPoint, loadProject } from '../../../extension/projects/project.ts';
import { submitRun } from '../../../extension/projects/submit-run.ts';
import type { SubmittedRun } from '../../../extension/projects/submitted-run.ts';
import { run, start } from '../../../extension/shared/process.ts';
import { installCondaStandIn } from '../../support/conda-stand-in.ts';
import { pythonPath } from '../../support/python.ts';
import { newTestRuns, outputOf, recordedEnd, type TestRuns } from '../../support/run-site.ts';

/** Environments really made, of packages from PyPI, and shared with `mlflow run`. */

let root: string;
let version: string;

/** A `pyenv` with one Python, the one of these tests. */
const pyenv = `#!/bin/sh
root="$(cd "$(dirname "$0")/../pyenv" && pwd)"
case "$1 $2" in
  "root "*) echo "$root" ;;
  "install --list") ls "$root/versions" | sed 's/^/  /' ;;
  "install --skip-existing") [ -x "$root/versions/$3/bin/python" ] || { echo "no Python $3" >&2; exit 1; } ;;
  *) exit 2 ;;
esac
`;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'environments-'));
  const check = await checkInterpreter(pythonPath());
  if (check.kind === 'broken') throw new Error(check.reason);
  version = check.python;
  const folder = join(root, 'pyenv/versions', version, 'bin');
  mkdirSync(folder, { recursive: true });
  symlinkSync(realpathSync(pythonPath()), join(folder, 'python'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/pyenv'), pyenv, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(root, 'bin')}${delimiter}${process.env['PATH']}`);
  vi.stubEnv('MLFLOW_ENV_ROOT', join(root, 'envs'));
});

afterEach(() => void vi.unstubAllEnvs());

/** Runs Python with an input, and hands back what it prints. */
const python = async (args: readonly string[], input: object, log: number | 'inherit' = 'inherit'): Promise<string> => {
  const running = await start({ file: pythonPath(), args }, { streams: ['pipe', 'pipe', log] });
  running.stdin?.end(JSON.stringify(input));
  let output = '';
  for await (const chunk of running.stdout ?? []) output += String(chunk);
  return output;
};

const names = `
import json, sys
from pathlib import Path
from mlflow.utils.environment import _PythonEnv
from mlflow.utils.virtualenv import _get_virtualenv_name
print(json.dumps([_get_virtualenv_name(_PythonEnv(*fields), Path("/")) for fields in json.load(sys.stdin)]))
`;

test('environments have the names that mlflow gives them', async () => {
  const line = fc.oneof(fc.constantFrom('six', 'a==1 # x', "it's", '"q"', 'both \' and "', '#c', 'x \\', 'é'), fc.string({ unit: 'grapheme-ascii' }));
  const lines = fc.array(
    line.filter((text) => !/^\s*(-r|--requirement|-c|--constraint)\s/.test(text)),
    { maxLength: 4 },
  );
  const samples = fc.sample(fc.tuple(fc.constantFrom('3.11', '3.11.7'), lines, lines), 200);
  const theirs = JSON.parse(await python(['-c', names], samples)) as readonly string[];
  const ours = await Promise.all(
    samples.map(
      async ([version, buildDependencies, dependencies]) =>
        await environmentFolder({ python: version, buildDependencies, dependencies }, '/', { MLFLOW_ENV_ROOT: '' }),
    ),
  );
  expect(ours).toEqual(theirs);
});

const writeProject = (folder: string): void => {
  writeFileSync(
    join(folder, 'MLproject'),
    'python_env: env/python_env.yaml\nentry_points:\n  main:\n    command: python -c "import six, sys; print(sys.prefix)"\n',
  );
  mkdirSync(join(folder, 'env'));
  writeFileSync(join(folder, 'env/python_env.yaml'), `python: "${version}"\ndependencies: [-r requirements.txt]\n`);
  writeFileSync(join(folder, 'requirements.txt'), 'six\n');
};

const runOurs = async (runs: TestRuns, manager: 'virtualenv' | 'uv'): Promise<SubmittedRun> => {
  const project = await loadProject(runs.folder);
  if (project.environment.kind !== 'python') throw new Error('It has a Python environment');
  const environment = { manager, source: project.environment, currentPython: version, interpreter: pythonPath() } as const;
  const entryPoint = getEntryPoint(project, 'main', { platform: process.platform });
  const run = await submitRun({ ...runs.request(''), entryPoint, environment }, runs.store, runs.site);
  await recordedEnd(run);
  return run;
};

/** Resolves with what mlflow logs. */
const runTheirs = async (directory: string, manager: 'virtualenv' | 'conda' = 'virtualenv'): Promise<string> => {
  vi.stubEnv('MLFLOW_TRACKING_URI', `sqlite:///${join(root, 'theirs.db')}`);
  const log = join(root, 'theirs.log');
  const driver = join(import.meta.dirname, 'run_projects.py');
  await python([driver], [{ directory, uri: '.', entryPoint: 'main', values: [], manager }], openSync(log, 'w'));
  return readFileSync(log, 'utf8');
};

test('a virtualenv is made, used, used again, and taken by mlflow run', async () => {
  const runs = await newTestRuns();
  writeProject(runs.folder);
  const first = await runOurs(runs, 'virtualenv');
  expect(await outputOf(first)).toContain('succeeded');
  const [folder, ...others] = readdirSync(join(root, 'envs'));
  expect(others).toEqual([]);
  expect(await outputOf(first)).toContain(`\n${join(root, 'envs', folder ?? '')}\n`);
  const { tags } = await runs.store.tracking.getRun(first.plan.runId);
  expect(tags).toContainEqual({ key: 'mlflow.project.env', value: 'virtualenv' });

  expect(await outputOf(await runOurs(runs, 'virtualenv'))).toContain('already exists');
  expect(await runTheirs(runs.folder)).toMatch(/Environment .* already exists[\s\S]*succeeded/);
  expect(readdirSync(join(root, 'envs'))).toEqual([folder]);
});

test('behind a proxy that is down the run is FAILED with the way that downloads go, without its password, and nothing is left', async () => {
  const runs = await newTestRuns();
  writeProject(runs.folder);
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, 'http://ann:secret@127.0.0.1:9');
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '');
  vi.stubEnv('PIP_RETRIES', '0');
  const failed = await recordedEnd(await runOurs(runs, 'virtualenv'));
  expect(failed).toMatchObject({
    outcome: { status: 'FAILED', at: 'start', reason: expect.stringMatching(/pip install .*downloads go through http:\/\/127\.0\.0\.1:9 \(\w+\)/) },
  });
  expect(JSON.stringify(failed)).not.toContain('secret');
  expect(readdirSync(join(root, 'envs')).filter((name) => !name.endsWith('.lock'))).toEqual([]);
}, 120_000);

test('uv makes the same environment, with its own commands', async () => {
  const install = await run({ file: pythonPath(), args: ['-m', 'pip', 'install', '--quiet', '--target', join(root, 'uv'), 'uv'] });
  expect(install).toMatchObject({ code: 0 });
  vi.stubEnv('PATH', [join(root, 'uv/bin'), dirname(pythonPath()), process.env['PATH']].join(delimiter));
  vi.stubEnv('UV_PYTHON_PREFERENCE', 'only-system');
  const runs = await newTestRuns();
  writeProject(runs.folder);
  const output = await outputOf(await runOurs(runs, 'uv'));
  const [folder] = readdirSync(join(root, 'envs'));
  expect(output).toContain(`uv venv ${join(root, 'envs', folder ?? '')} --python=${version}`);
  expect(output).toContain('succeeded');
  expect(await outputOf(await runOurs(runs, 'virtualenv'))).toContain('already exists');
});

test('conda is called as mlflow calls it, when there is no environment and when there is one', async () => {
  const conda = join(root, 'conda');
  installCondaStandIn(conda, ['conda']);
  vi.stubEnv('MLFLOW_CONDA_HOME', conda);
  const runs = await newTestRuns();
  writeFileSync(join(runs.folder, 'MLproject'), 'conda_env: conda.yaml\nentry_points:\n  main:\n    command: "true"\n');
  const file = join(runs.folder, 'conda.yaml');
  writeFileSync(file, 'name: wine\ndependencies: [python=3.11]\n');
  const callsOf = async (start: () => Promise<unknown>): Promise<readonly string[]> => {
    rmSync(join(conda, 'calls'), { force: true });
    await start();
    // MLflow asks by `--help` whether there is a conda.
    return readFileSync(join(conda, 'calls'), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((call) => call !== 'conda --help');
  };
  const theirs = async (): Promise<unknown> => await runTheirs(runs.folder, 'conda');
  const ours = async (): Promise<void> => {
    const entryPoint = getEntryPoint(await loadProject(runs.folder), 'main', { platform: process.platform });
    const run = await submitRun({ ...runs.request(''), entryPoint, environment: { manager: 'conda', file } }, runs.store, runs.site);
    expect(await recordedEnd(run)).toMatchObject({ outcome: { status: 'FINISHED' } });
  };
  const made = await callsOf(theirs);
  expect(made.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
    'conda env list',
    'conda env create',
    expect.stringMatching(/^conda activate mlflow-/),
  ]);
  const taken = await callsOf(ours);
  expect(taken).toEqual(await callsOf(theirs));
  for (const folder of readdirSync(join(conda, 'envs'))) rmSync(join(conda, 'envs', folder), { recursive: true });
  expect(await callsOf(ours)).toEqual(made);
});
