import { SymbolKind } from 'vscode-languageserver-types';
import { describe, expect, test } from 'vitest';

import { cell } from '../../language-server/kinds/markdown.ts';
import { tokenTypes } from '../../language-server/kinds/kind.ts';
import { findingsOf } from '../../language-server/verbs/diagnostics.ts';
import { definition } from '../../language-server/verbs/names.ts';
import { foldingRanges } from '../../language-server/verbs/folding.ts';
import { links } from '../../language-server/verbs/links.ts';
import { semanticTokens } from '../../language-server/verbs/semantic-tokens.ts';
import { symbols } from '../../language-server/verbs/symbols.ts';
import { completeItems, completeLabels, documentOf, hoverText, withCursor, workspaceOf } from './support.ts';

const name = 'MLmodel';
const model = 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n';
const inputs = `[{"type": "double", "name": "alpha", "required": true}, {"type": "array", "items": {"type": "string"}, "name": "tags", "required": false}]`;
const signature = `${model}signature:\n  inputs: '${inputs}'\n  params: '[{"name": "top_k", "type": "long", "default": 3, "shape": null}]'\n`;

const labels = async (marked: string, files = {}): Promise<readonly string[]> => completeLabels(marked, { name, files });

/** The text that the item with a label would put in. */
const inserted = async (marked: string, label: string): Promise<string | undefined> =>
  (await completeItems(marked, { name })).find((item) => item.label === label)?.textEdit?.newText;

describe('completion', () => {
  test('an empty file is offered the fields', async () => {
    expect(await labels('|')).toEqual(expect.arrayContaining(['flavors', 'signature', 'run_id', 'model_id', 'mlflow_version', 'resources']));
  });

  test('a field of old files is not offered', async () => {
    expect(await labels('|')).not.toContain('time_created');
  });

  test('a flavor comes with the keys that its loader needs', async () => {
    expect(await inserted('flavors:\n  xg|', 'xgboost')).toBe('xgboost:\n  xgb_version: ${1:1.0.0}\n  data: ${2:model.ubj}$0');
  });

  test('a flavor that is there, or removed from MLflow, is not offered', async () => {
    const found = await labels('flavors:\n  sklearn:\n    pickled_model: model.pkl\n  |\n');
    expect(found).toContain('python_function');
    expect(found).not.toContain('sklearn');
    expect(found).not.toContain('fastai');
  });

  test('below a flavor are its keys', async () => {
    expect(await labels('flavors:\n  sklearn:\n    |')).toEqual(expect.arrayContaining(['pickled_model', 'sklearn_version', 'serialization_format']));
  });

  test('a word of a list is offered', async () => {
    expect(await labels('flavors:\n  sklearn:\n    serialization_format: |')).toEqual(['pickle', 'cloudpickle', 'skops']);
  });

  test('a path is offered the files beside the model', async () => {
    expect(await labels('flavors:\n  sklearn:\n    pickled_model: mo|', { 'model.skops': '', 'data/x': '' })).toEqual(
      expect.arrayContaining(['model.skops', 'data/']),
    );
  });

  test('the loaders of MLflow are offered', async () => {
    expect(await labels('flavors:\n  python_function:\n    loader_module: |')).toEqual(expect.arrayContaining(['mlflow.sklearn', 'mlflow.transformers']));
  });

  test('an empty schema is offered a column and a tensor', async () => {
    expect(await labels('signature:\n  inputs: |')).toEqual(['list of columns', 'one tensor', 'null']);
  });

  test('a type in the JSON is offered inside its quotes', async () => {
    const marked = `${model}signature:\n  inputs: '[{"type": "do|"}]'\n`;
    expect(await labels(marked)).toEqual(expect.arrayContaining(['double', 'long', 'array', 'tensor']));
    expect(await inserted(marked, 'double')).toBe('double');
  });

  test('keys of a column that are there are not offered again', async () => {
    const found = await labels(`${model}signature:\n  inputs: '[{"type": "double", |}]'\n`);
    expect(found).toEqual(expect.arrayContaining(['name', 'required']));
    expect(found).not.toContain('type');
  });

  test('a key outside of quotes brings its quotes, escaped where the scalar needs it', async () => {
    expect(await inserted(`${model}signature:\n  inputs: '[{|}]'\n`, 'type')).toBe('"type": "${1:double}"');
    expect(await inserted(`${model}signature:\n  inputs: "[{|}]"\n`, 'type')).toBe(String.raw`\"type\": \"${'${1:double}'}\"`);
  });

  test('a param is offered the types that params have', async () => {
    const found = await labels(`${model}signature:\n  params: '[{"name": "k", "type": "|"}]'\n`);
    expect(found).toContain('long');
    expect(found).not.toContain('binary');
  });

  test('inside a folded schema the place is still known', async () => {
    expect(await labels(`${model}signature:\n  inputs: '[{"type": "double", "name": "a"},\n    {"type": "|"}]'\n`)).toContain('double');
  });

  test('a tensor is offered the types of numpy', async () => {
    expect(await labels(`${model}signature:\n  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "|"}}]'\n`)).toContain('float32');
  });

  test.each(Array.from({ length: signature.length + 1 }, (_, length) => length))('the first %i characters of a model do no harm', async (length) => {
    await expect(labels(`${signature.slice(0, length)}|`)).resolves.toBeInstanceOf(Array);
  });
});

describe('hover', () => {
  const hover = async (marked: string): Promise<string | undefined> => hoverText(marked, { name });

  test('a field is explained, with the release that brought it', async () => {
    expect(await hover('model_|id: null\n')).toContain('Since MLflow 3.0.');
  });

  test('a flavor tells the version that it was saved with', async () => {
    expect(await hover('flavors:\n  skl|earn:\n    sklearn_version: 1.9.1\n')).toContain('Saved with `sklearn 1.9.1`.');
  });

  test('a schema is a table', async () => {
    const text = await hover(signature.replace('inputs:', 'inp|uts:'));
    expect(text).toContain('| `alpha` | `double` | `yes` |');
    expect(text).toContain('| `tags` | `array<string>` | `no` |');
  });

  test('a column in the JSON is told by itself', async () => {
    expect(await hover(signature.replace('"alpha"', '"al|pha"'))).toBe('Name `alpha`, type `double`, required `yes`');
  });

  test('params are told with their defaults', async () => {
    expect(await hover(signature.replace('params:', 'par|ams:'))).toContain('| `top_k` | `long` | `3` |');
  });

  test('a size is told in units', async () => {
    expect(await hover('model_size|_bytes: 1234567\n')).toContain('1.23 MB');
  });

  test('a name with a bar and backquotes stays in its cell', () => {
    expect(cell('a|b`c')).toBe('`` a\\|b`c ``');
  });
});

describe('outline, colours and links', () => {
  test('the outline names flavors and columns', () => {
    const found = symbols(documentOf(signature, name));
    expect(found[0]?.children?.[0]).toMatchObject({ name: 'python_function', kind: SymbolKind.Class });
    expect(found[1]?.children?.[0]?.children?.map((symbol) => [symbol.name, symbol.detail])).toEqual([
      ['alpha', 'double'],
      ['tags', 'array'],
    ]);
  });

  test('names and types in the JSON stand out', () => {
    const { data } = semanticTokens(documentOf(`${model}signature:\n  inputs: '[{"type": "double", "name": "alpha"}]'\n`, name));
    const types = Array.from({ length: data.length / 5 }, (_, index) => tokenTypes[data[index * 5 + 3] ?? 0]);
    expect(types).toEqual(['type', 'property', 'type', 'property', 'parameter']);
  });

  test('a flavor folds', () => {
    expect(foldingRanges(documentOf(model, name)).map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [0, 3],
      [1, 3],
    ]);
  });

  test('files of the model are links, and lead to the file', async () => {
    const { document, position } = withCursor(model.replace('model.pkl', 'mod|el.pkl'), name);
    const workspace = workspaceOf({ 'model.pkl': '' });
    expect((await links(document, workspace)).map(({ target }) => target)).toEqual(['file:///project/model.pkl']);
    expect(await definition(document, position, workspace)).toMatchObject([{ uri: 'file:///project/model.pkl' }]);
  });

  test('a loader that the model brings leads to its module', async () => {
    const marked = 'flavors:\n  python_function:\n    code: code\n    loader_module: ours.lo|ader\n';
    const { document, position } = withCursor(marked, name);
    expect(await definition(document, position, workspaceOf({ 'code/ours/loader.py': '' }))).toMatchObject([{ uri: 'file:///project/code/ours/loader.py' }]);
    expect(await definition(document, position, workspaceOf())).toEqual([]);
  });
});

test('a key that is left out is not put into quotes', async () => {
  const document = documentOf('? # nothing\nflavors: {}\n', 'MLmodel');
  const fixes = (await findingsOf(document, workspaceOf())).flatMap(({ fixes: found = [] }) => found);
  expect(fixes.map(({ title }) => title)).not.toContain('Quote it');
});
