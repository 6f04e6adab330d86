import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { beforeEach, describe, expect, test } from 'vitest';

import { checkInterpreter, findInterpreter, type InterpreterSearch } from '../../extension/shared/interpreter.ts';

let root: string;
let search: InterpreterSearch;

const program = (path: string, text = '#!/bin/sh\n'): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interpreter-'));
  mkdirSync(join(root, 'work/project'), { recursive: true });
  search = { directory: join(root, 'work/project'), workspaceFolder: join(root, 'work'), setting: '', environment: { PATH: join(root, 'bin') } };
});

describe('findInterpreter', () => {
  test.each(['python-environments', 'python-extension'] as const)('what is selected in %s comes first, and the setting is named as passed over', (origin) => {
    const selected = { path: '/selected', origin };
    expect(findInterpreter({ ...search, setting: '/set/python', selected })).toEqual({ ...selected, passedOver: '/set/python' });
    expect(findInterpreter({ ...search, setting: '/selected', selected })).toEqual(selected);
  });

  test('the setting comes before environments that lie about and PATH, even when it names nothing', () => {
    program('work/.venv/bin/python');
    program('bin/python');
    expect(findInterpreter({ ...search, setting: '/no/python' })).toEqual({ path: '/no/python', origin: 'setting' });
  });

  test('the setting may be relative, below the home folder, or a name on PATH', () => {
    const named = program('bin/python3.12');
    expect(findInterpreter({ ...search, setting: 'env/bin/python' })?.path).toBe(join(root, 'work/env/bin/python'));
    expect(findInterpreter({ ...search, setting: '${workspaceFolder}/p' })?.path).toBe(join(root, 'work/p'));
    expect(findInterpreter({ ...search, setting: 'python3.12' })?.path).toBe(named);
    expect(findInterpreter({ ...search, setting: '~/p' })?.path).not.toContain('~');
  });

  test("the Python extension's choice comes before environments that lie about", () => {
    program('work/.venv/bin/python');
    const selected = { path: '/selected', origin: 'python-extension' } as const;
    expect(findInterpreter({ ...search, selected })).toEqual(selected);
  });

  test('an environment in the project comes before one in the workspace folder, and none above is taken', () => {
    program('.venv/bin/python');
    expect(findInterpreter(search)).toBeUndefined();
    const outer = program('work/venv/bin/python');
    expect(findInterpreter(search)).toEqual({ path: outer, origin: 'folder' });
    const inner = program('work/project/venv/bin/python');
    expect(findInterpreter(search)?.path).toBe(inner);
  });

  test('on PATH `python` is what MLflow would run; `python3` stands in', () => {
    const python3 = program('bin/python3');
    expect(findInterpreter(search)).toEqual({ path: python3, origin: 'path' });
    const python = program('bin/python');
    expect(findInterpreter(search)?.path).toBe(python);
  });

  test('a folder or a file that cannot be run is no interpreter', () => {
    mkdirSync(join(root, 'bin/python'), { recursive: true });
    chmodSync(program('bin/python3'), 0o644);
    expect(findInterpreter(search)).toBeUndefined();
  });
});

describe('checkInterpreter', () => {
  test('a program that is not there is broken, with the cause', async () => {
    expect(await checkInterpreter(join(root, 'nothing'))).toEqual({ kind: 'broken', reason: expect.stringContaining('ENOENT') });
  });

  test('a program that fails is broken, with its last words', async () => {
    expect(await checkInterpreter(program('bad', '#!/bin/sh\necho first >&2; echo "it is broken" >&2; exit 1\n'))).toEqual({
      kind: 'broken',
      reason: 'it is broken',
    });
  });

  test('versions are what the interpreter says', async () => {
    expect(await checkInterpreter(program('good', '#!/bin/sh\nprintf "3.12.1\\n3.17.2\\n"\n'))).toEqual({ kind: 'ready', python: '3.12.1', mlflow: '3.17.2' });
    expect(await checkInterpreter(program('bare', '#!/bin/sh\nprintf "3.12.1\\n\\n"\n'))).toEqual({ kind: 'no-mlflow', python: '3.12.1' });
  });
});

test('a link into an environment is looked for as it is, not resolved', () => {
  const real = program('real/python');
  mkdirSync(join(root, 'work/.venv/bin'), { recursive: true });
  symlinkSync(real, join(root, 'work/.venv/bin/python'));
  expect(findInterpreter(search)?.path).toBe(join(root, 'work/.venv/bin/python'));
});
