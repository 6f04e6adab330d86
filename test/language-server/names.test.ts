import { expect, test } from 'vitest';

import { definition, highlights, prepareRename, references, rename } from '../../language-server/verbs/names.ts';
import { withCursor, workspaceOf } from './support.ts';

const project = (command: string, parameter = 'alpha'): string =>
  `entry_points:\n  main:\n    parameters:\n      ${parameter}: float\n    command: ${command}\n`;
const train = 'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--alpha", type=float)\nargs = parser.parse_args()\n';

test('a placeholder leads to the declaration', async () => {
  const { document, position } = withCursor(project('python train.py {al|pha}'));
  expect(await definition(document, position, workspaceOf())).toMatchObject([{ range: { start: { line: 3, character: 6 }, end: { line: 3, character: 11 } } }]);
});

test('the declaration leads on to the option of the script', async () => {
  const { document, position } = withCursor(project('python train.py --alpha {alpha}', 'al|pha'));
  expect(await definition(document, position, workspaceOf({ 'train.py': train }))).toMatchObject([
    { uri: 'file:///project/train.py', range: { start: { line: 2, character: 21 }, end: { line: 2, character: 28 } } },
  ]);
});

test('references are every placeholder, in a folded command too', async () => {
  const { document, position } = withCursor(project('>-\n      echo {alpha}\n      {alpha}', 'alp|ha'));
  const lines = (await references(document, position, workspaceOf(), true)).map(({ range }) => range.start.line);
  expect(lines).toEqual([3, 5, 6]);
});

test('highlights stay in the file', async () => {
  const { document, position } = withCursor(project('python train.py --alpha {al|pha}'));
  expect(await highlights(document, position, workspaceOf({ 'train.py': train }))).toHaveLength(2);
});

test('a rename changes declaration and placeholders, and offers the script', async () => {
  const { document, position } = withCursor(project('python train.py --alpha {al|pha}'));
  const renaming = await rename(document, position, 'rate', workspaceOf({ 'train.py': train }));
  expect(renaming).toMatchObject({
    kind: 'edit',
    edit: {
      documentChanges: [
        { edits: [{ newText: 'rate' }, { newText: 'rate' }] },
        { textDocument: { uri: 'file:///project/train.py' }, edits: [{ newText: '--rate", dest="alpha"', annotationId: 'Rename the option in train.py' }] },
        { edits: [{ newText: '--rate' }] },
      ],
      changeAnnotations: { 'Rename the option in train.py': { needsConfirmation: true } },
    },
  });
});

test('a name that braces cannot hold is refused', async () => {
  const { document, position } = withCursor(project('python train.py {al|pha}'));
  expect(await rename(document, position, 'a.b', workspaceOf())).toMatchObject({ kind: 'refused' });
});

test('an anchor is renamed with its aliases', async () => {
  const { document, position } = withCursor('entry_points:\n  a: &b|ase\n    command: ls\n  b: *base\n');
  expect(await prepareRename(document, position, workspaceOf())).toMatchObject({ placeholder: 'base' });
  expect(await rename(document, position, 'x', workspaceOf())).toMatchObject({ edit: { documentChanges: [{ edits: [{ newText: 'x' }, { newText: 'x' }] }] } });
});
