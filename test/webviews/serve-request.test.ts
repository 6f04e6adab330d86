import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readParams } from '../../schemas/param-reader.ts';
import { readDataSchema } from '../../schemas/signature-reader.ts';
import { createByteSource } from '../../webviews/shared/readers/byte-source.ts';
import { readReply } from '../../webviews/serve/reply/read-reply.ts';
import { checkRaw } from '../../webviews/serve/request/check-raw.ts';
import { noShape, shapeOf, type FormShape } from '../../webviews/serve/request/fields.ts';
import { fillForm, rowsForColumns } from '../../webviews/serve/request/fill.ts';
import { readFileRows, type FileRows } from '../../webviews/serve/request/file-rows.ts';
import { splitJson } from '../../webviews/serve/request/json-text.ts';
import { toCurl, toPython } from '../../webviews/serve/request/snippets.ts';
import { parseTensor, parseValue } from '../../webviews/serve/request/values.ts';
import { readView } from '../../webviews/serve/view.ts';
import { pythonPath } from '../support/python.ts';

/** Read in parts, as a page reads it. */
const csv = async (text: string): Promise<FileRows> => {
  const file = new TextEncoder().encode(text);
  return await readFileRows(
    createByteSource(async ({ start, end }) => ({ bytes: file.slice(start, end).buffer, size: file.length })),
    20,
  );
};

const shapeFor = (inputs: readonly unknown[], params: readonly unknown[] = []): FormShape => {
  const { value } = readDataSchema(JSON.stringify(inputs));
  return shapeOf({ ...(value && { inputs: value }), params: readParams(JSON.stringify(params)).value }, false);
};

const wine = shapeFor(
  [
    { type: 'double', name: 'a' },
    { type: 'long', name: 'b' },
    { type: 'string', name: 'c', required: false },
  ],
  [{ name: 'top_k', type: 'long', default: 3, shape: null }],
);

describe('a request that was written by hand', () => {
  test.each([
    ['{oops', /^This is no JSON/],
    ['[1, 2]', /A request is an object/],
    ['"x"', /A request is an object/],
    ['{}', /exactly one of .* has none/],
    ['{"inputs": [], "instances": []}', /has instances and inputs/],
    ['{"columns": ["a"], "data": [[1]]}', /exactly one of/],
    ['{"dataframe_split": [[1]]}', /an object with a list under data/],
    ['{"dataframe_split": {"data": [], "rows": []}}', /no key rows/],
    ['{"dataframe_split": {"columns": ["a", "b"], "data": [[1]]}}', /Row 1 is not a list of 2 values/],
    ['{"dataframe_split": {"columns": ["a"], "data": [[1]]}}', /Missing: b/],
    ['{"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [1, 2.5]]}}', /b, row 2: A whole number/],
    ['{"dataframe_records": {"a": 1}}', /a list of objects/],
    ['{"dataframe_records": [{"a": "x", "b": 1}]}', /a, row 1: a number is needed/],
    ['{"instances": [[1, 2]]}', /does not match lists to names/],
    ['{"inputs": {"a": [1]}}', /Missing: b/],
    ['{"dataframe_records": [{"a": 1, "b": 1}], "params": {"top_k": "x"}}', /The param top_k: a number/],
    ['{"dataframe_records": [{"a": 1, "b": 1}], "params": []}', /params is an object/],
  ])('%s is refused before it is sent', (body, problem) => {
    expect(checkRaw(body, 'dataframe_split', wine)[0]).toMatch(problem);
  });

  test.each([
    ['{"dataframe_split": {"columns": ["b", "a"], "data": [[1, 2.5]]}, "params": {"top_k": 1, "more": "x"}}'],
    ['{"dataframe_records": [{"a": 1, "b": 1, "c": null, "extra": 1}]}'],
    ['{"inputs": {"a": [1], "b": [2]}}'],
    ['{"messages": [{"role": "user", "content": "hi"}]}'],
  ])('%s is sent', (body) => {
    expect(checkRaw(body, 'dataframe_split', wine)).toEqual([]);
  });

  test.each([
    ['', /a line with the names/],
    ['a,b\n', /at least one row/],
    ['x,b\n1,2\n', /Missing: a/],
  ])('CSV %j is refused', (body, problem) => {
    expect(checkRaw(body, 'csv', wine)[0]).toMatch(problem);
  });

  test('without a signature anything goes that has the form of a request', () => {
    expect(checkRaw('{"inputs": "x"}', 'inputs', noShape)).toEqual([]);
  });
});

describe('what is typed', () => {
  test.each([
    ['2147483648', 'integer', false],
    ['-2147483648', 'integer', true],
    ['9223372036854775808', 'long', false],
    ['1e3', 'long', false],
    ['1e400', 'double', false],
    ['.5', 'double', true],
    ['True', 'boolean', false],
    ['abc', 'binary', false],
    ['AAEC', 'binary', true],
    ['2026-13-40', 'datetime', false],
    ['2026-01-31 12:30', 'datetime', true],
  ] as const)('%s as %s', (text, name, fits) => {
    expect('json' in parseValue(text, { kind: 'scalar', name }, true)).toBe(fits);
  });

  test.each([
    ['[[1, 2], [3]]', /different lengths/],
    ['[1, 2]', /The shape is \[2\], and \[-1, 2\]/],
    ['[[1, "x"]]', /a number is needed/],
    ['[[1, 2]', /as JSON/],
    ['', /needed/],
  ])('%j is no tensor of float32[-1, 2]', (text, problem) => {
    expect(parseTensor(text, { dtype: 'float32', shape: [-1, 2] })).toMatchObject({ problem: expect.stringMatching(problem) });
  });
});

describe('an example', () => {
  test('that does not fit the signature leaves the form as it is', () => {
    for (const body of ['', '{', '[]', '{"inputs": 3}', '{"dataframe_split": 1}', '{"dataframe_split": {"data": {}}}'])
      expect(fillForm(wine, body)).toBeUndefined();
  });

  test('keeps numbers that JavaScript cannot hold', () => {
    expect(fillForm(wine, '{"dataframe_records": [{"a": 1.50, "b": 9223372036854775807, "c": "x, \\"y\\" [}"}]}')?.rows).toEqual([
      ['1.50', '9223372036854775807', 'x, "y" [}'],
    ]);
  });

  test('in a file of CSV gives the columns that it has', async () => {
    const columns = wine.data.kind === 'table' ? wine.data.columns : [];
    expect(rowsForColumns(columns, await csv('b,a\r\n1,"2,5"\r\n'))).toEqual([['2,5', '1', '']]);
    expect(rowsForColumns(columns, await csv('x,y\n1,2\n'))).toBeUndefined();
  });

  test('in a large file of CSV gives its first rows, and none that is cut', async () => {
    const long = 'x'.repeat(1024 * 1024);
    expect((await csv(`a,b\n${Array.from({ length: 30 }, (_, row) => `${row},1\n`).join('')}`)).rows).toHaveLength(20);
    expect((await csv(`a,b\n1,${long}\n2,${long}\n3,${long}\n4,${long}\n5,${long}\n`)).rows.map(([a]) => a)).toEqual(['1', '2', '3']);
    await expect(csv('a\0b')).rejects.toThrow('neither CSV nor parquet');
  });

  test('is split at its own commas only', () => {
    expect(splitJson('{"a,": "x\\",{", "b": [1, {"c": 2}]}')).toEqual([
      { key: 'a,', text: '"x\\",{"' },
      { key: 'b', text: '[1, {"c": 2}]' },
    ]);
  });
});

describe('a reply', () => {
  const reply = (status: number, body: string) => readReply({ status, body, contentType: 'application/json', isCut: false, latency: 1 });

  test.each([
    ['Request processing time exceeded limit', 504, /longer than the server waits/],
    ['', 500, /answered 500 and nothing else/],
    ['Internal Server Error', 500, /Internal Server Error/],
    ['{"detail": "Method Not Allowed"}', 405, /Method Not Allowed/],
  ])('%j with %i is a failure that is told', (body, status, message) => {
    expect(reply(status, body)).toMatchObject({ kind: 'failure', failure: { message: expect.stringMatching(message) } });
  });

  test.each([['not JSON'], ['{"predictions": []}'], ['{"predictions": [[1], {"a": 1}]}'], ['{"choices": []}'], ['[1, 2']])('%s is shown as text', (body) => {
    expect(reply(200, body).kind).toBe('text');
  });

  test('of lists is a table with numbered columns', () => {
    expect(reply(200, '{"predictions": [[1, 2], [3]]}')).toEqual({
      kind: 'table',
      table: {
        columns: ['0', '1'],
        rows: [
          [{ text: '1' }, { text: '2' }],
          [{ text: '3' }, { text: '' }],
        ],
      },
    });
  });
});

describe('as a program', () => {
  const body = `{"inputs": ["it's \\"x\\" $HOME \`id\`", true, null, "true", 1.50, "\\\\n"]}`;

  test('curl sends the same body', () => {
    const text = toCurl('http://127.0.0.1:1', { contentType: 'application/json', body });
    const printed = execFileSync('bash', ['-c', `curl() { printf '%s' "\${@: -1}"; }; ${text}`], { encoding: 'utf8' });
    expect(printed).toBe(body);
  });

  test('Python sends the same data', () => {
    const text = toPython('http://127.0.0.1:1', { contentType: 'application/json', body });
    const stub = `import json, sys, types\nsys.modules["requests"] = types.SimpleNamespace(post=lambda url, json: types.SimpleNamespace(json=lambda: __import__("json").dumps(json)))\n`;
    expect(JSON.parse(execFileSync(pythonPath(), ['-c', stub + text], { encoding: 'utf8' }))).toEqual(JSON.parse(body));
  });
});

test('what VS Code kept of a page may be anything', () => {
  for (const kept of [
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { typed: {}, raw: 1, history: [] },
    { typed: { rows: [[1]], tensors: [], params: {} }, raw: '', history: [], format: 'csv' },
  ]) {
    expect(readView(kept)).toBeUndefined();
  }
});
