import type { SyntaxNode } from '@lezer/common';

import { callsIn, dottedName, lastName, literalOf, spanOfNode, type PythonCall, type PythonSource } from './python-tree.ts';
import { literalText, literalTexts, longName, type ScriptInterface, type ScriptOption, type ScriptPositional, type ValueType } from './script-options.ts';

/** One `ArgumentParser` that reads the command line; more, or subcommands, are more than can be told. */
export const readArgparse = (source: PythonSource): ScriptInterface | undefined => {
  const calls = callsIn(source);
  const parsers = calls.filter(({ name }) => lastName(name) === 'ArgumentParser');
  const reads = calls.filter(({ name }) => /^parse(?:_known)?_args$/.test(lastName(name)));
  const [parser] = parsers;
  if (parser === undefined || parsers.length > 1 || reads.length === 0 || calls.some(({ name }) => lastName(name) === 'add_subparsers')) return undefined;
  if (reads.some((read) => read.arguments.positional.length > 0 || read.arguments.keywords.has('args'))) return undefined;
  const added = calls.filter(({ name }) => lastName(name) === 'add_argument');
  const isParserShared = calls.some((call) => !added.includes(call) && call.arguments.positional.some((node) => isParserVariable(source, parser, node)));
  const names = added.map((call) => namesOf(source, call));
  const isComplete =
    names.every((found) => found !== undefined) &&
    !isParserShared &&
    reads.every(({ name }) => lastName(name) === 'parse_args') &&
    !['parents', 'fromfile_prefix_chars', 'prefix_chars'].some((keyword) => parser.arguments.keywords.has(keyword)) &&
    !parser.arguments.hasMore;
  return {
    framework: 'argparse',
    options: added.flatMap((call) => optionOf(source, call)),
    positionals: added.flatMap((call) => positionalOf(source, call)),
    isComplete,
    takesAbbreviations: literalOf(source, parser.arguments.keywords.get('allow_abbrev')) !== false,
  };
};

/** The variable that the parser was assigned to, handed to a function that may add to it. */
const isParserVariable = (source: PythonSource, parser: PythonCall, node: SyntaxNode): boolean => {
  const assigned = parser.node.parent?.name === 'AssignStatement' ? dottedName(source, parser.node.parent.firstChild) : undefined;
  return assigned !== undefined && node.name === 'VariableName' && dottedName(source, node) === assigned;
};

/** Undefined when a name is not a literal. */
const namesOf = (source: PythonSource, { arguments: { positional, hasMore } }: PythonCall): readonly string[] | undefined => {
  const names = positional.map((node) => literalOf(source, node));
  return hasMore || names.length === 0 || !names.every((name) => typeof name === 'string') ? undefined : names;
};

const flagActions = new Set(['store_true', 'store_false', 'store_const', 'append_const', 'count', 'help', 'version']);

const optionOf = (source: PythonSource, call: PythonCall): readonly ScriptOption[] => {
  const names = namesOf(source, call);
  if (names === undefined || !names.every((name) => name.startsWith('-'))) return [];
  const { keywords } = call.arguments;
  const literal = (name: string) => literalOf(source, keywords.get(name));
  const action = literal('action');
  const isBoolean = keywords.has('action') && dottedName(source, keywords.get('action') ?? null)?.endsWith('BooleanOptionalAction') === true;
  const isFlag = isBoolean || (typeof action === 'string' && flagActions.has(action));
  const type = isFlag ? undefined : valueType(dottedName(source, keywords.get('type') ?? null), keywords.has('type'));
  const choices = literalTexts(literal('choices'));
  const defaultValue = isFlag ? undefined : literalText(literal('default'));
  const help = literal('help');
  return [
    {
      names: isBoolean ? [...names, ...names.filter((name) => name.startsWith('--')).map((name) => `--no-${name.slice(2)}`)] : names,
      isRequired: literal('required') === true && !isConditional(call.node),
      values: isFlag ? 0 : valuesOf(keywords.has('nargs') || (keywords.has('action') && action !== 'store' && action !== 'append')),
      ...(type && { type }),
      ...(choices && { choices }),
      ...(defaultValue === undefined ? {} : { defaultValue }),
      ...(typeof help === 'string' ? { help } : {}),
      span: nameSpan(call, names),
    },
  ];
};

const valuesOf = (isUnclear: boolean): 1 | undefined => (isUnclear ? undefined : 1);

/** A type that is a function of the script's own may take anything. */
const valueType = (name: string | undefined, isGiven: boolean): ValueType | undefined => {
  if (!isGiven) return 'str';
  return name === 'int' || name === 'float' || name === 'str' ? name : undefined;
};

const nameSpan = ({ arguments: { positional } }: PythonCall, names: readonly string[]) => {
  const node = positional[names.indexOf(longName(names))];
  const { start, end } = node === undefined ? { start: 0, end: 0 } : spanOfNode(node);
  return { start: start + 1, end: Math.max(start + 1, end - 1) };
};

const isConditional = (node: SyntaxNode): boolean => {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (parent.name === 'IfStatement' || parent.name === 'TryStatement' || parent.name === 'ForStatement') return true;
  }
  return false;
};

const positionalOf = (source: PythonSource, call: PythonCall): readonly ScriptPositional[] => {
  const names = namesOf(source, call);
  const [name] = names ?? [];
  if (name === undefined || name.startsWith('-')) return [];
  const { keywords } = call.arguments;
  const nargs = literalOf(source, keywords.get('nargs'));
  const isOptional = nargs === '?' || nargs === '*' || (keywords.has('nargs') && nargs === undefined);
  return [{ name, isRequired: !isOptional && !isConditional(call.node), span: nameSpan(call, [name]) }];
};
