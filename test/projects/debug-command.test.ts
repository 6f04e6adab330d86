import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { debugPrelude } from '../../extension/projects/debug-command.ts';
import { quoteForBash } from '../../extension/shared/shell-quote.ts';
import { run, userEnvironment } from '../../extension/shared/process.ts';
import { pythonPath } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), "debug it's "));
const debugpy = join(folder, 'debugpy');
mkdirSync(debugpy);
/** Stands for debugpy: says what it was given. */
writeFileSync(join(debugpy, '__main__.py'), 'import json, sys\nprint("debugged", json.dumps(sys.argv[1:]), sys.flags.optimize, flush=True)\nsys.exit(7)\n');
writeFileSync(join(folder, 'plain.py'), 'import json, sys\nprint("plain", json.dumps(sys.argv[1:]))\n');

const shell = async (command: string) =>
  await run({
    file: 'bash',
    args: ['-c', `${debugPrelude({ debugpy, address: '127.0.0.1:5678' })}\n${command}`],
    cwd: folder,
    env: { ...userEnvironment(), PATH: `${dirname(pythonPath())}${delimiter}${process.env['PATH']}` },
  });

const connect = '"--connect", "127.0.0.1:5678"';

test.each([
  ["python train.py --a 'x y'", `debugged [${connect}, "train.py", "--a", "x y"] 0`],
  ['python -u train.py', `debugged [${connect}, "train.py"] 0`],
  ['python -O -W ignore -X dev -m train --b 2', `debugged [${connect}, "-m", "train", "--b", "2"] 1`],
  [`python3 train.py '' '-'`, `debugged [${connect}, "train.py", "", "-"] 0`],
  [`python -c 'print(1)'`, `debugged [${connect}, "-c", "print(1)"] 0`],
])('%s is debugged, and its exit code kept', async (command, output) => {
  expect(await shell(command)).toMatchObject({ code: 7, stdout: `${output}\n`, stderr: '' });
});

test('what runs no script is not debugged, and neither is a second script', async () => {
  expect(await shell('python --version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Python 3/) });
  expect((await shell(`python train.py; python plain.py 'a b'`)).stdout).toBe(`debugged [${connect}, "train.py"] 0\nplain ["a b"]\n`);
});

test('arguments arrive as they are, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), async (values) => {
      const given = values.filter((value) => !value.includes('\0'));
      const { stdout } = await shell(`python train.py ${given.map(quoteForBash).join(' ')}`);
      expect(JSON.parse(stdout.slice('debugged '.length, -' 0\n'.length))).toEqual(['--connect', '127.0.0.1:5678', 'train.py', ...given]);
    }),
    { numRuns: 15 },
  );
});
