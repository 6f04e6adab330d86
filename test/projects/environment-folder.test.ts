import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { environmentFolder } from '../../extension/projects/environment-folder.ts';
import { expandRequirements } from '../../extension/projects/requirements.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
});

describe('environmentFolder', () => {
  test.each([
    [['pip'], ['six'], 'db354302d2f756997fafc01f26435a252dda351c'],
    [[], [], 'dd3dae030f428e20c29ca2749d722d6bd5af02dd'],
  ])('of build dependencies %j and dependencies %j is the one that mlflow has', async (buildDependencies, dependencies, hash) => {
    const environment = { python: '3.11.7', buildDependencies, dependencies };
    expect(await environmentFolder(environment, folder, { MLFLOW_ENV_ROOT: '/envs' })).toBe(`/envs/mlflow-${hash}`);
  });

  test('changes with the contents of a requirements file', async () => {
    const environment = { python: '3.11.7', buildDependencies: [], dependencies: ['-r requirements.txt'] };
    writeFileSync(join(folder, 'requirements.txt'), 'six\n');
    const before = await environmentFolder(environment, folder, {});
    writeFileSync(join(folder, 'requirements.txt'), 'six==1.16\n');
    expect(await environmentFolder(environment, folder, {})).not.toBe(before);
  });
});

test('requirement files are read in, comments and blank lines left out, split lines joined', async () => {
  writeFileSync(join(folder, 'more.txt'), '# comment\nnumpy  # inline\n\npandas \\\n>=1\n-c limits.txt\n');
  writeFileSync(join(folder, 'limits.txt'), 'scipy<2\n');
  expect(await expandRequirements([' six ', '-r more.txt', '--index-url=https://x'], folder)).toEqual([
    { text: 'six', isConstraint: false },
    { text: 'numpy', isConstraint: false },
    { text: 'pandas >=1', isConstraint: false },
    { text: 'scipy<2', isConstraint: true },
    { text: '--index-url=https://x', isConstraint: false },
  ]);
});
