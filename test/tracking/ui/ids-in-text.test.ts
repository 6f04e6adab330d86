import { expect, test } from 'vitest';

import { experimentIdIn, runIdIn } from '../../../extension/tracking/ui/ids-in-text.ts';

const id = '0123456789abcdef0123456789abcdef';
const other = 'f'.repeat(32);

test.each([
  ['an id', id],
  ['an id in capitals', id.toUpperCase()],
  ['an id with blanks around it', `  ${id}\n`],
  ['a page of MLflow', `http://127.0.0.1:5000/#/experiments/3/runs/${id}`],
  ['a tab of that page', `https://mlflow.example.org/#/experiments/3/runs/${id}/artifacts/model?o=1`],
  ['a path with another id before it', `https://example.org/${other}/runs/${id}`],
  ['a model of a run', `runs:/${id}/model`],
  ['what Python prints', `Run ID: ${id}`],
])('%s names a run', (_, text) => {
  expect(runIdIn(text)).toBe(id);
});

test.each([
  ['a name', 'gentle-colt-123'],
  ['a number that is too short', 'abcdef0123456789'],
  ['a number that is too long', `${id}0`],
  ['nothing', ''],
])('%s names none', (_, text) => {
  expect(runIdIn(text)).toBeUndefined();
});

test.each([
  ['a page of MLflow', 'http://127.0.0.1:5000/#/experiments/3', '3'],
  ['a tab of that page', 'https://mlflow.example.org/prefix/#/experiments/482019/runs?searchFilter=', '482019'],
  ['a page of a run', `https://mlflow.example.org/#/experiments/3/runs/${id}`, '3'],
  ['a link of ours', 'vscode://mlflow-workbench.mlflow-workbench/experiment?store=sqlite%3A%2F%2F%2Fa%26b.db&id=7', '7'],
])('%s names an experiment', (_, text, experimentId) => {
  expect(experimentIdIn(text)).toBe(experimentId);
});

test.each(['3', 'nightly/experiments', 'my experiments', ''])('%j is looked for among the names', (text) => {
  expect(experimentIdIn(text)).toBeUndefined();
});
