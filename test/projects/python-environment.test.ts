import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readCondaEnv, readPythonEnv } from '../../extension/projects/python-environment.ts';

const fileWith = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'environment-')), 'env.yaml');
  writeFileSync(file, text);
  return file;
};

describe('readPythonEnv', () => {
  test.each([
    [
      'python: "3.10"\nbuild_dependencies: [pip]\ndependencies: [a==1, -r b.txt]',
      { python: '3.10', buildDependencies: ['pip'], dependencies: ['a==1', '-r b.txt'] },
    ],
    ['python: 3.10.4', { python: '3.10.4', buildDependencies: [], dependencies: [] }],
    ['python: ""\ndependencies:', { python: '3.9.9', buildDependencies: [], dependencies: [] }],
  ])('%j', async (text, environment) => {
    expect(await readPythonEnv(fileWith(text), '3.9.9')).toEqual(environment);
  });

  test.each([
    ['python: 3.10', 'YAML reads the number 3.1'],
    ['dependencies: numpy', "`dependencies` must be a list but got <class 'str'>"],
    ['build_dependencies: {a: 1}', "`build_dependencies` must be a list but got <class 'dict'>"],
    ['dependencies: [3]', 'expected str instance, int found'],
    ['name: x', "unexpected keyword argument 'name'"],
    ['', 'must be a mapping, not NoneType'],
    ['- a', 'must be a mapping, not list'],
    ['python: !!python/name:os.system x', 'does not know the tag'],
  ])('%j is refused', async (text, message) => {
    await expect(readPythonEnv(fileWith(text), '3.9.9')).rejects.toThrow(message);
  });
});

describe('readCondaEnv', () => {
  test('takes Python, the packages that build, and what pip installs', async () => {
    const text = 'dependencies: [python=3.8, pip=21.0, setuptools>=50, wheel, numpy, "python 3.9", {pip: [a, b]}]';
    expect(await readCondaEnv(fileWith(text), '3.9.9')).toEqual({
      environment: { python: '3.8', buildDependencies: ['pip==21.0', 'setuptools>=50', 'wheel'], dependencies: ['a', 'b'] },
      leftOut: ['numpy', 'python 3.9'],
    });
  });

  test('without Python the current one stands in', async () => {
    expect((await readCondaEnv(fileWith('name: x'), '3.9.9')).environment.python).toBe('3.9.9');
  });

  test.each([
    ['dependencies: [python]', 'It must be pinned'],
    ['dependencies: [python<3.9]', "Invalid version comparator for python: '<'"],
    ['dependencies: [{npm: [a]}]', 'Invalid conda dependency'],
    ['dependencies:', '`dependencies` is a list'],
  ])('%j is refused', async (text, message) => {
    await expect(readCondaEnv(fileWith(text), '3.9.9')).rejects.toThrow(message);
  });
});
