import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';

import { codeActions } from '../../language-server/verbs/code-actions.ts';
import { diagnosticLines, withCursor, workspaceOf } from './support.ts';

type Files = Readonly<Record<string, string>>;

const point = (lines: string): string => `entry_points:\n  main:\n${lines}`;

/** What is offered at the cursor: its title and the document after it. */
const offeredAt = async (marked: string, files: Files = {}, name = 'MLproject'): Promise<ReadonlyMap<string, string>> => {
  const { document, position } = withCursor(marked, name);
  const actions = await codeActions(document, { start: position, end: position }, workspaceOf(files));
  const text = TextDocument.create(document.uri, 'yaml', 1, document.text);
  return new Map(
    actions.map(({ title, edit }) => {
      const edits = (edit?.documentChanges ?? []).flatMap((change) =>
        'textDocument' in change && change.textDocument.uri === document.uri ? change.edits : [],
      );
      return [
        title,
        TextDocument.applyEdits(
          text,
          edits.filter((one) => 'newText' in one),
        ),
      ];
    }),
  );
};

const script =
  'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--alpha", type=float, default=0.5)\nparser.add_argument("--name", default="a b")\nparser.parse_args()\n';

describe('a literal becomes a parameter', () => {
  test.for([
    [
      'named after its option',
      '    command: python train.py --alpha 0.|5\n',
      '    parameters: {alpha: {type: float, default: 0.5}}\n    command: python train.py --alpha {alpha}\n',
    ],
    [
      'in a folded command, beside others, with a name of its own',
      '    parameters:\n      alpha: float\n    command: >-\n      python train.py {alpha}\n      --alpha fi|ve\n',
      '    parameters:\n      alpha: float\n      alpha2: {type: string, default: "five"}\n    command: >-\n      python train.py {alpha}\n      --alpha {alpha2}\n',
    ],
  ] as const)('%s', async ([, before, after]) => {
    const offered = [...(await offeredAt(point(before)))].filter(([title]) => title.startsWith('Extract'));
    expect(offered.map(([, text]) => text)).toEqual([point(after)]);
  });

  test('the script, an option or a placeholder does not', async () => {
    for (const command of ['pyth|on train.py', 'python train.py --al|pha 1', 'python train.py --alpha {al|pha}'])
      expect([...(await offeredAt(point(`    command: ${command}\n`))).keys()].filter((title) => title.startsWith('Extract'))).toEqual([]);
  });
});

test('an option of the script that is not passed becomes a parameter', async () => {
  const offered = await offeredAt(point('    command: python tr|ain.py --alpha 1\n'), { 'train.py': script });
  const after = offered.get("Add the parameter 'name' for --name of train.py");
  expect(after).toBe(point('    parameters: {name: {type: string, default: "a b"}}\n    command: python train.py --alpha 1 --name {name}\n'));
  expect([...offered.keys()].filter((title) => title.includes('--alpha'))).toEqual([]);
  expect(await diagnosticLines(after ?? '', { files: { 'train.py': script } })).toEqual([]);
});

test('an environment file that is missing is made', async () => {
  const { document, position } = withCursor('python_env: env.ya|ml\nentry_points: {main: {command: ls}}\n');
  const actions = await codeActions(document, { start: position, end: position }, workspaceOf());
  expect(actions.find(({ edit }) => edit?.documentChanges?.some((change) => 'kind' in change && change.kind === 'create'))).toMatchObject({
    kind: 'quickfix',
    edit: { documentChanges: [{ kind: 'create', uri: 'file:///project/env.yaml' }, { textDocument: { uri: 'file:///project/env.yaml' } }] },
  });
});

test('a dependency right behind an empty list for pip moves into it', async () => {
  const offered = await offeredAt('dependencies:\n  - python=3.12\n  - pip\n  - pip:\n  - ml|flow\n', {}, 'conda.yaml');
  expect(offered.get('Let pip install it')).toBe('dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - mlflow\n');
});

test('a fix that would break the file is none', async () => {
  const anchored = await offeredAt('|a: &a [x]\nb: *a\n');
  expect([...anchored.keys()]).not.toContain("Remove 'a'");
  const alone = await offeredAt('|a: [x]\nb: 1\n');
  expect([...alone.keys()]).toContain("Remove 'a'");
});

test.for([
  [
    'quotes around a placeholder go',
    point('    parameters: {a: string}\n    command: echo "{|a}"\n'),
    point('    parameters: {a: string}\n    command: echo {a}\n'),
  ],
  [
    'what YAML 1.1 would change is quoted',
    point('    parameters: {a: {default: n|o}}\n    command: echo {a}\n'),
    point('    parameters: {a: {default: "no"}}\n    command: echo {a}\n'),
  ],
  [
    'so is a number that would lose its zero',
    point('    parameters: {a: {type: string, default: 3.1|0}}\n    command: echo {a}\n'),
    point('    parameters: {a: {type: string, default: "3.10"}}\n    command: echo {a}\n'),
  ],
] as const)('%s', async ([, before, after]) => {
  expect([...(await offeredAt(before)).values()]).toContain(after);
});
