import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import Database from 'better-sqlite3';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { executeRun } from '../../extension/projects/execute-run.ts';
import type { DockerPlan, Outcome } from '../../extension/projects/run-folder.ts';
import { userEnvironment } from '../../extension/shared/process.ts';
import type { Tag } from '../../extension/tracking/run.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';

let root: string;
let variables: Record<string, string>;
let tags: Tag[];
let said: string[];

const runId = asRunId('a'.repeat(32));

/** Stands for docker: records each call, one argument a line, and lets `run` end as the test wants. */
const standIn = `#!/bin/bash
here='HERE'
{ echo "> $(basename "$0")"; printf '%s\\n' "$@"; } >> "$here/calls"
case "$1 $2" in
  "info "*) cat "$here/says" 2>/dev/null; [ ! -e "$here/down" ] || { echo "Cannot connect to the daemon"; exit 1; } ;;
  "image inspect") [ -e "$here/image" ] || exit 1; echo '{"Id":"sha256:abc","RepoTags":["wine:latest"]}' ;;
  "pull "*|"build "*) touch "$here/image"; [ "$1" = pull ] || cp "$5" "$here/Dockerfile" ;;
  "run "*) echo "SECRET=$SECRET" >> "$here/seen"; touch "$here/started"; while [ -e "$here/hangs" ]; do sleep 0.1; done; exit "$(cat "$here/code" 2>/dev/null || echo 0)" ;;
  "ps "*) [ ! -e "$here/started" ] || echo c0ffee ;;
esac
`;

const docker: DockerPlan = {
  manager: 'docker',
  name: 'wine',
  image: 'base:1',
  imageUri: 'wine:1234567',
  buildImage: false,
  volumes: ['$(pwd)/data:/data:ro', '~/x y:/y'],
  variables: [{ name: 'NEW', value: 'a b' }, { name: 'SECRET' }],
  variableNames: ['SEED'],
  args: [
    { key: 'network', value: 'host' },
    { key: 'm', value: '256m' },
    { key: 'privileged', value: '' },
  ],
};

const install = (program: string): void => writeFileSync(join(root, 'bin', program), standIn.replace('HERE', root), { mode: 0o755 });

/** Words of each call; none of ours holds a line break here. */
const calls = (): readonly (readonly string[])[] =>
  readFileSync(join(root, 'calls'), 'utf8')
    .split('> ')
    .slice(1)
    .map((call) => call.trimEnd().split('\n'));

const callOf = (verb: string): readonly string[] | undefined => calls().find(([, word]) => word === verb);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'docker-'));
  for (const folder of ['bin', 'project']) mkdirSync(join(root, folder));
  openStore('DELETE').close();
  variables = { ...userEnvironment(), PATH: `${join(root, 'bin')}${delimiter}/usr/bin${delimiter}/bin`, SECRET: 'hush' };
  tags = [];
  said = [];
});

const openStore = (mode: 'DELETE' | 'WAL'): Database.Database => {
  const database = new Database(join(root, 'mlflow.db'));
  database.pragma(`journal_mode = ${mode}`);
  return database.exec('CREATE TABLE IF NOT EXISTS t (a)');
};

const execute = async (environment: DockerPlan = docker, stop = new AbortController().signal): Promise<Outcome> => {
  const plan = {
    runId,
    experimentId: asExperimentId('7'),
    store: { kind: 'sqlite', path: join(root, 'mlflow.db') },
    artifactUri: `file://${join(root, 'my artifacts').replaceAll(' ', '%20')}`,
    directory: join(root, 'project'),
    entryPoint: { name: 'main', command: 'python train.py {s}', parameters: [{ name: 's', type: 'string' }] },
    values: [{ key: 's', value: "it's $HOME" }],
    environment,
    grace: { interrupt: 300, terminate: 300 },
  } as const;
  return await executeRun(plan, {
    environment: variables,
    output: openSync(join(root, 'output'), 'a'),
    scratch: join(root, 'scratch'),
    say: (line) => said.push(line),
    setTags: async (given) => void tags.push(...given),
    stop,
    onStarted: async () => {},
  });
};

const expectedRun = (image: string): readonly string[] => [
  ...['docker', 'run', '--rm', '--init', '--label', `mlflow-workbench.run=${runId}`, '--network', 'host', '-m', '256m', '--privileged'],
  ...['-v', `${root}/mlflow.db:/mlflow/tmp/mlruns`, '-v', `${root}/my artifacts:${root}/my artifacts`],
  ...['-v', `${root}/project/data:/data:ro`, '-v', `${homedir()}/x y:/y`],
  ...['-e', `MLFLOW_RUN_ID=${runId}`, '-e', 'MLFLOW_TRACKING_URI=sqlite:////mlflow/tmp/mlruns', '-e', 'MLFLOW_EXPERIMENT_ID=7', '-e', 'PYTHONUNBUFFERED=1'],
  ...['-e', 'NEW=a b', '-e', 'SECRET', '-e', 'SEED', image, 'python', 'train.py', "it's $HOME"],
];

describe('a project in a container', () => {
  test('runs an image that is pulled, with what MLflow mounts and sets, in its order', async () => {
    install('docker');
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(callOf('pull')).toEqual(['docker', 'pull', 'base:1']);
    expect(callOf('run')).toEqual(expectedRun('wine:latest'));
    expect(tags).toEqual([
      { key: 'mlflow.docker.image.uri', value: 'base:1' },
      { key: 'mlflow.docker.image.id', value: 'sha256:abc' },
    ]);
  });

  test('shares the folder of a store with a write-ahead log, which its file alone does not hold', async () => {
    install('docker');
    const database = openStore('WAL');
    onTestFinished(() => void database.close());
    expect(await execute()).toEqual({ status: 'FINISHED' });
    const words = expectedRun('wine:latest').map((word) =>
      word.replace('/mlflow.db:/mlflow/tmp/mlruns', ':/mlflow/tmp/store').replace(/tmp\/mlruns$/, 'tmp/store/mlflow.db'),
    );
    expect(callOf('run')).toEqual(words);
  });

  test('does not share a write-ahead log with the virtual machine of Docker Desktop', async () => {
    install('docker');
    writeFileSync(join(root, 'says'), ' Operating System: Docker Desktop');
    const database = openStore('WAL');
    onTestFinished(() => void database.close());
    expect(await execute()).toMatchObject({
      status: 'FAILED',
      at: 'start',
      reason: expect.stringContaining('which containers in a virtual machine cannot share'),
    });
  });

  test('keeps values of this machine out of the command and the log', async () => {
    install('docker');
    await execute();
    expect(readFileSync(join(root, 'seen'), 'utf8')).toBe('SECRET=hush\n');
    expect(said.join('\n')).not.toContain('hush');
  });

  test('is built into an image on demand, and leaves its folder as it is', async () => {
    install('docker');
    expect(await execute({ ...docker, buildImage: true })).toEqual({ status: 'FINISHED' });
    expect(callOf('build')).toEqual([
      'docker',
      'build',
      '--tag',
      'wine:1234567',
      '--file',
      `${root}/scratch/Dockerfile.mlflow-autogenerated`,
      `${root}/project`,
    ]);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toBe('FROM base:1\nCOPY . /mlflow/projects/code/\nWORKDIR /mlflow/projects/code/\n');
    expect(callOf('pull')).toBeUndefined();
    expect(tags[0]).toEqual({ key: 'mlflow.docker.image.uri', value: 'wine:1234567' });
  });

  test('is run by podman where there is no docker', async () => {
    install('podman');
    expect(await execute()).toEqual({ status: 'FINISHED' });
    expect(callOf('run')?.[0]).toBe('podman');
  });

  test('fails as its command fails', async () => {
    install('docker');
    writeFileSync(join(root, 'code'), '7');
    expect(await execute()).toEqual({ status: 'FAILED', at: 'command', reason: 'The command ended with exit code 7' });
  });

  test('that is stopped leaves no container', async () => {
    install('docker');
    writeFileSync(join(root, 'hangs'), '');
    const controller = new AbortController();
    const running = execute(docker, controller.signal);
    await expect.poll(() => existsSync(join(root, 'started'))).toBe(true);
    controller.abort();
    expect(await running).toEqual({ status: 'KILLED' });
    rmSync(join(root, 'hangs'));
    expect(callOf('ps')).toEqual(['docker', 'ps', '--all', '--quiet', '--filter', `label=mlflow-workbench.run=${runId}`]);
    expect(callOf('rm')).toEqual(['docker', 'rm', '--force', 'c0ffee']);
  });

  test.each([
    ['an image with an option', { image: '--privileged' }, "'--privileged' is not the name of an image"],
    ['an image with a command', { image: 'a;b' }, "'a;b' is not the name of an image"],
    ['a volume with a command', { volumes: ['$(touch x):/x'] }, 'cannot be used: only $(pwd) and $HOME are expanded'],
    ['a variable that is not set', { variables: [{ name: 'NOT_SET' }] }, 'expects the NOT_SET environment variables to be set'],
  ])('with %s is refused', async (_, change, reason) => {
    install('docker');
    expect(await execute({ ...docker, ...change })).toMatchObject({ status: 'FAILED', at: 'start', reason: expect.stringContaining(reason) });
    expect(existsSync(join(root, 'calls')) && callOf('run') !== undefined).toBe(false);
  });

  test('without a name, an engine or a daemon says what to do', async () => {
    expect(await execute()).toMatchObject({ reason: expect.stringContaining('Could not find Docker executable, nor podman') });
    install('docker');
    const { name: _, ...nameless } = docker;
    expect(await execute(nameless)).toMatchObject({ reason: expect.stringContaining('Project name in MLProject must be specified') });
    writeFileSync(join(root, 'down'), '');
    expect(await execute()).toMatchObject({ reason: expect.stringContaining('Cannot connect to the daemon') });
  });
});
