import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';

import { asScalar, keyText, target, type YamlEntry, type YamlNode } from '../../schemas/yaml-tree.ts';
import type { Document } from '../document.ts';
import type { Path } from '../path.ts';

/** The outline: each key with what is below it. */
export const symbols = (document: Document): DocumentSymbol[] => below(document, document.yaml.root, []);

const below = (document: Document, node: YamlNode | undefined, path: Path): DocumentSymbol[] => {
  if (node?.kind === 'mapping') return node.entries.map((entry) => symbolOf(document, entry, [...path, keyText(entry)]));
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item, index) => below(document, item, [...path, index]));
};

const symbolOf = (document: Document, entry: YamlEntry, path: Path): DocumentSymbol => {
  const children = [...below(document, entry.value, path), ...(document.kind.symbolsBelow?.(document, path) ?? [])];
  const detail = asScalar(entry.value)?.text.replaceAll(/\s+/g, ' ').slice(0, 80) ?? '';
  return {
    name: keyText(entry) || '(empty)',
    kind: document.kind.symbolKind?.(path) ?? kindOfValue(entry.value),
    range: document.rangeOf(entry),
    selectionRange: document.rangeOf(entry.key),
    ...(detail === '' ? {} : { detail }),
    ...(children.length > 0 ? { children } : {}),
  };
};

const kindOfValue = (value: YamlNode): SymbolKind => {
  const found = target(value);
  if (found?.kind === 'mapping') return SymbolKind.Object;
  if (found?.kind === 'sequence') return SymbolKind.Array;
  const type = found?.value.type;
  if (type === 'int' || type === 'float') return SymbolKind.Number;
  return type === 'bool' ? SymbolKind.Boolean : SymbolKind.String;
};
