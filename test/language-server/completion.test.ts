import { expect, test } from 'vitest';

import { completeItems, completeLabels } from './support.ts';

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
