import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import type { DockerPlan, EnvironmentPlan } from '../../extension/projects/run-folder.ts';
import { unusualMeans } from '../../extension/projects/unusual-means.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'means-'));
});

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const virtual = (dependencies: readonly string[]): EnvironmentPlan => ({
  manager: 'virtualenv',
  source: { kind: 'python', file: write('python_env.yaml', JSON.stringify({ python: '3.11', dependencies })) },
  currentPython: '3.11.7',
});

test('packages of the usual index, also by a file of the project, are nothing unusual', async () => {
  write('requirements.txt', './wheels/mine.whl\nsix==1.16.0\nscikit-learn>=1 # the newest\nmlflow[extras]; python_version > "3"\n');
  expect(await unusualMeans(virtual(['-r requirements.txt', 'numpy']), folder)).toEqual([]);
});

test.each([
  '--extra-index-url https://elsewhere.example/simple',
  '-i https://elsewhere.example/simple',
  '-r /etc/passwd',
  '-r ../other.txt',
  '--requirement=/etc/passwd',
  'git+https://host.example/x.git',
  'x @ file:///tmp/x.whl',
  'https://host.example/x.whl',
  '../elsewhere/package',
  '/opt/elsewhere/x.whl',
  '-e .',
])('%s is, in the environment and in a file that it names', async (line) => {
  expect(await unusualMeans(virtual(['six', line]), folder)).toEqual([line]);
  write('requirements.txt', `six\n${line}\n`);
  expect(await unusualMeans(virtual(['-r requirements.txt']), folder)).toEqual([line]);
});

test('what pip gets of a conda file counts as well', async () => {
  const file = write('conda.yaml', 'dependencies:\n- python=3.11\n- pip:\n  - git+https://host.example/x.git\n');
  expect(await unusualMeans({ manager: 'conda', file }, folder)).toEqual(['git+https://host.example/x.git']);
});

test('a file that cannot be read is told by whoever makes the environment', async () => {
  expect(await unusualMeans(virtual(['-r missing.txt']), folder)).toEqual([]);
});

test('a container that mounts folders outside of the project does, others do not', async () => {
  const volumes = ['$(pwd)/data:/data', 'named:/cache', '/:/host', '$HOME:/home', '$PWD/../x:/x'];
  const plan: DockerPlan = { manager: 'docker', image: 'a', imageUri: 'a', buildImage: false, volumes, variables: [], variableNames: [], args: [] };
  expect(await unusualMeans(plan, folder)).toEqual(['/:/host', '$HOME:/home', '$PWD/../x:/x']);
});
