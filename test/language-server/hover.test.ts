import { expect, test } from 'vitest';

import { hoverText } from './support.ts';

test('a key is explained', async () => {
  expect(await hoverText('na|me: wine\n')).toContain("The project's name.");
});

test('a value is explained by its key', async () => {
  expect(await hoverText('entry_points:\n  main:\n    parameters:\n      alpha: flo|at\n    command: ls\n')).toContain('MLflow acts on `path` and `uri` only');
});

test('nothing is said where nothing stands', async () => {
  expect(await hoverText('name: wine\n\n|\n')).toBeUndefined();
});

test.for([
  ['python_env', 'python_|env: env.yaml\n', 'Since MLflow 1.26.'],
  ['volumes', 'docker_env:\n  image: a\n  vol|umes: []\n', 'Default: `[]`.\n\nSince MLflow 1.5.'],
  ['type', 'entry_points:\n  main:\n    parameters:\n      a: {ty|pe: float}\n', 'Default: `"string"`.\n\nSince MLflow 0.1.'],
] as const)('%s is told with its default and the release that brought it', async ([, text, facts]) => {
  expect(await hoverText(text)).toContain(facts);
});

const project = `entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      title: {default: a b}
      data: path
    command: python train.py --alpha {alpha} {title} {data}
`;

test('an entry point is told with the command that its defaults make, quoted as MLflow does, and how it is started', async () => {
  const text = await hoverText(project.replace('main', 'ma|in'));
  expect(text).toContain("python train.py --alpha 0.5 'a b' <data>");
  expect(text).toContain('mlflow run . -P data=…');
});

test.for([
  ['declared', project.replace('alpha:', 'al|pha:'), 'Parameter `alpha` of `main`: `float`, default `0.5`.'],
  ['used', project.replace('{alpha}', '{al|pha}'), 'Parameter `alpha` of `main`: `float`, default `0.5`.'],
  ['required', project.replace('{data}', '{da|ta}'), 'Parameter `data` of `main`: `path`, required.'],
] as const)('a parameter is explained where it is %s', async ([, text, expected]) => {
  expect(await hoverText(text)).toContain(expected);
});

test('an option is told with what the script says of it, and the script with its options', async () => {
  const files = {
    'train.py': 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--alpha", type=float, default=0.1, help="L2 penalty")\np.parse_args()\n',
  };
  expect(await hoverText(project.replace('--alpha', '--al|pha'), { files })).toContain('L2 penalty');
  expect(await hoverText(project.replace('train.py', 'tra|in.py'), { files })).toContain('`--alpha`: `L2 penalty`');
});
