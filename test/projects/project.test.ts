import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { getEntryPoint, loadProject } from '../../extension/projects/project.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-'));
});

const write = (name: string, text = ''): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('loadProject', () => {
  test.each(['MLproject', 'mlproject', 'MLPROJECT', 'MLProject'])('finds %s', async (name) => {
    const file = write(name, 'name: p');
    expect(await loadProject(folder)).toMatchObject({ file, name: 'p', directory: folder });
  });

  test.each(['MLproject.yaml', 'MLproject.yml', 'my-MLproject'])('does not take %s for one', async (name) => {
    write(name, 'entry_points: {main: {command: x}}');
    expect((await loadProject(folder)).entryPoints).toEqual([]);
  });

  test('says what is wrong with a file, and in which line', async () => {
    write('MLproject', 'name: p\nentry_points:\n  main: python train.py\n');
    await expect(loadProject(folder)).rejects.toThrow(/^MLproject, line 3: /);
  });

  test('a named environment comes first, then python_env.yaml, then conda.yaml, then an empty one', async () => {
    expect((await loadProject(folder)).environment).toEqual({ kind: 'python' });
    const conda = write('conda.yaml');
    expect((await loadProject(folder)).environment).toEqual({ kind: 'conda', file: conda });
    const python = write('python_env.yaml');
    expect((await loadProject(folder)).environment).toEqual({ kind: 'python', file: python });
    mkdirSync(join(folder, 'env'));
    const named = write('env/c.yaml');
    write('MLproject', 'conda_env: env/c.yaml');
    expect((await loadProject(folder)).environment).toEqual({ kind: 'conda', file: named });
  });

  test('a docker environment keeps its image, volumes and variables', async () => {
    write('MLproject', 'name: p\ndocker_env: {image: i, volumes: ["/a:/b"], environment: [[N, v], HOSTV]}');
    expect((await loadProject(folder)).environment).toMatchObject({ kind: 'docker', image: 'i', volumes: ['/a:/b'] });
  });

  test('an environment file that is missing is named', async () => {
    write('MLproject', 'conda_env: missing.yaml');
    await expect(loadProject(folder)).rejects.toThrow('Project specified conda environment file');
  });
});

describe('getEntryPoint', () => {
  const project = (...names: readonly string[]) => ({
    directory: '/p',
    environment: { kind: 'python' } as const,
    entryPoints: names.map((name) => ({ name, parameters: [], command: 'declared' })),
  });
  const shell = { platform: 'linux', shell: '/bin/zsh' } as const;

  test('a declared name wins over a script', () => {
    expect(getEntryPoint(project('a.py'), 'a.py', shell).command).toBe('declared');
  });

  test.each([
    ['sub/x y.py', "python 'sub/x y.py'"],
    ['go.sh', '/bin/zsh go.sh'],
    ['model.R', `Rscript -e "mlflow::mlflow_source('model.R')" --args`],
  ])('%s stands for itself', (name, command) => {
    expect(getEntryPoint(project(), name, shell)).toEqual({ name, parameters: [], command });
  });

  test.each(['main', 'x.PY', 'x.r', 'x.ps1', 'x.ipynb'])('%s is refused with what there is', (name) => {
    expect(() => getEntryPoint(project('train'), name, shell)).toThrow(`Could not find ${name} among entry points ['train']`);
  });

  test('without a shell of the user bash runs shell scripts', () => {
    expect(getEntryPoint(project(), 'go.sh', { platform: 'linux' }).command).toBe('bash go.sh');
  });
});
