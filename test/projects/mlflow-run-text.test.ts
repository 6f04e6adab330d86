import { expect, test } from 'vitest';

import { mlflowRunText } from '../../extension/projects/mlflow-run-text.ts';
import { plainChoices } from '../../schemas/run-choices.ts';

test('a plain start is short', () => {
  expect(mlflowRunText({ place: { uri: '.' }, entryPoint: 'main', choices: plainChoices }, 'linux')).toBe('mlflow run . --env-manager local');
});

test('everything that was chosen is in it, quoted', () => {
  const choices = {
    values: [
      { key: 'a', value: "it's" },
      { key: 'b', value: '' },
    ],
    manager: 'uv',
    experiment: 'my experiment',
    runName: 'first',
    variables: [{ key: 'SEED', value: '4 2' }],
  } as const;
  expect(mlflowRunText({ place: { uri: 'https://host/x.git#sub', version: 'v1' }, entryPoint: 'train', choices }, 'linux')).toBe(
    `SEED='4 2' mlflow run 'https://host/x.git#sub' -v v1 -e train -P 'a=it'"'"'s' -P b= --env-manager uv --experiment-name 'my experiment' --run-name first`,
  );
});
