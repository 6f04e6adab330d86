import { describe, expect, test } from 'vitest';

import {
  environmentDifference,
  packageDifference,
  packagesOf,
  presentPackages,
  requiredPackages,
  unmetPackages,
} from '../../schemas/environment-difference.ts';

const entries = (packages: ReadonlyMap<string, string>) => Object.fromEntries(packages);

test('packages: other versions, new ones and those that are gone, whatever their spelling', () => {
  expect(environmentDifference('scikit_learn==1.2\nPandas >= 2\nold\n# x\n-r more.txt\n', 'scikit-learn==1.3\npandas>=2\nnew==1\n')).toEqual([
    { name: 'new', after: '==1' },
    { name: 'old', before: '' },
    { name: 'scikit-learn', before: '==1.2', after: '==1.3' },
  ]);
});

test.each([
  ['Scikit_Learn == 1.2.3', { 'scikit-learn': '==1.2.3' }],
  ['pandas>=2, <3 ; python_version > "3"', { pandas: '>=2,<3' }],
  ['uvicorn[standard]==0.30  # server', { uvicorn: '==0.30' }],
  ['# nothing', {}],
  ['-r other.txt', {}],
  ['', {}],
])('the requirement %j', (line, packages) => {
  expect(entries(requiredPackages(line))).toEqual(packages);
});

describe('what the files of a run name', () => {
  test('is what conda and pip install, and the Python', () => {
    const conda = `channels: [conda-forge]
dependencies:
- python=3.11
- conda-forge::numpy=1.26.4=py311_0
- pandas>=2
- scipy 1.11.*
- bare
- pip
- pip:
  - mlflow==3.17.2
  - bare==1
`;
    expect(entries(packagesOf({ conda }))).toEqual({
      python: '==3.11.*',
      numpy: '==1.26.4',
      pandas: '>=2',
      scipy: '==1.11.*',
      bare: '==1',
      pip: '',
      mlflow: '==3.17.2',
    });
  });

  test('of requirements.txt and python_env.yaml before conda.yaml', () => {
    const files = { conda: 'dependencies: [python=3.9, numpy=1]', requirements: 'numpy==2\n', pythonEnv: 'python: 3.11.7\ndependencies: [scipy==1]\n' };
    expect(entries(packagesOf(files))).toEqual({ python: '==3.11.7', numpy: '==2', scipy: '==1' });
  });

  test('is nothing where they are no such files', () => {
    expect(entries(packagesOf({ conda: '- a\n: [', requirements: '\u0000', pythonEnv: '"' }))).toEqual({});
  });
});

test('an interpreter stands as if all that it has were required', () => {
  const present = presentPackages([{ name: 'Scikit_Learn', version: '1.7' }], '3.11.7');
  expect(packageDifference(requiredPackages('scikit-learn==1.6'), present)).toEqual([
    { name: 'python', after: '==3.11.7' },
    { name: 'scikit-learn', before: '==1.6', after: '==1.7' },
  ]);
});

test('what an interpreter does not satisfy: other versions, missing ones, and what cannot be compared', () => {
  const required = requiredPackages('a>=1,<2\nb==1\nc\nd==1\ne===x\nf==1.*');
  const installed = ['a 1.5', 'b 2', 'c 9', 'e y', 'f 1.7'].map((text) => ({ name: text.slice(0, 1), version: text.slice(2) }));
  expect(unmetPackages(required, presentPackages(installed, '3.11'))).toEqual([
    { name: 'b', before: '==1', after: '==2' },
    { name: 'd', before: '==1' },
    { name: 'e', before: '===x', after: '==y' },
  ]);
});
