import { contains } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Fix } from '../../finding.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import { longName, type ScriptOption } from '../../../schemas/python/script-options.ts';
import type { ShellWord } from '../../shell.ts';
import type { RangeRequest, Refactoring } from '../kind.ts';
import { declareParameter } from './edits.ts';
import { environmentRefactorings } from './environment-refactorings.ts';
import { readPassedWords, scriptCalls, type ScriptCall } from './script-call.ts';
import { declaredType, optionNamed } from './script-checks.ts';
import { entryPoints, type CommandText, type EntryPointTree } from './tree.ts';

export const refactorings = async (request: RangeRequest): Promise<readonly Refactoring[]> => {
  const { document, span } = request;
  const entryPoint = entryPoints(document).find(({ commandText: command }) => command !== undefined && contains(command.node, span.start));
  const command = entryPoint?.commandText;
  if (entryPoint === undefined || command === undefined) return environmentRefactorings(request);
  const calls = await Promise.all(scriptCalls(command).map(async (call) => missingOptions(request, entryPoint, command, call)));
  return [...extractions(request, entryPoint, command), ...calls.flat()];
};

/** A literal behind an option becomes a parameter with that default. */
const extractions = ({ document, span }: RangeRequest, entryPoint: EntryPointTree, command: CommandText): readonly Refactoring[] =>
  command.shell.commands.flatMap(({ words }) =>
    words.flatMap((word, index): readonly Refactoring[] => {
      const isMeant = contains(command.spanOf(word), span.start) && index > 0 && isLiteral(word);
      const name = isMeant ? parameterName(entryPoint, words[index - 1]) : undefined;
      return name === undefined ? [] : [{ kind: 'refactor.extract', fix: extract(document, entryPoint, command, word, name) }];
    }),
  );

const isLiteral = ({ text, isDynamic }: ShellWord): boolean => !isDynamic && text !== '' && !/[{}]/.test(text) && !/^-{1,2}[A-Za-z]/.test(text);

/** Named after the option before it, else `value`, with a number when that is taken. */
const parameterName = ({ declared }: EntryPointTree, before: ShellWord | undefined): string => {
  const base = /^--([A-Za-z][\w-]*)$/.exec(before?.text ?? '')?.[1]?.replaceAll('-', '_') ?? 'value';
  const taken = new Set(declared.map(({ name }) => name));
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}${number}`;
  return name;
};

const extract = (document: Document, entryPoint: EntryPointTree, command: CommandText, word: ShellWord, name: string): Fix => {
  const isNumber = /^[-+]?(?:\d+\.\d*|\d+|\.\d+)$/.test(word.text) && !/^0\d/.test(word.text);
  const type = isNumber ? 'float' : 'string';
  const declaration = declareParameter(document, entryPoint, name, `{type: ${type}, default: ${isNumber ? word.text : JSON.stringify(word.text)}}`);
  return localFix(
    document,
    `Extract '${word.text}' to the parameter '${name}'`,
    ...(declaration.edits[document.uri] ?? []),
    document.edit(command.spanOf(word), `{${name}}`),
  );
};

/** An option of the script that the command does not pass yet. */
const missingOptions = async (
  { document, span, workspace }: RangeRequest,
  entryPoint: EntryPointTree,
  command: CommandText,
  call: ScriptCall,
): Promise<readonly Refactoring[]> => {
  const uri = uriInside(folderOf(document.uri), call.path);
  const script = uri === undefined || !contains(command.spanOf(call.span), span.start) ? undefined : await workspace.scripts.read(uri, workspace.files);
  if (script === undefined || uri === undefined) return [];
  const passed = readPassedWords(entryPoint, call.words, (name) => optionNamed(script.interface, name)?.values);
  const known = new Set(passed.options.map(({ name }) => optionNamed(script.interface, name)));
  return script.interface.options
    .filter((option) => option.values === 1 && !known.has(option))
    .map((option) => ({ kind: 'refactor.rewrite', fix: addOption(document, entryPoint, command, option, nameOf(uri)) }));
};

const addOption = (document: Document, entryPoint: EntryPointTree, command: CommandText, option: ScriptOption, file: string): Fix => {
  const name = longName(option.names);
  const parameter = parameterName(entryPoint, { text: name, start: 0, end: 0, isDynamic: false });
  const isBare = option.defaultValue !== undefined && /^[\w./-]+$/.test(option.defaultValue) && !/^\d{2,}:|^0\d/.test(option.defaultValue);
  const defaultText = isBare ? option.defaultValue : JSON.stringify(option.defaultValue);
  const value = option.defaultValue === undefined ? declaredType(option) : `{type: ${declaredType(option)}, default: ${defaultText}}`;
  const at = command.spanOf({ start: command.text.trimEnd().length, end: command.text.trimEnd().length }).start;
  const declaration = declareParameter(document, entryPoint, parameter, value);
  return localFix(
    document,
    `Add the parameter '${parameter}' for ${name} of ${file}`,
    ...(declaration.edits[document.uri] ?? []),
    document.edit({ start: at, end: at }, ` ${name} {${parameter}}`),
  );
};
