import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';

import { addTask } from '../../extension/projects/tasks-file.ts';

const task = { type: 'mlflow', entryPoint: 'main', parameters: { a: '1' } } as const;

test('a new file has the task and the version that VS Code wants', () => {
  const { text, label } = addTask('', 'Run main', task);
  expect(label).toBe('Run main');
  expect(JSON.parse(text)).toEqual({ version: '2.0.0', tasks: [{ label: 'Run main', ...task }] });
});

test('a task joins the others, whose comments stay, under a name that is free', () => {
  const before =
    '{\n  // mine\n  "version": "2.0.0",\n  "tasks": [\n    { "label": "Run main", "type": "shell" }, // first\n    { "label": "Run main 2" },\n  ]\n}\n';
  const { text, label } = addTask(before, 'Run main', task);
  expect(label).toBe('Run main 3');
  expect(text).toContain('// mine');
  expect(text).toContain('// first');
  expect(parse(text, [], { allowTrailingComma: true })).toMatchObject({
    tasks: [{ type: 'shell' }, { label: 'Run main 2' }, { label: 'Run main 3', type: 'mlflow' }],
  });
});

test('a file without tasks gets the list', () => {
  expect(parse(addTask('{ "version": "2.0.0" }', 'Run main', task).text)).toMatchObject({ version: '2.0.0', tasks: [{ label: 'Run main' }] });
});

test('a broken file stays as it is', () => {
  expect(() => addTask('{ "tasks": [', 'Run main', task)).toThrow('tasks.json has errors in it');
});
