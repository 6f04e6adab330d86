import { CompletionItemKind } from 'vscode-languageserver-types';

import { scalarTypes } from '../../../schemas/model-signature.ts';
import type { Cursor } from '../../cursor.ts';
import { locateInFlow } from '../../flow-cursor.ts';
import type { JsonSchema } from '../../schema.ts';
import type { Completer, CompletionRequest, Suggestion } from '../kind.ts';
import { pathSuggestions } from '../path-suggestions.ts';
import { offsetInJson, signatureTextAt, writtenIn, type SignatureText } from './signature-text.ts';

/** A flavor with the keys that its loader needs. */
const suggestFlavors = ({ document, cursor }: CompletionRequest): readonly Suggestion[] =>
  cursor.hasColon || cursor.isFlow
    ? []
    : [...document.kind.schema.keysAt(['flavors'])]
        .filter(([name, { deprecated }]) => !cursor.siblings.has(name) && deprecated !== true)
        .map(([name, schema]) => ({
          label: name,
          kind: CompletionItemKind.Module,
          detail: 'flavor',
          ...(schema.description === undefined ? {} : { documentation: schema.description }),
          snippet: name === 'python_function' ? pythonFunctionSkeleton : skeleton(name, schema),
        }));

const pythonFunctionSkeleton = [
  'python_function:',
  '  env:',
  '    conda: conda.yaml',
  '    virtualenv: python_env.yaml',
  '  loader_module: ${1:mlflow.sklearn}',
  '  python_version: "${2:3.12.4}"$0',
].join('\n');

const skeleton = (name: string, { properties = {} }: JsonSchema): string => {
  const wanted = Object.entries(properties).filter(([key, { 'x-mlflow-file': use }]) => use === 'data' || use === 'prefix' || /(?:^|_)version$/.test(key));
  const lines = wanted.map(([key, { examples }], index) => `  ${key}: \${${index + 1}:${exampleOf(examples)}}`);
  return lines.length === 0 ? `${name}:\n  $0` : `${[`${name}:`, ...lines].join('\n')}$0`;
};

const suggestFile = async ({ document, cursor, workspace, offset }: CompletionRequest): Promise<readonly Suggestion[]> => {
  const isFile = document.kind.schema.alternativesAt(cursor.path).some((schema) => schema['x-mlflow-file'] !== undefined);
  return isFile ? pathSuggestions(document.uri, document.text.slice(cursor.word.start, offset), cursor.word, workspace.files, /./) : [];
};

const exampleOf = (examples: JsonSchema['examples']): string => (typeof examples?.[0] === 'string' ? examples[0] : '1.0.0');

/** The cursor seen inside the JSON text of a signature. */
const suggestInSignature = ({ document, offset, cursor }: CompletionRequest): readonly Suggestion[] => {
  const text = signatureTextAt(document, offset);
  const part = cursor.path[1] === 'params' ? 'params' : 'schema';
  if (text === undefined || (text.scalar.text.trim() === '' && text.scalar.style === 'plain')) return suggestWhole(part);
  if (text.scalar.text.trim() === '')
    return suggestWhole(part).map((suggestion) => ({ ...suggestion, snippet: unquoted(suggestion.snippet ?? ''), span: cursor.word }));
  const start = text.scalar.text.search(/\S/);
  const inJson = locateInFlow(text.scalar.text, start, offsetInJson(text, offset), []);
  return inJson === undefined ? [] : suggestAt(inJson, part).map((suggestion) => placed(text, inJson, suggestion));
};

const unquoted = (snippet: string): string => snippet.replace(/^'|'$/g, '').replaceAll("'", '');

const suggestWhole = (part: 'schema' | 'params'): readonly Suggestion[] => {
  const snippet = part === 'params' ? `'[${paramItem}]'` : `'[${columnItem}]'`;
  return [
    { label: part === 'params' ? 'list of params' : 'list of columns', kind: CompletionItemKind.Snippet, snippet },
    ...(part === 'params' ? [] : [{ label: 'one tensor', kind: CompletionItemKind.Snippet, snippet: `'[${tensorItem}]'` }]),
    { label: 'null', kind: CompletionItemKind.Value, detail: 'none' },
  ];
};

const columnItem = '{"type": "${1|double,long,string,boolean,float,integer,binary,datetime|}", "name": "${2:name}", "required": ${3|true,false|}}';
const tensorItem = '{"type": "tensor", "tensor-spec": {"dtype": "${1:float32}", "shape": [-1, ${2:10}]}}';
const paramItem = '{"name": "${1:name}", "type": "${2|double,long,string,boolean,float,integer,datetime|}", "default": ${3:null}, "shape": null}';

/** JSON that is offered at a place of the text; `quoted` values are texts. */
interface JsonSuggestion {
  readonly label: string;
  readonly kind: 'key' | 'text' | 'value' | 'item';
  readonly snippet?: string;
  readonly detail?: string;
}

const suggestAt = ({ role, path, siblings, hasColon }: Cursor, part: 'schema' | 'params'): readonly JsonSuggestion[] => {
  const last = path.at(-1);
  if (role === 'key')
    return keysAt(path, part)
      .filter(({ label }) => !siblings.has(label))
      .map((key) => (hasColon ? { ...key, snippet: key.label } : key));
  if (role === 'item' && path.length === 1) return itemsOf(part);
  if (last === 'type') return typeWords(path, part).map((label) => ({ label, kind: 'text' }));
  if (last === 'dtype') return numpyTypes.map((label) => ({ label, kind: 'text' }));
  if (last === 'required') return ['true', 'false'].map((label) => ({ label, kind: 'value' }));
  if (last === 'shape' && part === 'params')
    return [
      { label: 'null', kind: 'value', detail: 'one value' },
      { label: '[-1]', kind: 'value', detail: 'a list' },
    ];
  return last === 'default' ? ['null', 'true', 'false'].map((label) => ({ label, kind: 'value' })) : [];
};

const typeWords = (path: Cursor['path'], part: 'schema' | 'params'): readonly string[] => {
  const compounds = ['array', 'object', 'map', 'any', 'sparkml_vector'];
  if (part === 'params') return path.length === 2 ? [...scalarTypes.filter((type) => type !== 'binary'), 'object'] : [...scalarTypes, ...compounds];
  return [...scalarTypes, ...compounds, ...(path.length === 2 ? ['tensor'] : [])];
};

const numpyTypes = ['float32', 'float64', 'int32', 'int64', 'uint8', 'bool', 'str', 'object', 'float16', 'int8', 'datetime64[ns]'];

const key = (label: string, value: string, detail: string): JsonSuggestion => ({ label, kind: 'key', snippet: value, detail });

const keysAt = (path: Cursor['path'], part: 'schema' | 'params'): readonly JsonSuggestion[] => {
  const last = path.at(-1);
  if (last === 'tensor-spec') return [key('dtype', '"${1:float32}"', "numpy's type"), key('shape', '[-1]', 'lengths; -1 is any')];
  if (last === 'properties') return [];
  const type = key('type', '"${1:double}"', 'type');
  const inner = [
    key('items', '{"type": "${1:string}"}', 'of an array'),
    key('properties', '{"${1:name}": {"type": "${2:string}"}}', 'of an object'),
    key('values', '{"type": "${1:string}"}', 'of a map'),
  ];
  if (last === 'items' || last === 'values') return [type, ...inner];
  if (part === 'params' && path.length === 1)
    return [key('name', '"${1:name}"', 'name'), type, key('default', '${1:null}', 'default'), key('shape', 'null', 'null, or [-1] for a list')];
  const required = key('required', '${1|true,false|}', 'whether a request must have it');
  if (path.length > 1) return [type, required, ...inner];
  return [type, key('name', '"${1:name}"', 'name'), required, ...inner, key('tensor-spec', '{"dtype": "${1:float32}", "shape": [-1]}', 'of a tensor')];
};

const itemsOf = (part: 'schema' | 'params'): readonly JsonSuggestion[] =>
  part === 'params'
    ? [{ label: 'param', kind: 'item', snippet: paramItem }]
    : [
        { label: 'column', kind: 'item', snippet: columnItem },
        { label: 'tensor', kind: 'item', snippet: tensorItem },
      ];

const kinds = {
  key: CompletionItemKind.Property,
  text: CompletionItemKind.EnumMember,
  value: CompletionItemKind.Value,
  item: CompletionItemKind.Snippet,
} as const;

/** Inside quotes only the word is replaced; elsewhere the quotes come with it. */
const placed = (text: SignatureText, { scalar, word, hasColon }: Cursor, { label, kind, snippet, detail }: JsonSuggestion): Suggestion => {
  const isInQuotes = scalar.style === 'double-quoted';
  const name = isInQuotes ? label : `"${label}"`;
  const json = kind === 'key' ? (hasColon || isInQuotes ? name : `${name}: ${snippet ?? ''}`) : kind === 'text' ? name : (snippet ?? label);
  return {
    label,
    kind: kinds[kind],
    snippet: writtenIn(text.scalar, json),
    span: text.spanOf(word),
    ...(detail === undefined ? {} : { detail }),
  };
};

const suggestLoaders = ({ document }: CompletionRequest): readonly Suggestion[] => {
  const names = [...document.kind.schema.keysAt(['flavors'])].filter(
    ([name, { deprecated }]) => deprecated !== true && name !== 'python_function' && name !== 'crate',
  );
  return names.map(([name]) => ({ label: `mlflow.${name}`, kind: CompletionItemKind.Module, detail: 'loader' }));
};

export const completers: readonly Completer[] = [
  { at: ['flavors'], role: 'key', suggest: suggestFlavors },
  { at: ['flavors', 'python_function', 'loader_module'], role: 'value', suggest: suggestLoaders },
  { at: ['flavors', '*', '*'], role: 'value', suggest: suggestFile },
  { at: ['flavors', '*', '*', '*'], role: 'value', suggest: suggestFile },
  { at: ['flavors', '*', '*', '*', '*'], role: 'value', suggest: suggestFile },
  { at: ['saved_input_example_info', '*'], role: 'value', suggest: suggestFile },
  { at: ['signature', '*'], role: 'value', suggest: suggestInSignature },
];
