import { SymbolKind } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { tokenTypes } from '../../language-server/kinds/kind.ts';
import { foldingRanges } from '../../language-server/verbs/folding.ts';
import { inlayHints } from '../../language-server/verbs/inlay-hints.ts';
import { links } from '../../language-server/verbs/links.ts';
import { selectionRanges } from '../../language-server/verbs/selection.ts';
import { semanticTokens } from '../../language-server/verbs/semantic-tokens.ts';
import { symbols } from '../../language-server/verbs/symbols.ts';
import { documentOf, withCursor, workspaceOf } from './support.ts';

const text =
  'name: wine\npython_env: python_env.yaml\nentry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: "python train.py --alpha {alpha}"\n';

test('the outline names entry points and parameters', () => {
  const entryPoints = symbols(documentOf(text)).find(({ name }) => name === 'entry_points');
  const [main] = entryPoints?.children ?? [];
  expect(main).toMatchObject({ name: 'main', kind: SymbolKind.Function });
  expect(main?.children?.[0]?.children?.[0]).toMatchObject({ name: 'alpha', kind: SymbolKind.Variable });
});

test('each entry that spans lines folds', () => {
  expect(foldingRanges(documentOf(text)).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [2, 6],
    [3, 6],
    [4, 5],
  ]);
});

test('placeholders in a command stand out', () => {
  const { data } = semanticTokens(documentOf(text));
  const types = Array.from({ length: data.length / 5 }, (_, index) => tokenTypes[data[index * 5 + 3] ?? 0]);
  expect(types).toEqual(['function', 'parameter', 'type', 'property', 'parameter']);
});

test('files that exist are links, others are not', async () => {
  const found = await links(documentOf(text), workspaceOf({ 'train.py': '' }));
  expect(found.map(({ target }) => target)).toEqual(['file:///project/train.py']);
});

test('addresses of models and runs are links where somebody opens them; unfinished ones are not', async () => {
  const uris = ['models:/wine@champion', 'models:/wine/3', 'runs:/1a2b/model', 'runs:/1a2b'];
  const command = `python train.py ${uris.join(' ')} models:/wine/{version} models:/ xmodels:/wine/1`;
  const document = documentOf(`entry_points:\n  main:\n    command: ${command}\n`);
  const targets = async (opensStoreUris: boolean) => (await links(document, workspaceOf(), opensStoreUris)).map(({ target }) => target);
  expect(await targets(true)).toEqual(uris);
  expect(await targets(false)).toEqual([]);
});

test('the resolved command is a hint behind it', () => {
  const document = documentOf(text);
  const all = document.rangeOf({ start: 0, end: text.length });
  expect(inlayHints(document, all)).toMatchObject([{ label: 'python train.py --alpha 0.5' }]);
});

test('a selection grows from the word to the file', () => {
  const { document, position } = withCursor('entry_points:\n  main:\n    command: python tr|ain.py\n');
  const sizes: number[] = [];
  for (let range = selectionRanges(document, [position])[0]; range !== undefined; range = range.parent) {
    const { start, end } = document.spanOf(range.range);
    sizes.push(end - start);
  }
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(sizes[0]).toBe('train.py'.length);
  expect(sizes.at(-1)).toBe(document.text.length);
});
