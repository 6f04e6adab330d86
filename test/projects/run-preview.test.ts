import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { EntryPoint } from '../../extension/projects/entry-point.ts';
import { previewStart } from '../../extension/projects/run-preview.ts';
import { plainChoices, type NamedText } from '../../schemas/run-choices.ts';

const directory = mkdtempSync(join(tmpdir(), 'preview-'));
writeFileSync(join(directory, 'data.csv'), '');

const entryPoint: EntryPoint = {
  name: 'main',
  command: 'python train.py {alpha} {data} {where}',
  parameters: [
    { name: 'alpha', type: 'float', defaultValue: '0.5' },
    { name: 'data', type: 'path' },
    { name: 'where', type: 'uri', defaultValue: 'http://host/x' },
  ],
};

const preview = (values: readonly NamedText[], variables: readonly NamedText[] = [], command = entryPoint.command) =>
  previewStart(
    {
      place: { uri: directory },
      directory,
      entryPoint: { ...entryPoint, ...(command !== undefined && { command }) },
      choices: { ...plainChoices, values, variables },
    },
    'linux',
  );

const data = { key: 'data', value: 'data.csv' };

test('the command is the one that the shell gets, paths resolved, extras appended', () => {
  const shown = preview([data, { key: 'extra', value: 'a b' }]);
  expect(shown).toMatchObject({ problems: [], directory });
  expect(shown.command).toBe(`python train.py 0.5 ${directory}/data.csv http://host/x --extra 'a b'`);
});

test.each([
  ['a missing value', [], 'parameter:data', 'A value is needed'],
  ['a path that is not there', [{ key: 'data', value: 'nope' }], 'parameter:data', 'There is no '],
  ['an address without a scheme', [data, { key: 'where', value: 'x' }], 'parameter:where', 'Expected URI for parameter where but got x'],
  ['a name that no store takes', [data, { key: 'a b', value: '1' }], 'parameter:a b', "'a b' cannot be a name"],
  ['a name twice', [data, { key: 'x', value: '1' }, { key: 'x', value: '2' }], 'parameter:x', "'x' is there twice"],
  ['a NUL', [data, { key: 'x', value: '\0' }], 'parameter:x', 'NUL'],
])('%s is an error, and there is no command', (_, values, field, message) => {
  const shown = preview(values);
  expect(shown.problems[0]).toMatchObject({ field, severity: 'error', message: expect.stringContaining(message) });
  expect(shown.command).toBeUndefined();
});

test('what is no number is a warning: MLflow takes it', () => {
  const shown = preview([data, { key: 'alpha', value: 'abc' }]);
  expect(shown.problems).toEqual([{ field: 'parameter:alpha', severity: 'warning', message: 'This is not a number; it is passed on as it is' }]);
  expect(shown.command).toContain('abc');
});

test('a variable needs a name that a shell knows', () => {
  expect(preview([data], [{ key: 'A-B', value: '1' }]).problems[0]).toMatchObject({ field: 'variable:A-B', severity: 'error' });
});

test('a command that cannot be computed says why', () => {
  expect(preview([data], [], 'echo {nope}').problem).toMatch(/\{nope\} is not one of its parameters/);
});
