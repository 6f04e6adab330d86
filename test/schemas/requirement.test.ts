import { describe, expect, test } from 'vitest';

import { normalizedName, readRequirement, readRequirementLines } from '../../schemas/requirement.ts';

describe('readRequirement', () => {
  test.each([
    ['mlflow', 'mlflow', ''],
    ['mlflow==3.17.2', 'mlflow', '==3.17.2'],
    ['numpy >= 1.26, < 3', 'numpy', '>= 1.26, < 3'],
    ['numpy (>=1.26)', 'numpy', '>=1.26'],
    ['ray[tune,serve]~=2.9', 'ray', '~=2.9'],
    ['torch==2.7.1+cpu ; python_version < "3.13"', 'torch', '==2.7.1+cpu'],
    ['  pandas  # frames', 'pandas', ''],
    ['wheel==0.45.*', 'wheel', '==0.45.*'],
    ['pip<=23.2.1 --hash=sha256:0a', 'pip', '<=23.2.1'],
    ['zope.interface!=5.0', 'zope.interface', '!=5.0'],
  ])('%s is a package', (line, name, specifier) => {
    expect(readRequirement(line)).toMatchObject({ kind: 'package', name, specifier });
  });

  test.each([
    ['-r requirements.txt', 'requirements.txt', false],
    ['--requirement base/requirements.txt', 'base/requirements.txt', false],
    ['-c constraints.txt # pins', 'constraints.txt', true],
    ['--constraint=constraints.txt', 'constraints.txt', true],
    ['-rrequirements.txt', 'requirements.txt', false],
  ])('%s is a file', (line, path, isConstraint) => {
    const found = readRequirement(line);
    expect(found).toMatchObject({ kind: 'file', path, isConstraint });
    expect(found.kind === 'file' && line.slice(found.start, found.end)).toBe(path);
  });

  test.each([
    '-e .',
    '.',
    './libs/ours',
    '--index-url https://host/simple',
    'git+https://host/repo.git@main',
    'https://host/a.whl',
    'ours @ file:///libs/ours',
    'a.whl',
  ])('what %s installs is not known', (line) => {
    expect(readRequirement(line)).toEqual({ kind: 'other' });
  });

  test.each([
    ['numpy=1.26', 'numpy==1.26'],
    ['numpy 1.26', 'numpy==1.26'],
    ['numpy>=1.26<3', 'numpy>=1.26,<3'],
    ['numpy pandas', undefined],
    ['numpy=>1.26', undefined],
    ['==1.26', undefined],
  ])('pip refuses %s', (line, meant) => {
    const found = readRequirement(line);
    expect(found.kind).toBe('invalid');
    expect(found.kind === 'invalid' && found.meant).toBe(meant);
  });

  test('lines that end in a backslash are one', () => {
    const text = '# ours\nmlflow==3.17.2 \\\n  --hash=sha256:0a\n\nnumpy\n';
    expect(readRequirementLines(text).filter(({ kind }) => kind !== 'empty')).toMatchObject([{ name: 'mlflow' }, { name: 'numpy' }]);
  });

  test('names of packages differ in case and dashes only', () => {
    expect(normalizedName('Scikit_Learn')).toBe(normalizedName('scikit-learn'));
  });
});
