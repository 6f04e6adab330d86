import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';

import { nodeCommand, run } from '../../extension/shared/process.ts';
import { Document } from '../../language-server/document.ts';
import { DocumentCache } from '../../language-server/document-cache.ts';
import { kindOf } from '../../language-server/kinds/kinds.ts';
import { complete } from '../../language-server/verbs/completion.ts';
import { diagnose } from '../../language-server/verbs/diagnostics.ts';
import { definition } from '../../language-server/verbs/names.ts';
import { symbols } from '../../language-server/verbs/symbols.ts';
import { newTempFolder } from '../support/store-database.ts';
import { completeLabels, diagnosticLines, diagnosticsOf, documentOf, hoverText, withCursor, workspaceOf } from './support.ts';

const project =
  'name: wine\nentry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: "python train.py --alpha {alpha}"\n';

const codesOf = async (text: string): Promise<readonly unknown[]> => (await diagnosticsOf(text)).map(({ code }) => code);

describe('nesting', () => {
  test('a thousand brackets, fifty times over', async () => {
    for (let round = 0; round < 50; round += 1) expect(await codesOf(`${'['.repeat(1000)}${']'.repeat(1000)}`)).toEqual(['yaml-nesting']);
  });

  test('five thousand dashes on a line', async () => {
    expect(await codesOf('- '.repeat(5000))).toEqual(['yaml-nesting']);
  });

  test('a hundred thousand open braces are one diagnostic', async () => {
    expect(await codesOf('{'.repeat(100_000))).toEqual(['yaml-nesting']);
  });
});

describe('aliases', () => {
  const levels = 'abcdefghi'.split('').map((name, index, all) => `${name}: &${name} [${`*${all[index - 1] ?? 'x'}, `.repeat(9)}]`);

  test('nothing is expanded', async () => {
    const text = `x: &x lol\n${levels.join('\n')}\nentry_points:\n  main:\n    command: *i\n`;
    expect(await codesOf(text)).toContain('command-not-text');
    expect((await hoverText(text.replace('command: *i', 'command: *|i')))?.length ?? 0).toBeLessThan(2000);
  });

  test('an alias of itself is an alias', async () => {
    expect(symbols(documentOf('name: &a [*a]\n'))).toMatchObject([{ name: 'name' }]);
    expect(await hoverText('name: &a [*|a]\n')).toContain('`&a`');
  });

  test('of two that refer to each other the first has no anchor yet', async () => {
    expect(await codesOf('name: &a [*b]\nentry_points: &b {main: *a}\n')).toContain('yaml-alias');
  });
});

describe('size', () => {
  const keys = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('');

  test('twenty thousand keys are all looked at', async () => {
    expect((await diagnosticsOf(keys(20_000))).length).toBe(20_000);
  });

  test.for([
    ['two hundred thousand keys', keys(200_000)],
    ['ten megabytes of lines', 'name: wine\n'.repeat(1_000_000)],
    ['one line of ten megabytes', `name: ${'x'.repeat(10_000_000)}`],
  ] as const)('%s: it is said once, and the rest goes on', async ([, text]) => {
    expect(await diagnosticLines(text)).toEqual([expect.stringContaining('file-too-large')]);
    expect(await completeLabels(`${text}\n|`)).toContain('entry_points');
  });
});

describe('names that JavaScript knows', () => {
  test.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a parameter and an entry point like any other', async (name) => {
    const text = `entry_points:\n  ${name}:\n    parameters:\n      ${name}: {type: float, default: 0.5}\n    command: echo {${name}}\n`;
    expect(await diagnosticLines(text)).toEqual([expect.stringContaining('main-missing')]);
    expect(await completeLabels(text.replace(`{${name}}`, '{|'))).toContain(name);
    expect(await hoverText(text.replace(`{${name}}`, `{${name}|}`))).toContain(name);
    const { document, position } = withCursor(text.replace(`{${name}}`, `{${name}|}`));
    expect(await definition(document, position, workspaceOf())).toMatchObject([{ range: { start: { line: 3 } } }]);
  });
});

describe('tags', () => {
  test.for(['!!python/object/apply:os.system', '!include', '!anything'])('%s is marked where it stands', async (tag) => {
    const [found] = await diagnosticsOf(`name: ${tag} x\nentry_points: {}\n`);
    expect(found).toMatchObject({ code: 'yaml-tag', range: { start: { line: 0, character: 6 }, end: { line: 0, character: 6 + tag.length } } });
  });
});

describe('characters and line breaks', () => {
  test.for([
    ['tabs', 'name:\twine\n'],
    ['CRLF', project.replaceAll('\n', '\r\n')],
    ['CR alone', project.replaceAll('\n', '\r')],
    ['U+2028', project.replace('wine', 'wi\u2028ne')],
    ['a byte order mark', `\ufeff${project}`],
    ['UTF-16 read as UTF-8', project.split('').join('\0')],
    ['NUL', `${project}\0`],
    ['a lone surrogate', project.replace('wine', '\ud800')],
  ] as const)('%s', async ([, text]) => {
    const document = documentOf(text);
    for (const { range } of await diagnose(document, workspaceOf())) expect(document.rangeOf(document.spanOf(range))).toEqual(range);
    expect(await complete(document, document.positionAt(text.length), workspaceOf())).toBeInstanceOf(Array);
  });

  test('positions behind a pair of surrogates and a CRLF are where the client sees them', async () => {
    const [found] = await diagnosticsOf('name: 😀\r\nnmae: x\r\n');
    expect(found?.range).toEqual({ start: { line: 1, character: 0 }, end: { line: 1, character: 4 } });
  });
});

test('every prefix of a project: nothing throws, and completion answers', async () => {
  for (let length = 0; length <= project.length; length += 1) {
    const document = documentOf(project.slice(0, length));
    await diagnose(document, workspaceOf());
    expect(await complete(document, document.positionAt(length), workspaceOf())).toBeInstanceOf(Array);
  }
  expect(await completeLabels(`${project.slice(0, project.indexOf('command'))}|`)).toContain('command');
});

test('every character deleted or doubled: what comes of editing is what comes of opening', async () => {
  const kind = kindOf('file:///project/MLproject');
  if (kind === undefined) throw new Error('MLproject has a kind');
  const cache = new DocumentCache();
  let version = 1;
  let text = TextDocument.create('file:///project/MLproject', 'mlproject', version, project);
  const edit = (start: number, end: number, newText: string): void => {
    const range = { start: text.positionAt(start), end: text.positionAt(end) };
    text = TextDocument.update(text, [{ range, text: newText }], (version += 1));
  };
  const both = async () => {
    const edited = cache.get(text);
    if (edited === undefined) throw new Error('The document is open');
    const opened = new Document(TextDocument.create(text.uri, 'mlproject', 1, text.getText()), kind);
    expect(await diagnose(edited, workspaceOf())).toEqual(await diagnose(opened, workspaceOf()));
  };
  for (let offset = 0; offset < project.length; offset += 1) {
    const character = project.charAt(offset);
    edit(offset, offset + 1, '');
    await both();
    edit(offset, offset, character + character);
    await both();
    edit(offset, offset + 2, character);
  }
  expect(text.getText()).toBe(project);
});

test('one parse for each version, whoever asks', () => {
  const cache = new DocumentCache();
  const text = TextDocument.create('file:///project/MLproject', 'mlproject', 1, project);
  const first = cache.get(text);
  expect(cache.get(text)).toBe(first);
  expect(cache.get(text)?.yaml).toBe(first?.yaml);
  const next = cache.get(TextDocument.update(text, [{ text: project }], 2));
  expect(next).not.toBe(first);
});

describe('wrong shapes', () => {
  test.for(['null', '[]', '3', 'text'])('entry_points: %s is one error', async (value) => {
    expect(await codesOf(`entry_points: ${value}\n`)).toEqual(['entry-points-not-mapping']);
  });
});

describe('what PyYAML reads', () => {
  test('the last of two keys counts', async () => {
    expect(await diagnosticLines('name: a\nname: b\nentry_points: {main: {command: ls}}\n')).toEqual([
      "warning 1:1-1:5 duplicate-key: 'name' is given again in line 2; MLflow uses that one and ignores this.",
    ]);
  });

  test.for([
    ['on', 'True'],
    ['no', 'False'],
  ] as const)('a default %s is %s', async ([value, read]) => {
    const lines = await diagnosticLines(`entry_points:\n  main:\n    parameters:\n      a: {default: ${value}}\n    command: echo {a}\n`);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`yaml-boolean.*${read}`))]);
  });

  test('1e3 is a text', async () => {
    expect(await codesOf('entry_points:\n  main:\n    parameters:\n      a: {type: float, default: 1e3}\n    command: echo {a}\n')).toEqual([
      'yaml-number-as-text',
    ]);
  });
});

describe('files outside the project', () => {
  test.for(['../../../etc/passwd', '/etc/passwd', 'https://host/conda.yaml'])('%s is not read', async (path) => {
    const asked: string[] = [];
    const workspace = workspaceOf();
    const files = { ...workspace.files, read: async (uri: string) => void asked.push(uri), kindOf: async (uri: string) => void asked.push(uri) };
    const found = await diagnose(documentOf(`conda_env: ${path}\nentry_points: {main: {command: ls}}\n`), { ...workspace, files });
    expect(found.map(({ code }) => code)).toContain('environment-outside');
    expect(asked.filter((uri) => !uri.startsWith('file:///project'))).toEqual([]);
  });
});

test('a file that is removed, or becomes a folder, is told each time; one that is back is not', async () => {
  const files: Record<string, string> = { 'conda.yaml': 'dependencies: [python=3.12]\n' };
  const text = 'conda_env: conda.yaml\nentry_points: {main: {command: ls}}\n';
  const codes = async () => (await diagnose(documentOf(text), workspaceOf(files))).map(({ code }) => code);
  expect(await codes()).toEqual([]);
  delete files['conda.yaml'];
  expect(await codes()).toEqual(['environment-missing']);
  files['conda.yaml/notes.txt'] = '';
  expect(await codes()).toEqual(['environment-folder']);
  delete files['conda.yaml/notes.txt'];
  files['conda.yaml'] = 'dependencies: [python=3.12]\n';
  expect(await codes()).toEqual([]);
});

test('of a script that may not be read any more nothing is said, and not that it is gone', async () => {
  const folder = newTempFolder();
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'train.py'), 'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--alpha")\nparser.parse_args()\n');
  const { stdout, stderr } = await run(nodeCommand(join(import.meta.dirname, '..', 'support', 'diagnose-as-nobody.ts'), [folder]));
  expect(JSON.parse(stdout || `"${stderr}"`)).toEqual({ before: ['script-option-unknown'], after: [] });
});
