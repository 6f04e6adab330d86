import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';

import { readYamlAgain } from '../../schemas/yaml-again.ts';
import { readYaml, type YamlDocument } from '../../schemas/yaml-reader.ts';

const project = `name: wine

entry_points:
  # the first
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      beta:
        default: "two
          lines"
    command: >-
      python train.py
      --alpha {alpha}

  last:
    command: |
      ls
    tags: [a, b,
      c]
`;

const expectSame = (before: YamlDocument, after: string): void => {
  if (!isDeepStrictEqual(readYamlAgain(after, before), readYaml(after))) expect(readYamlAgain(after, before)).toEqual(readYaml(after));
};

const read = readYaml(project);

/** What people type, and what changes where a value ends. */
const insertions = ['x', '\n', ' ', ': ', '- ', '"', "'", '{', ']', '#', '|', '&a ', '*a', '!t ', '\n---\n', '\n...\n', '\t', '\r', '? ', 'k: v\n'];

describe('a version that is read with the one before is what it is when it is read alone', () => {
  test('whatever is inserted, wherever', () => {
    for (let at = 0; at <= project.length; at += 1)
      for (const text of insertions.filter((_, index) => (index + at) % 4 === 0)) expectSame(read, project.slice(0, at) + text + project.slice(at));
  });

  test('whatever is removed', () => {
    for (let at = 0; at < project.length; at += 1) for (const length of [1, 2, 7, 40, 120]) expectSame(read, project.slice(0, at) + project.slice(at + length));
  });

  test('whatever the file is', () => {
    const folder = 'test/golden/language-server';
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'));
    for (const [index, { parentPath, name }] of entries.entries()) {
      const text = readFileSync(join(parentPath, name), 'utf8');
      const before = readYaml(text);
      for (let at = index % 97; at <= text.length; at += 97) {
        expectSame(before, text.slice(0, at) + (insertions[(at + index) % insertions.length] ?? '') + text.slice(at));
        expectSame(before, text.slice(0, at) + text.slice(at + 1));
      }
    }
  });
});

test('what is not in the entry that was edited is not read again', () => {
  const after = readYamlAgain(project.replace('0.5', '0.25'), read);
  const [oldName, newName] = [read, after].map(({ root }) => (root?.kind === 'mapping' ? root.entries[0] : undefined));
  expect(newName).toBeDefined();
  expect(newName).toBe(oldName);
});
