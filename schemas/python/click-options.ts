import type { SyntaxNode } from '@lezer/common';

import {
  argumentsOf,
  childrenOf,
  dottedName,
  lastName,
  literalOf,
  nodesNamed,
  spanOfNode,
  textOf,
  type PythonArguments,
  type PythonSource,
} from './python-tree.ts';
import { literalText, literalTexts, longName, type ScriptInterface, type ScriptOption, type ScriptPositional, type ValueType } from './script-options.ts';

/** One `@click.command` function; groups have subcommands, which are more than can be told. */
export const readClick = (source: PythonSource): ScriptInterface | undefined => {
  if (!/\bimport\s+click\b|\bfrom\s+click\s+import\b/.test(source.text)) return undefined;
  const decorated = nodesNamed(source, 'DecoratedStatement').map((node) => decoratorsOf(source, node));
  const commands = decorated.filter((decorators) => decorators.some(({ name }) => lastName(name) === 'command'));
  const [decorators] = commands;
  if (decorators === undefined || commands.length > 1 || decorated.flat().some(({ name }) => lastName(name) === 'group')) return undefined;
  const options = decorators.filter(({ name }) => lastName(name) === 'option');
  const positionals = decorators.filter(({ name }) => lastName(name) === 'argument');
  const command = decorators.find(({ name }) => lastName(name) === 'command');
  return {
    framework: 'click',
    options: options.flatMap((decorator) => optionOf(source, decorator)),
    positionals: positionals.flatMap((decorator) => positionalOf(source, decorator)),
    isComplete:
      decorators.every(({ name }) => understood.has(lastName(name))) &&
      !(command?.arguments.keywords.has('context_settings') ?? false) &&
      options.every((decorator) => namesOf(source, decorator).length > 0),
    takesAbbreviations: false,
  };
};

const understood = new Set(['command', 'option', 'argument', 'version_option', 'help_option', 'pass_context']);

interface Decorator {
  readonly name: string;
  readonly arguments: PythonArguments;
}

const decoratorsOf = (source: PythonSource, node: SyntaxNode): readonly Decorator[] =>
  node.getChildren('Decorator').map((decorator) => {
    const list = decorator.getChild('ArgList');
    const nameEnd = list?.from ?? decorator.to;
    const name = source.text.slice(decorator.from + 1, nameEnd).trim();
    return { name, arguments: argumentsOf(source, list) };
  });

/** The names of an option, both sides of `--shout/--no-shout`. A name without dashes is the function's parameter. */
const namesOf = (source: PythonSource, { arguments: { positional } }: Decorator): readonly string[] =>
  positional
    .map((node) => literalOf(source, node))
    .filter((name) => typeof name === 'string')
    .flatMap((name) => name.split('/').map((part) => part.trim()))
    .filter((name) => name.startsWith('-'));

const optionOf = (source: PythonSource, decorator: Decorator): readonly ScriptOption[] => {
  const names = namesOf(source, decorator);
  if (names.length === 0) return [];
  const { keywords } = decorator.arguments;
  const literal = (name: string) => literalOf(source, keywords.get(name));
  const isFlag =
    literal('is_flag') === true ||
    literal('count') === true ||
    names.some((name) => name.startsWith('--no-')) ||
    literal('default') === false ||
    literal('default') === true;
  const typeNode = keywords.get('type');
  const defaultValue = isFlag ? undefined : literalText(literal('default'));
  const type = isFlag ? undefined : typeOf(source, typeNode, literal('default'));
  const choices = choicesOf(source, typeNode);
  const help = literal('help');
  const mayComeFromElsewhere = ['prompt', 'envvar', 'default', 'callback'].some((keyword) => keywords.has(keyword));
  return [
    {
      names,
      isRequired: literal('required') === true && !mayComeFromElsewhere,
      values: flagValues(isFlag, keywords.has('nargs') || decorator.arguments.hasMore),
      ...(type && { type }),
      ...(choices && { choices }),
      ...(defaultValue === undefined ? {} : { defaultValue }),
      ...(typeof help === 'string' ? { help } : {}),
      span: nameSpan(source, decorator, longName(names)),
    },
  ];
};

const flagValues = (isFlag: boolean, isUnclear: boolean): 0 | 1 | undefined => {
  if (isUnclear) return undefined;
  return isFlag ? 0 : 1;
};

/** click takes the type of the default where none is given. */
const typeOf = (source: PythonSource, node: SyntaxNode | undefined, defaultValue: unknown): ValueType | undefined => {
  if (node === undefined) {
    if (typeof defaultValue === 'number') return undefined;
    return 'str';
  }
  const name = dottedName(source, node.name === 'CallExpression' ? node.firstChild : node);
  const types: ReadonlyMap<string, ValueType> = new Map([
    ['int', 'int'],
    ['INT', 'int'],
    ['IntRange', 'int'],
    ['float', 'float'],
    ['FLOAT', 'float'],
    ['FloatRange', 'float'],
    ['bool', 'bool'],
    ['BOOL', 'bool'],
    ['str', 'str'],
    ['STRING', 'str'],
  ]);
  return name === undefined ? undefined : types.get(lastName(name));
};

const choicesOf = (source: PythonSource, node: SyntaxNode | undefined): readonly string[] | undefined => {
  if (node?.name !== 'CallExpression' || lastName(dottedName(source, node.firstChild) ?? '') !== 'Choice') return undefined;
  const { positional, keywords } = argumentsOf(source, node.getChild('ArgList'));
  if (literalOf(source, keywords.get('case_sensitive')) === false) return undefined;
  return literalTexts(literalOf(source, positional[0] ?? keywords.get('choices')));
};

const nameSpan = (source: PythonSource, { arguments: { positional } }: Decorator, name: string) => {
  const node = positional.find((candidate) => textOf(source, candidate).includes(name));
  if (node === undefined) return { start: 0, end: 0 };
  const start = spanOfNode(node).start + textOf(source, node).indexOf(name);
  return { start, end: start + name.length };
};

const positionalOf = (source: PythonSource, decorator: Decorator): readonly ScriptPositional[] => {
  const [node] = decorator.arguments.positional;
  const name = literalOf(source, node);
  if (node === undefined || typeof name !== 'string') return [];
  const { keywords } = decorator.arguments;
  const isOptional = literalOf(source, keywords.get('required')) === false || keywords.has('default') || keywords.has('nargs') || keywords.has('envvar');
  const { start, end } = spanOfNode(node);
  return [{ name, isRequired: !isOptional, span: { start: start + 1, end: end - 1 } }];
};

/** Functions of a script with the names of their decorators. */
export const decoratorNames = (source: PythonSource, statement: SyntaxNode): readonly string[] =>
  childrenOf(statement)
    .filter(({ name }) => name === 'Decorator')
    .map((node) => /^@\s*([\w.]+)/.exec(textOf(source, node))?.[1] ?? '');
