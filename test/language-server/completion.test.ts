import { expect, test } from 'vitest';

import { complete } from '../../language-server/verbs/completion.ts';
import { completeItems, completeLabels, withCursor, workspaceOf } from './support.ts';

test('an empty file is offered the top-level keys', async () => {
  expect(await completeLabels('|')).toEqual(['name', 'python_env', 'conda_env', 'docker_env', 'databricks_spark_job', 'entry_points']);
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
