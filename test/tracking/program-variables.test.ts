import { expect, test } from 'vitest';

import { environmentsIn, programVariables } from '../../extension/tracking/program-variables.ts';

const sqlite = { kind: 'sqlite', path: '/work/mlflow.db' } as const;
const files = { kind: 'files', path: '/work/my runs' } as const;

test('programs of a folder with an mlflow.db get its address', () => {
  expect(programVariables(sqlite, [])).toEqual({ kind: 'given', variables: { MLFLOW_TRACKING_URI: 'sqlite:////work/mlflow.db' } });
});

test('programs of a folder of files get its URI, and what mlflow wants to be told since 3.13', () => {
  expect(programVariables(files, [])).toEqual({
    kind: 'given',
    variables: { MLFLOW_TRACKING_URI: 'file:///work/my%20runs', MLFLOW_ALLOW_FILE_STORE: 'true' },
  });
});

test('programs of a server get its address and nothing else', () => {
  expect(programVariables({ kind: 'server', url: 'https://mlflow.example.org/team' }, [])).toEqual({
    kind: 'given',
    variables: { MLFLOW_TRACKING_URI: 'https://mlflow.example.org/team' },
  });
});

test.each(['http://elsewhere:5000', '', null])('the value %j that a person has set is left alone', (value) => {
  const sources = [
    { name: 'the environment of the editor', variables: {} },
    { name: '.env', variables: { MLFLOW_TRACKING_URI: value } },
  ];
  expect(programVariables(sqlite, sources)).toEqual({ kind: 'left', source: '.env' });
});

test('a person who has set the same store has set nothing else', () => {
  const sources = [{ name: '.env', variables: { MLFLOW_TRACKING_URI: 'sqlite:////work/mlflow.db' } }];
  expect(programVariables(sqlite, sources).kind).toBe('given');
});

test("the opt-in for folders of files keeps a person's value", () => {
  const sources = [{ name: '.env', variables: { MLFLOW_ALLOW_FILE_STORE: 'false' } }];
  expect(programVariables(files, sources)).toEqual({ kind: 'given', variables: { MLFLOW_TRACKING_URI: 'file:///work/my%20runs' } });
});

test('variables of tasks are found for all tasks, for one, and for one on a platform', () => {
  const found = environmentsIn({
    options: { env: { ALL: '1' } },
    tasks: [{ label: 'a', options: { env: { ONE: '2' }, cwd: '/' } }, { label: 'b', linux: { options: { env: { LINUX: '3' } } } }, { env: 'a text' }, null],
  });
  expect(found).toEqual([{ ALL: '1' }, { ONE: '2' }, { LINUX: '3' }]);
});
