import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { computeCommand } from '../../extension/projects/command.ts';
import type { EntryPoint } from '../../extension/projects/entry-point.ts';
import { shellText } from '../support/shell-text.ts';

const entryPoint = (command: string): EntryPoint => ({ name: 'main', command, parameters: [] });

const commandOf = (command: string, declared: Readonly<Record<string, string>>, extra: Readonly<Record<string, string>> = {}): string =>
  computeCommand(
    entryPoint(command),
    { declared: new Map(Object.entries(declared)), extra: Object.entries(extra).map(([key, value]) => ({ key, value })) },
    'linux',
  );

describe('computeCommand', () => {
  test.each([
    ['echo {a}', { a: "it's a b" }, {}, `echo 'it'"'"'s a b'`],
    ['echo', {}, { x: '1 2', y: '' }, "echo --x '1 2' --y ''"],
    ["main.steps='{steps}'", { steps: 'a b' }, {}, "main.steps=''a b''"],
    ["awk '{{print $1}}' {f!s}", { f: 'x' }, {}, "awk '{print $1}' x"],
    ['x {{ a }}', { a: '1' }, {}, 'x { a }'],
    ['python a.py\n', {}, { k: 'v' }, 'python a.py\n --k v'],
    ['', {}, {}, ''],
  ])('%j with %j and %j', (command, declared, extra, computed) => {
    expect(commandOf(command, declared, extra)).toBe(computed);
  });

  test.each([
    ['{b}', '{b} is not one of its parameters'],
    ['{ a }', '{ a } is not one of its parameters'],
    ['${HOME}', '{HOME} is not one of its parameters'],
    ['{}', '{} is not one of its parameters'],
    ['{a.__class__}', '{a.__class__} is more than'],
    ['{a:>5}', '{a:>5} is more than'],
    ['a }', "Single '}' encountered in format string at character 3"],
  ])('%j says which brace is wrong', (command, message) => {
    expect(() => commandOf(command, { a: '1' })).toThrow(message);
  });

  test('what the script receives equals what was typed', () => {
    fc.assert(
      fc.property(shellText(), shellText(), shellText(), (first, second, extra) => {
        const command = commandOf(`${argumentPrinter} --first {first} --second={second}`, { first, second }, { extra });
        expect(receivedArguments(command)).toEqual(['--first', first, `--second=${second}`, '--extra', extra]);
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

const argumentPrinter = fileURLToPath(new URL('../support/print-arguments.sh', import.meta.url));

const receivedArguments = (command: string): string[] => execFileSync('bash', ['-c', command]).toString().split('\0').slice(0, -1);
