import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { executeRun } from '../../extension/projects/execute-run.ts';
import type { Outcome } from '../../extension/projects/run-folder.ts';
import { userEnvironment } from '../../extension/shared/process.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';
import { installCondaStandIn } from '../support/conda-stand-in.ts';

let root: string;
let variables: Record<string, string>;

const yaml = 'name: wine\r\ndependencies: [python=3.11]\n';
const name = `mlflow-${createHash('sha1').update(yaml.replace('\r', '')).digest('hex')}`;
const calls = (): readonly string[] => readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n');

const install = (...programs: readonly string[]): void => installCondaStandIn(root, programs);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conda-'));
  mkdirSync(join(root, 'project'));
  install();
  writeFileSync(join(root, 'project/conda.yaml'), yaml);
  variables = { ...userEnvironment(), MLFLOW_ENV_ROOT: join(root, 'mlflow') };
  delete variables['CONDA_EXE'];
});

const execute = async (stop = new AbortController().signal): Promise<Outcome> => {
  const plan = {
    runId: asRunId('a'.repeat(32)),
    experimentId: asExperimentId('0'),
    artifactUri: join(root, 'artifacts'),
    store: { kind: 'sqlite', path: join(root, 'mlflow.db') },
    directory: join(root, 'project'),
    entryPoint: { name: 'main', command: 'echo ran >> ../calls', parameters: [] },
    values: [],
    environment: { manager: 'conda', file: join(root, 'project/conda.yaml') },
    grace: { interrupt: 300, terminate: 300 },
  } as const;
  const output = openSync(join(root, 'output'), 'a');
  return await executeRun(plan, {
    environment: variables,
    output,
    scratch: join(root, 'scratch'),
    say: () => {},
    setTags: async () => {},
    stop,
    onStarted: async () => {},
  });
};

const create = `env create -n ${name} --file`;

describe('a conda environment', () => {
  test('is made and activated by the commands of MLflow, and taken again', async () => {
    install('conda');
    variables['MLFLOW_CONDA_HOME'] = root;
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(calls()).toEqual(['conda env list --json', `conda ${create} ${root}/project/conda.yaml`, `conda activate ${name}`, 'ran']);
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(calls().slice(4)).toEqual(['conda env list --json', `conda activate ${name}`, 'ran']);
  });

  test('is made by the program that MLFLOW_CONDA_CREATE_ENV_CMD names', async () => {
    install('conda', 'mamba');
    Object.assign(variables, { CONDA_EXE: join(root, 'bin/conda'), MLFLOW_CONDA_CREATE_ENV_CMD: 'mamba' });
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(calls()[1]).toBe(`mamba ${create} ${root}/project/conda.yaml`);
  });

  test.each(['mamba', 'micromamba'])('is made and activated by %s where there is no conda', async (program) => {
    install(program);
    variables['PATH'] = `${join(root, 'bin')}${delimiter}/usr/bin${delimiter}/bin`;
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(calls().slice(1)).toEqual([
      `${program} ${create} ${root}/project/conda.yaml`,
      `${program} shell hook --shell bash`,
      `${program} activate ${name}`,
      'ran',
    ]);
  });

  test('that fails to be made is removed, and the next try is clean', async () => {
    install('conda');
    variables['MLFLOW_CONDA_HOME'] = root;
    writeFileSync(join(root, 'fails'), '');
    expect(await execute()).toMatchObject({ status: 'FAILED', at: 'start', reason: expect.stringContaining(create) });
    expect(calls().at(-1)).toBe(`conda remove --yes --name ${name} --all`);
    expect(existsSync(join(root, 'envs', name))).toBe(false);
  });

  test('whose making was stopped is never taken for whole', async () => {
    install('conda');
    variables['MLFLOW_CONDA_HOME'] = root;
    writeFileSync(join(root, 'hangs'), '');
    const controller = new AbortController();
    const running = execute(controller.signal);
    await expect.poll(() => existsSync(join(root, 'envs', name))).toBe(true);
    controller.abort();
    expect(await running).toEqual({ status: 'KILLED' });
    writeFileSync(join(root, 'calls'), '');
    rmSync(join(root, 'hangs'));
    expect(await execute()).toEqual({ status: 'FINISHED' });
    const words = ['conda env list', 'conda remove --yes', 'conda env list', 'conda env create', `conda activate ${name}`, 'ran'];
    expect(calls().map((call) => call.split(' ').slice(0, 3).join(' ').trim())).toEqual(words);
  });

  test('is refused where there is no conda of any kind, with where to get it', async () => {
    variables['PATH'] = '/usr/bin:/bin';
    expect(await execute()).toMatchObject({ status: 'FAILED', at: 'start', reason: expect.stringContaining('Could not find Conda executable at conda') });
  });
});
