import { describe, expect, test } from 'vitest';

import type { KindName } from '../../language-server/kinds/kind.ts';
import { ScriptCache } from '../../language-server/python/script-cache.ts';
import { diagnose } from '../../language-server/verbs/diagnostics.ts';
import { foldingRanges } from '../../language-server/verbs/folding.ts';
import { hover } from '../../language-server/verbs/hover.ts';
import { semanticTokens } from '../../language-server/verbs/semantic-tokens.ts';
import { symbols } from '../../language-server/verbs/symbols.ts';
import type { FileSystem } from '../../language-server/workspace.ts';
import { diagnosticLines, documentOf, memoryFiles, workspaceOf } from './support.ts';

const valid: Readonly<Record<KindName, string>> = {
  MLproject: 'name: wine\nentry_points:\n  main:\n    command: ls\n',
  MLmodel: 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\nsignature:\n  inputs: \'[{"type": "double", "name": "a"}]\'\n',
  'python_env.yaml': 'python: "3.12"\ndependencies:\n  - mlflow\n',
  'conda.yaml': 'dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - mlflow\n',
};

const kinds: readonly KindName[] = ['MLproject', 'MLmodel', 'python_env.yaml', 'conda.yaml'];

/** Whatever a verb answers, it answers. */
const everything = async (text: string, name: KindName): Promise<readonly string[]> => {
  const document = documentOf(text, name);
  symbols(document);
  foldingRanges(document);
  semanticTokens(document);
  await hover(document, document.positionAt(Math.floor(text.length / 2)), workspaceOf());
  return diagnosticLines(text, { name });
};

describe.each(kinds)('%s', (name) => {
  test('lists in lists are refused before they are parsed, as often as they come', async () => {
    const text = `x: ${'['.repeat(1000)}${']'.repeat(1000)}\n`;
    for (let time = 0; time < 50; time += 1) expect(await everything(text, name)).toEqual([expect.stringContaining('yaml-nesting')]);
  });

  test('5,000 dashes in a line are too deep', async () => {
    expect(await everything('- '.repeat(5000), name)).toEqual([expect.stringContaining('yaml-nesting')]);
  });

  test('100,000 braces that are never closed are one problem', async () => {
    expect(await everything('{'.repeat(100_000), name)).toHaveLength(1);
  });

  test('20,000 keys are read', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: v`).join('\n');
    expect((await everything(`${valid[name]}x-many:\n${keys.replaceAll(/^/gm, '  ')}\n`, name)).length).toBeLessThan(20_010);
  });

  test('above a megabyte one sentence says that nothing is checked', async () => {
    expect(await everything(`# ${'x'.repeat(1_000_001)}\n`, name)).toEqual([expect.stringContaining('file-too-large')]);
  });

  test.each([
    ['a NUL', '\0'],
    ['a lone surrogate', '\ud800'],
    ['a control character', '\x07'],
  ])('%s is underlined', async (_, character) => {
    expect(await everything(`${valid[name]}# ${character}\n`, name)).toContainEqual(expect.stringContaining('yaml-character'));
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['no last line break', (text: string) => text.trimEnd()],
  ])('%s changes nothing', async (_, change) => {
    expect(await everything(change(valid[name]), name)).toEqual([]);
  });

  test('every prefix is answered', async () => {
    for (let length = 0; length <= valid[name].length; length += 1) await everything(valid[name].slice(0, length), name);
  });

  test('names of JavaScript are names like any other', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) await everything(`${valid[name]}${key}: {${key}: [${key}]}\n`, name);
  });
});

test.each([
  ['MLmodel', 'flavors:\n  python_function:\n    env: ../../../etc/passwd\n    data: /etc/passwd\n    loader_module: mlflow.sklearn\n'],
  ['python_env.yaml', 'dependencies:\n  - mlflow\n  - -r ../../../etc/passwd\n  - -r /etc/passwd\n'],
  ['conda.yaml', 'dependencies:\n  - python=3.12\n  - pip\n  - pip: [mlflow, -r ../../../etc/passwd]\n'],
] as const)('%s: files outside the folder are not looked at', async (name, text) => {
  const asked: string[] = [];
  const inMemory = memoryFiles({});
  const files: FileSystem = {
    kindOf: async (uri) => (asked.push(uri), inMemory.kindOf(uri)),
    read: async (uri) => (asked.push(uri), inMemory.read(uri)),
    list: async (uri) => inMemory.list(uri),
  };
  await diagnose(documentOf(text, name), { ...workspaceOf(), files, scripts: new ScriptCache() });
  expect(asked.filter((uri) => uri.includes('passwd'))).toEqual([]);
});
