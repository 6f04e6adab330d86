import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';

import { isSameValue } from '../../language-server/format/same-value.ts';
import { format, formatRange } from '../../language-server/verbs/formatting.ts';
import { goldenCases } from './golden.ts';
import { documentOf } from './support.ts';

const options = { tabSize: 2, insertSpaces: true };

const formatted = (text: string, tabSize = 2): string => {
  const document = documentOf(text);
  return TextDocument.applyEdits(TextDocument.create(document.uri, 'yaml', 1, text), format(document, { ...options, tabSize }));
};

/** The lines from the one with `«` to the one with `»` are the range. */
const formattedRange = (marked: string): string => {
  const text = marked.replaceAll(/[«»]/g, '');
  const document = documentOf(text);
  const range = document.rangeOf({ start: marked.indexOf('«'), end: marked.indexOf('»') - 1 });
  return TextDocument.applyEdits(TextDocument.create(document.uri, 'yaml', 1, text), formatRange(document, range, options));
};

describe('the whole document', () => {
  test('indentation becomes two spaces', () => {
    expect(formatted('entry_points:\n    main:\n        command: ls\n')).toBe('entry_points:\n  main:\n    command: ls\n');
  });

  test('the width of the editor is taken', () => {
    expect(formatted('entry_points:\n  main:\n    command: ls\n', 4)).toBe('entry_points:\n    main:\n        command: ls\n');
  });

  test('spaces around colons, commas and brackets', () => {
    expect(formatted('name  :   wine\nentry_points: { main :{ command: ls,parameters: { a:  float , b: int } } }\n')).toBe(
      'name: wine\nentry_points: {main: {command: ls, parameters: {a: float, b: int}}}\n',
    );
  });

  test('comments move with what they stand above', () => {
    const before = '# top\nentry_points:\n      # about main\n      main:\n            command: ls # here\n            # the end of main\n# the end\n';
    const after = '# top\nentry_points:\n  # about main\n  main:\n    command: ls # here\n    # the end of main\n# the end\n';
    expect(formatted(before)).toBe(after);
  });

  test('parameters that are commented out stay among parameters', () => {
    const before = 'entry_points:\n   main:\n      parameters:\n         a: float\n         # b: float\n      command: ls\n';
    expect(formatted(before)).toBe('entry_points:\n  main:\n    parameters:\n      a: float\n      # b: float\n    command: ls\n');
  });

  test('a folded command keeps its shape', () => {
    const before = 'entry_points:\n    main:\n        command: >-\n              python train.py\n                --alpha 1\n\n              echo done\n';
    expect(formatted(before)).toBe('entry_points:\n  main:\n    command: >-\n      python train.py\n        --alpha 1\n\n      echo done\n');
  });

  test('a block with an indentation of its own', () => {
    expect(formatted('entry_points:\n    main:\n        command: |2\n            two spaces\n')).toBe(
      'entry_points:\n  main:\n    command: |2\n        two spaces\n',
    );
  });

  test('spaces at the end of a line of a literal block are part of it', () => {
    const text = 'entry_points:\n  main:\n    command: |\n      ls  \n      pwd\n';
    expect(formatted(text)).toBe(text);
  });

  test('a text in quotes on several lines is moved as one', () => {
    const before = 'entry_points:\n    main:\n        command: "python train.py\n                  --alpha 1\n                  --beta 2"\n';
    expect(formatted(before)).toBe('entry_points:\n  main:\n    command: "python train.py\n      --alpha 1\n      --beta 2"\n');
  });

  test('brackets on several lines', () => {
    const before =
      'entry_points:\n    main:\n        parameters: {\n                a: float,\n                # second\n                b: int\n            }\n        command: ls\n';
    const after = 'entry_points:\n  main:\n    parameters: {\n      a: float,\n      # second\n      b: int\n    }\n    command: ls\n';
    expect(formatted(before)).toBe(after);
  });

  test('lists stay beside or below their key', () => {
    expect(formatted('docker_env:\n    image: x\n    volumes:\n    -   a:b\n    -   c:d\n')).toBe('docker_env:\n  image: x\n  volumes:\n  - a:b\n  - c:d\n');
    expect(formatted('docker_env:\n    image: x\n    volumes:\n        -   a:b\n')).toBe('docker_env:\n  image: x\n  volumes:\n    - a:b\n');
  });

  test('blank lines: one between, none around, a line break at the end', () => {
    expect(formatted('\n\nname: wine  \n\n\n\nentry_points:\n  main:\n    command: ls\n\n\n')).toBe('name: wine\n\nentry_points:\n  main:\n    command: ls\n');
    expect(formatted('name: wine')).toBe('name: wine\n');
  });

  test('a line break at the end that would be part of a command is not added', () => {
    const text = 'entry_points:\n  main:\n    command: |\n      ls';
    expect(formatted(text)).toBe(text);
  });

  test('CRLF stays CRLF', () => {
    expect(formatted('entry_points:\r\n    main:\r\n        command:  ls')).toBe('entry_points:\r\n  main:\r\n    command: ls\r\n');
  });

  test('anchors, tags and merges', () => {
    const before = 'entry_points:\n    a:   &base   # base\n        command:   !!str   ls\n    b:\n        <<:   *base\n';
    expect(formatted(before)).toBe('entry_points:\n  a: &base   # base\n    command: !!str ls\n  b:\n    <<: *base\n');
  });

  test('spaces behind a tag without a value go', () => {
    expect(formatted('docker_env: !!str  ')).toBe('docker_env: !!str\n');
  });

  test.for(['name:\twine\n', 'entry_points: {main: {command: ls\n', 'name: *nobody\n', '? a\n: b\n'])('nothing is touched in %j', (text) => {
    expect(formatted(text)).toBe(text);
  });
});

describe('a range', () => {
  test('only the entries that it touches change', () => {
    const before = 'name:   wine\nentry_points:\n    main:\n        command:   ls\n    «other:\n          command:   pwd»\n';
    expect(formattedRange(before)).toBe('name:   wine\nentry_points:\n    main:\n        command:   ls\n    other:\n      command: pwd\n');
  });
});

describe('golden documents', () => {
  test.for(goldenCases('MLproject').map(({ name, text }) => [name, text] as const))('%s: same values, same characters, formatted once', ([, text]) => {
    const after = formatted(text);
    expect(isSameValue(documentOf(text).yaml.root, documentOf(after).yaml.root)).toBe(true);
    expect(after.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
    expect(formatted(after)).toBe(after);
  });
});
