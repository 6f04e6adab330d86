import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readRunTask, toRunTask } from '../../schemas/run-task.ts';
import { shellText } from '../support/shell-text.ts';

test('a task that names nothing runs main of the workspace folder', () => {
  expect(readRunTask({ type: 'mlflow' })).toEqual({ project: '.', entryPoint: 'main', choices: { values: [], manager: 'local', variables: [] } });
});

test('numbers and truth values are what one would type', () => {
  expect(readRunTask({ type: 'mlflow', parameters: { a: 0.5, b: true, c: 'x y' } })).toMatchObject({
    choices: {
      values: [
        { key: 'a', value: '0.5' },
        { key: 'b', value: 'true' },
        { key: 'c', value: 'x y' },
      ],
    },
  });
});

test.each([
  [{ entryPoint: 1 }, "'entryPoint' must be a text"],
  [{ envManager: 'pipenv' }, "'envManager' must be one of local, virtualenv, uv, conda"],
  [{ parameters: [1] }, "'parameters' must name"],
  [{ parameters: { a: null } }, "'parameters' must name"],
  [{ env: 'X=1' }, "'env' must name"],
])('%j says what is wrong', (definition, problem) => {
  expect(readRunTask(definition)).toEqual({ problem: expect.stringContaining(problem) });
});

test('what is saved as a task is read back as it was', () => {
  const start = {
    project: 'https://host/x.git#sub',
    version: 'v1',
    entryPoint: 'train',
    choices: {
      values: [{ key: 'a', value: '1' }],
      manager: 'uv',
      experiment: 'e',
      runName: 'r',
      variables: [{ key: 'X', value: '2' }],
    },
  } as const;
  expect(readRunTask({ ...toRunTask(start) })).toEqual(start);
  expect(toRunTask({ project: '.', entryPoint: 'main', choices: { values: [], manager: 'local', variables: [] } })).toEqual({
    type: 'mlflow',
    project: '.',
    entryPoint: 'main',
  });
});

test('values of every kind of text come through tasks.json as they were typed', () => {
  const texts = fc.uniqueArray(fc.tuple(shellText(), shellText()), { selector: ([key]) => key });
  fc.assert(
    fc.property(texts, shellText(), (pairs, name) => {
      fc.pre(pairs.every(([key]) => key !== '__proto__' && !/^\d+$/.test(key)));
      const values = pairs.map(([key, value]) => ({ key, value }));
      const start = { project: '.', entryPoint: 'main', choices: { values, manager: 'local', variables: [], ...(name !== '' && { runName: name }) } } as const;
      expect(readRunTask(JSON.parse(JSON.stringify(toRunTask(start))) as Readonly<Record<string, unknown>>)).toEqual(start);
    }),
  );
});
