import type { SyntaxNode } from '@lezer/common';

import { decoratorNames } from './click-options.ts';
import { argumentsOf, callsIn, commaSeparated, dottedName, lastName, literalOf, nodesNamed, spanOfNode, textOf, type PythonSource } from './python-tree.ts';
import { literalText, longName, type ScriptInterface, type ScriptOption, type ScriptPositional, type ValueType } from './script-options.ts';

/** The one function that `typer.run` or `@app.command()` makes a program of; its parameters are the options. */
export const readTyper = (source: PythonSource): ScriptInterface | undefined => {
  if (!/\bimport\s+typer\b|\bfrom\s+typer\s+import\b/.test(source.text)) return undefined;
  const functions = commandFunctions(source);
  const [command] = functions;
  if (command === undefined || functions.length > 1 || /\bcallback\s*\(|\badd_typer\s*\(/.test(source.text)) return undefined;
  const parameters = commaSeparated(command.getChild('ParamList')).flatMap((group) => parameterOf(source, group));
  const list = command.getChild('ParamList');
  const hasMore = list !== null && /\*\s*\w/.test(textOf(source, list));
  return {
    framework: 'typer',
    options: parameters.filter((parameter) => 'names' in parameter),
    positionals: parameters.filter((parameter) => 'name' in parameter),
    isComplete: !hasMore && !/context_settings/.test(source.text),
    takesAbbreviations: false,
  };
};

const commandFunctions = (source: PythonSource): readonly SyntaxNode[] => {
  const decorated = nodesNamed(source, 'DecoratedStatement').filter((node) => decoratorNames(source, node).some((name) => lastName(name) === 'command'));
  const run = callsIn(source).find(({ name }) => name === 'typer.run' || name === 'run');
  const runName = dottedName(source, run?.arguments.positional[0] ?? null);
  const named = nodesNamed(source, 'FunctionDefinition').filter(
    (node) => runName !== undefined && dottedName(source, node.getChild('VariableName')) === runName,
  );
  return [...decorated.map((node) => node.getChild('FunctionDefinition')).filter((node) => node !== null), ...named];
};

/** `name: type = default` of a function. */
const parameterOf = (source: PythonSource, group: readonly SyntaxNode[]): readonly (ScriptOption | ScriptPositional)[] => {
  const nameNode = group.find(({ name }) => name === 'VariableName');
  if (nameNode === undefined || group[0] !== nameNode) return [];
  const annotation = group.find(({ name }) => name === 'TypeDef');
  const assign = group.findIndex(({ name }) => name === 'AssignOp');
  const assigned = assign < 0 ? undefined : group[assign + 1];
  const typeText = annotation === undefined ? '' : textOf(source, annotation).replace(/^:\s*/, '');
  if (/\bContext\b/.test(typeText)) return [];
  const marker = [annotation, assigned].map((node) => (node === undefined ? undefined : markerIn(source, node))).find((found) => found !== undefined);
  const isMarkerDefault = assigned !== undefined && markerIn(source, assigned) !== undefined;
  const markerDefault = isMarkerDefault ? (marker?.positional[0] ?? marker?.defaultNode) : undefined;
  const defaultNode = isMarkerDefault ? markerDefault : assigned;
  const name = textOf(source, nameNode);
  const isRequired = defaultNode === undefined || defaultNode.name === 'Ellipsis';
  const isOption = marker === undefined ? assigned !== undefined : marker.kind === 'Option';
  if (!isOption) return [{ name, isRequired: isRequired && !/\b(?:List|list|Optional)\b/.test(typeText), span: spanOfNode(nameNode) }];
  return [optionOf(source, { name, nameNode, typeText, defaultNode, isRequired, marker })];
};

interface Marker {
  readonly kind: 'Option' | 'Argument';
  readonly positional: readonly SyntaxNode[];
  readonly defaultNode: SyntaxNode | undefined;
  readonly hasEnvironment: boolean;
  readonly help: string | undefined;
}

const markerIn = (source: PythonSource, node: SyntaxNode): Marker | undefined => {
  const call = callsIn(source).find(({ node: found, name }) => found.from >= node.from && found.to <= node.to && /^(?:Option|Argument)$/.test(lastName(name)));
  if (call === undefined) return undefined;
  const { positional, keywords } = argumentsOf(source, call.node.getChild('ArgList'));
  const help = literalOf(source, keywords.get('help'));
  return {
    kind: lastName(call.name) === 'Option' ? 'Option' : 'Argument',
    positional,
    defaultNode: keywords.get('default'),
    hasEnvironment: keywords.has('envvar') || keywords.has('prompt'),
    help: typeof help === 'string' ? help : undefined,
  };
};

interface OptionParts {
  readonly name: string;
  readonly nameNode: SyntaxNode;
  readonly typeText: string;
  readonly defaultNode: SyntaxNode | undefined;
  readonly isRequired: boolean;
  readonly marker: Marker | undefined;
}

const optionOf = (source: PythonSource, { name, nameNode, typeText, defaultNode, isRequired, marker }: OptionParts): ScriptOption => {
  const given = (marker?.positional ?? [])
    .map((node) => ({ node, text: literalOf(source, node) }))
    .filter(({ text }) => typeof text === 'string' && text.startsWith('-'));
  const spelled = given.flatMap(({ text }) => String(text).split('/'));
  const isFlag = /^(?:Annotated\[\s*)?(?:Optional\[)?bool\b/.test(typeText);
  const dashed = name.replaceAll('_', '-');
  const names = spelled.length > 0 ? spelled : [`--${dashed}`, ...(isFlag ? [`--no-${dashed}`] : [])];
  const type = isFlag ? undefined : typeOf(typeText);
  const defaultValue = isFlag ? undefined : literalText(literalOf(source, defaultNode));
  const node = given.find(({ text }) => text === longName(names))?.node;
  const { start, end } = spanOfNode(node ?? nameNode);
  return {
    names,
    isRequired: isRequired && marker?.hasEnvironment !== true,
    values: isFlag ? 0 : 1,
    ...(type && { type }),
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(marker?.help === undefined ? {} : { help: marker.help }),
    span: node === undefined ? { start, end } : { start: start + 1, end: end - 1 },
  };
};

const typeOf = (text: string): ValueType | undefined => {
  const found = /^(?:Annotated\[\s*)?(?:Optional\[\s*)?(int|float|str)\b/.exec(text)?.[1];
  return found === 'int' || found === 'float' || found === 'str' ? found : undefined;
};
