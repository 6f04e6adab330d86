import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';

import type { Span } from '../yaml-tree.ts';

/** A Python source that was read, never run. */
export interface PythonSource {
  readonly text: string;
  readonly tree: Tree;
}

export const readPython = (text: string): PythonSource => ({ text, tree: parser.parse(text) });

export const textOf = ({ text }: PythonSource, { from, to }: SyntaxNode): string => text.slice(from, to);

export const spanOfNode = ({ from, to }: SyntaxNode): Span => ({ start: from, end: to });

export const childrenOf = (node: SyntaxNode): readonly SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

/** Every node with one of these names, in the order of the text. */
export const nodesNamed = ({ tree }: PythonSource, ...names: readonly string[]): readonly SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  tree.iterate({
    enter: (node) => {
      if (names.includes(node.name)) found.push(node.node);
    },
  });
  return found;
};

/** The arguments of a call, or the parameters of a definition. */
export interface PythonArguments {
  readonly positional: readonly SyntaxNode[];
  readonly keywords: ReadonlyMap<string, SyntaxNode>;
  /** `*args` or `**kwargs`: there may be more than is seen. */
  readonly hasMore: boolean;
}

/** Reads an `ArgList`: comma-separated values, each perhaps behind `name =`. */
export const argumentsOf = (source: PythonSource, list: SyntaxNode | null): PythonArguments => {
  const positional: SyntaxNode[] = [];
  const keywords = new Map<string, SyntaxNode>();
  let hasMore = false;
  for (const group of commaSeparated(list)) {
    const [first, assign, value] = group;
    if (first === undefined) continue;
    if (first.name === '*' || first.name === '**' || first.name === 'ArithOp') hasMore = true;
    else if (assign?.name === 'AssignOp' && value !== undefined) keywords.set(textOf(source, first), value);
    else positional.push(first);
  }
  return { positional, keywords, hasMore };
};

export const commaSeparated = (list: SyntaxNode | null): readonly (readonly SyntaxNode[])[] => {
  const groups: SyntaxNode[][] = [[]];
  for (const child of list === null ? [] : childrenOf(list)) {
    if (child.name === ',') groups.push([]);
    else if (!/^[()[\]{}]$|^Comment$/.test(child.name)) groups.at(-1)?.push(child);
  }
  return groups;
};

export type PythonLiteral = string | number | boolean | null | readonly PythonLiteral[];

/** The value of a literal; undefined for anything that would have to be run. */
export const literalOf = (source: PythonSource, node: SyntaxNode | undefined): PythonLiteral | undefined => {
  if (node === undefined) return undefined;
  const text = textOf(source, node);
  switch (node.name) {
    case 'String':
      return stringOf(text);
    case 'ContinuedString':
      return concatenated(childrenOf(node).map((part) => stringOf(textOf(source, part))));
    case 'Number':
      return numberOf(text);
    case 'Boolean':
      return text === 'True';
    case 'None':
      return null;
    case 'UnaryExpression':
      return negated(literalOf(source, node.lastChild ?? undefined), text);
    case 'ArrayExpression':
    case 'TupleExpression':
      return listOf(
        commaSeparated(node)
          .map(([item]) => item)
          .filter((item) => item !== undefined)
          .map((item) => literalOf(source, item)),
      );
    default:
      return undefined;
  }
};

const concatenated = (parts: readonly (string | undefined)[]): string | undefined => (parts.includes(undefined) ? undefined : parts.join(''));

const numberOf = (text: string): number | undefined => {
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
};

const negated = (value: PythonLiteral | undefined, text: string): number | undefined =>
  typeof value === 'number' && text.startsWith('-') ? -value : undefined;

const listOf = (items: readonly (PythonLiteral | undefined)[]): readonly PythonLiteral[] | undefined =>
  items.every((item) => item !== undefined) ? items : undefined;

/** Strings without formatting; rare escapes are not worth a wrong answer. */
const stringOf = (text: string): string | undefined => {
  const found = /^[rRuU]?("""|'''|"|')([\s\S]*)\1$/.exec(text);
  const inner = found?.[2];
  return inner === undefined || inner.includes('\\') ? undefined : inner;
};

/** `a.b.c` of a call or decorator, as it is written; undefined when it is more than names. */
export const dottedName = (source: PythonSource, node: SyntaxNode | null): string | undefined => {
  const text = node === null ? '' : textOf(source, node).replaceAll(/\s/g, '');
  return /^[\w.]+$/.test(text) ? text : undefined;
};

export interface PythonCall {
  readonly node: SyntaxNode;
  /** As written, `parser.add_argument`; the last part alone when what stands before is more than names. */
  readonly name: string;
  readonly arguments: PythonArguments;
}

export const callOf = (source: PythonSource, node: SyntaxNode): PythonCall | undefined => {
  const callee = node.firstChild;
  const list = node.getChild('ArgList');
  if (node.name !== 'CallExpression' || callee === null || list === null) return undefined;
  const name = dottedName(source, callee) ?? `?.${/\w+$/.exec(textOf(source, callee))?.[0] ?? ''}`;
  return { node, name, arguments: argumentsOf(source, list) };
};

export const callsIn = (source: PythonSource): readonly PythonCall[] =>
  nodesNamed(source, 'CallExpression')
    .map((node) => callOf(source, node))
    .filter((call) => call !== undefined);

/** The last part of a dotted name. */
export const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
