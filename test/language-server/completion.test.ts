import { describe, expect, test } from 'vitest';

import { complete } from '../../language-server/verbs/completion.ts';
import { completeItems, completeLabels, withCursor, workspaceOf } from './support.ts';

test('an empty file is offered the top-level keys', async () => {
  expect(await completeLabels('|')).toEqual(['name', 'python_env', 'conda_env', 'docker_env', 'databricks_spark_job', 'entry_points']);
});

test.for(['\n|name', '\n\n|', '\n  - |', '\nentry_points:\n  |'])('a file that starts with an empty line is a file like any other: %j', async (text) => {
  expect(Array.isArray(await completeLabels(text))).toBe(true);
  expect(await completeLabels('\n|name')).toContain('entry_points');
});

test('keys that are present are not offered again', async () => {
  expect(await completeLabels('name: wine\n|\nentry_points:\n  main:\n    command: ls\n')).not.toContain('name');
});

test('an entry point is offered its command', async () => {
  expect(await completeLabels('entry_points:\n  main:\n    com|')).toEqual(['parameters', 'command']);
});

test('a parameter in braces is offered types', async () => {
  expect(await completeLabels('entry_points:\n  main:\n    parameters:\n      alpha: {type: fl|}\n')).toEqual([
    'string',
    'float',
    'int',
    'bool',
    'path',
    'uri',
  ]);
});

test('the short form of a parameter is offered types', async () => {
  expect(await completeLabels('entry_points:\n  main:\n    parameters:\n      alpha: |')).toContain('float');
});

test('a brace in a folded command is offered the parameters', async () => {
  const text =
    'entry_points:\n  main:\n    parameters:\n      alpha: float\n      beta: {default: 3}\n    command: >-\n      python train.py\n      --alpha {|\n';
  expect(await completeLabels(text)).toEqual(['alpha', 'beta']);
});

test('a snippet opens the next level', async () => {
  const [item] = (await completeItems('ent|')).filter(({ label }) => label === 'entry_points');
  expect(item?.textEdit).toMatchObject({ newText: 'entry_points:\n  $0' });
});

test('a comment is offered nothing', async () => {
  expect(await completeLabels('name: wine # na|')).toEqual([]);
});

const script = 'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--alpha")\nparser.add_argument("--beta")\nparser.parse_args()\n';

test('options of the script are offered in each line of a folded command, without those that are passed', async () => {
  const text = 'entry_points:\n  main:\n    command: >-\n      python train.py\n      --alpha 1\n      --|\n';
  expect(await completeLabels(text, { files: { 'train.py': script } })).toEqual(['--beta']);
});

test('each line of a literal command is a command of its own', async () => {
  const { document, position } = withCursor('entry_points:\n  main:\n    command: |\n      python train.py --alpha 1\n      python train.py --|\n');
  const items = await complete(document, position, workspaceOf({ 'train.py': script }));
  expect(items.map(({ label }) => label)).toEqual(['--alpha', '--beta']);
});

const point = (lines: string): string => `entry_points:\n  main:\n${lines}`;

describe('keys that are allowed and absent', () => {
  test.for([
    ['of an entry point in braces', 'entry_points: {main: {command: ls, |}}', ['parameters']],
    ['of a parameter', point('    parameters:\n      alpha:\n        type: float\n        |\n'), ['default', 'description']],
    ['of a parameter in braces', point('    parameters:\n      alpha: {default: 1, |}\n'), ['type', 'description']],
    ['of docker_env', 'docker_env:\n  image: a\n  |\n', ['volumes', 'environment']],
    ['of a Spark job', 'databricks_spark_job:\n  python_file: a.py\n  |\n', ['parameters', 'python_libraries']],
  ] as const)('%s', async ([, text, keys]) => {
    expect(await completeLabels(text)).toEqual(keys);
  });
});

describe('skeletons', () => {
  test('of an entry point, with a parameter that its command uses', async () => {
    const items = await completeItems('entry_points:\n  main:\n    command: ls\n  |\n');
    expect(items.map(({ label }) => label)).toEqual(['train', 'evaluate', 'predict']);
    expect(items[0]?.textEdit).toMatchObject({
      newText: '${1:train}:\n  parameters:\n    ${2:alpha}: {type: ${3:float}, default: ${4:0.5}}\n  command: "python ${5:train.py} --$2 {$2}"$0',
    });
  });

  test('of an entry point in braces', async () => {
    const [item] = await completeItems('entry_points: {|}\n');
    expect(item).toMatchObject({ label: 'main', textEdit: { newText: 'main: {command: "$0"}' } });
  });

  test('of a parameter: what the command uses, and what its script takes', async () => {
    const text = point('    parameters:\n      |\n    command: python train.py --alpha {alpha} {gamma}\n');
    const items = await completeItems(text, { files: { 'train.py': script } });
    expect(items.map(({ label, textEdit }) => [label, textEdit?.newText])).toEqual([
      ['alpha', 'alpha: ${1:string}$0'],
      ['beta', 'beta: ${1:string}$0'],
      ['gamma', 'gamma: ${1:string}$0'],
    ]);
  });
});

test.for([
  ['bool', ['true', 'false']],
  ['float', ['0.5', '1.0']],
  ['int', ['1', '10']],
  ['string', ['""']],
  ['uri', ['"s3://bucket/path"', '"file:///path"']],
  ['path', ['data/', 'train.py']],
] as const)('a default of type %s is offered some of that type', async ([type, defaults]) => {
  const files = { 'data/wine.csv': '', 'train.py': '', '.hidden': '' };
  for (const text of [`{type: ${type}, default: |}\n`, `\n        type: ${type}\n        default: |\n`])
    expect((await completeLabels(point(`    parameters:\n      alpha: ${text}`), { files })).toSorted()).toEqual(defaults.toSorted());
});

describe('placeholders', () => {
  const declared = '    parameters: {alpha: float, beta: {default: 3}}\n';

  test.for([
    ['a plain', '    command: python train.py --alpha {|\n'],
    ['a single-quoted', "    command: 'python train.py --alpha {|'\n"],
    ['a double-quoted', '    command: "python train.py --alpha {|"\n'],
    ['a double-quoted, on its second line,', '    command: "python train.py\n      --alpha {|"\n'],
    ['a folded', '    command: >\n      python train.py\n      --alpha {|\n'],
    ['a literal', '    command: |\n      python train.py --alpha {|\n'],
  ] as const)('%s command is offered the parameters', async ([, command]) => {
    expect(await completeLabels(point(declared + command))).toEqual(['alpha', 'beta']);
  });

  test('a command in braces is offered the parameters', async () => {
    expect(await completeLabels('entry_points: {main: {parameters: {alpha: float}, command: "python train.py {|"}}\n')).toEqual(['alpha']);
  });

  test('one that is there is replaced with its brace', async () => {
    const [item] = await completeItems(point(`${declared}    command: ls {al|phx} b\n`));
    expect(item?.textEdit).toMatchObject({ newText: 'alpha\\}', range: { start: { character: 17 }, end: { character: 23 } } });
  });

  test('braces that are meant as text are offered nothing', async () => {
    expect(await completeLabels(point(`${declared}    command: ls {{|\n`))).toEqual([]);
  });
});

describe('files', () => {
  const files = { 'train.py': '', 'src/eval.py': '', 'run.sh': '', 'python_env.yaml': '', 'env/conda.yaml': '', 'conda.yaml': '', 'notes.txt': '' };

  test.for([
    ['scripts behind python', point('    command: python3 |\n'), ['env/', 'src/', 'train.py']],
    ['scripts of a folder', point('    command: "python3 src/|"\n'), ['src/eval.py']],
    ['scripts behind bash', point('    command: bash |\n'), ['env/', 'run.sh', 'src/']],
    ['python_env', 'python_env: |\n', ['env/', 'python_env.yaml', 'src/']],
    ['conda_env', 'conda_env: |\n', ['conda.yaml', 'env/', 'src/']],
    ['conda_env in a folder', 'conda_env: env/|\n', ['env/conda.yaml']],
    ['the file of a Spark job', 'databricks_spark_job:\n  python_file: src/|\n', ['src/eval.py']],
  ] as const)('%s', async ([, text, labels]) => {
    expect((await completeLabels(text, { files })).toSorted()).toEqual(labels);
  });
});
