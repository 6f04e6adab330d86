import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';

import { memberOf, type JsonNode, type JsonObject } from '../../../schemas/json-reader.ts';
import { asText, spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { matchesPath, type Path } from '../../path.ts';
import type { FileReference, Token, TokenType } from '../kind.ts';
import { modelFiles } from './file-checks.ts';
import { itemsOf, nameOfItem, signatureTexts, type SignatureText } from './signature-text.ts';
import { entryOf, flavorEntries, flavorMapping } from './tree.ts';

export const tokens = (document: Document): readonly Token[] => [
  ...flavorEntries(document).map(({ key }): Token => ({ ...spanOf(key), type: 'type', isDeclaration: true })),
  ...signatureTexts(document).flatMap((text) => itemsOf(text).flatMap((item) => tokensOf(text, item))),
];

/** Names, types and keys inside the JSON; without the quotes, which stay the text's own. */
const tokensOf = (text: SignatureText, object: JsonObject): readonly Token[] =>
  object.members.flatMap(({ key, value }): readonly Token[] => [
    { ...text.spanOf({ start: key.start + 1, end: key.end - 1 }), type: 'property' },
    ...valueTokens(text, key.value, value),
  ]);

const typeOfValue: ReadonlyMap<string, TokenType> = new Map([
  ['name', 'parameter'],
  ['type', 'type'],
  ['dtype', 'type'],
]);

const valueTokens = (text: SignatureText, key: string, value: JsonNode): readonly Token[] => {
  if (value.kind === 'object') return tokensOf(text, value);
  const type = typeOfValue.get(key);
  return value.kind === 'string' && type !== undefined
    ? [{ ...text.spanOf({ start: value.start + 1, end: value.end - 1 }), type, isDeclaration: type === 'parameter' }]
    : [];
};

export const references = (document: Document): readonly FileReference[] => [...modelFiles(document), ...loaderFile(document)];

/** A loader of the model's own is in its `code` folder. */
const loaderFile = (document: Document): readonly FileReference[] => {
  const pythonFunction = flavorMapping(document, 'python_function');
  const loader = entryOf(pythonFunction, 'loader_module')?.value;
  const [code, module] = [asText(entryOf(pythonFunction, 'code')?.value), asText(loader)];
  return loader === undefined || code === undefined || module === undefined ? [] : [{ ...spanOf(loader), path: `${code}/${module.replaceAll('.', '/')}.py` }];
};

export const symbolKind = (path: Path): SymbolKind | undefined => {
  if (matchesPath(['flavors', '*'], path)) return SymbolKind.Class;
  return matchesPath(['signature', '*'], path) ? SymbolKind.Interface : undefined;
};

/** The columns, tensors and params below `inputs`, `outputs` and `params`. */
export const symbolsBelow = (document: Document, path: Path): readonly DocumentSymbol[] => {
  const text = path[0] === 'signature' && path.length === 2 ? signatureTexts(document).find(({ part }) => part === path[1]) : undefined;
  return text === undefined ? [] : itemsOf(text).map((item, index) => symbolOf(document, text, item, index));
};

const symbolOf = (document: Document, text: SignatureText, item: JsonObject, index: number): DocumentSymbol => {
  const type = memberOf(item, 'type')?.value;
  const range = document.rangeOf(text.spanOf(item));
  return {
    name: nameOfItem(item) || String(index),
    kind: SymbolKind.Field,
    range,
    selectionRange: range,
    ...(type?.kind === 'string' ? { detail: type.value } : {}),
  };
};
