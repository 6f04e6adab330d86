import type { Span } from '../../../schemas/yaml-tree.ts';
import { spanOf } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { folderOf, nameOf, uriInside } from '../../project-path.ts';
import { longName, type ScriptInterface, type ScriptOption } from '../../../schemas/python/script-options.ts';
import type { Workspace } from '../../workspace.ts';
import type { Check } from '../kind.ts';
import { declareParameter } from './edits.ts';
import { missingScript } from './missing-script.ts';
import { isModule, readPassedWords, scriptCalls, type PassedOption, type ScriptCall } from './script-call.ts';
import { entryPoints, reading, type CommandText, type EntryPointTree } from './tree.ts';

/** Scripts that commands call: that they exist, and that they take what is passed. */
export const checkScripts: Check = async (document, workspace) => {
  const found = entryPoints(document).flatMap((entryPoint) => {
    const { commandText: command } = entryPoint;
    return command === undefined ? [] : scriptCalls(command).map(async (call) => checkCall({ document, workspace, entryPoint, command, call }));
  });
  return (await Promise.all(found)).flat();
};

interface CallContext {
  readonly document: Document;
  readonly workspace: Workspace;
  readonly entryPoint: EntryPointTree;
  readonly command: CommandText;
  readonly call: ScriptCall;
}

const checkCall = async (context: CallContext): Promise<readonly Finding[]> => {
  const { document, workspace, command, call } = context;
  const uri = uriInside(folderOf(document.uri), call.path);
  if (uri === undefined) return [];
  if ((await workspace.files.kindOf(uri)) === 'file') {
    const script = call.language === 'python' ? await workspace.scripts.read(uri, workspace.files) : undefined;
    return script === undefined ? [] : crossCheck(context, script.interface, nameOf(uri));
  }
  const isElsewhere = isModule(call, command) || reading(document).value.environment.kind === 'docker' || isMadeBefore(command, call);
  return isElsewhere ? [] : [await missingScript(document, workspace.files, call.path, command.spanOf(call.span))];
};

/** A script that an earlier command may have made. */
const isMadeBefore = ({ shell }: CommandText, { span }: ScriptCall): boolean =>
  (shell.commands[0]?.words[0]?.start ?? 0) < span.start && shell.commands.findIndex(({ words }) => words.some(({ start }) => start === span.start)) > 0;

const crossCheck = (context: CallContext, script: ScriptInterface, file: string): readonly Finding[] => {
  const { entryPoint, call } = context;
  const passed = readPassedWords(entryPoint, call.words, (name) => optionNamed(script, name)?.values);
  const options = passed.options.map((option) => ({ option, known: optionNamed(script, option.name) }));
  const unknown = options.filter(({ known }) => known === undefined).flatMap(({ option }) => unknownOption(context, script, file, option));
  const values = options.flatMap(({ option, known }) =>
    known === undefined ? [] : [...valueFindings(context, file, option, known), ...defaultFindings(context, file, option, known)],
  );
  return [...unknown, ...values, ...(passed.isUnclear ? [] : missingOptions(context, script, file, new Set(options.map(({ known }) => known))))];
};

/** argparse takes any beginning of a long name that only one option has. */
export const optionNamed = ({ options, takesAbbreviations }: ScriptInterface, name: string): ScriptOption | undefined => {
  const exact = options.find(({ names }) => names.includes(name));
  if (exact !== undefined || !takesAbbreviations || !name.startsWith('--')) return exact;
  const candidates = options.filter(({ names }) => names.some((full) => full.startsWith(name)));
  return candidates.length === 1 ? candidates[0] : undefined;
};

const unknownOption = ({ document, command }: CallContext, script: ScriptInterface, file: string, { name, span }: PassedOption): readonly Finding[] => {
  const isBundle = /^-[A-Za-z]{2,}$/.test(name);
  if (!script.isComplete || isBundle || /[{}]/.test(name) || ['--help', '-h', '--version'].includes(name)) return [];
  const isAmbiguous = script.takesAbbreviations && script.options.some(({ names }) => names.some((full) => full.startsWith(name)));
  const suggestion = isAmbiguous
    ? undefined
    : nearest(
        name,
        script.options.flatMap(({ names }) => names),
      );
  const place = command.spanOf(span);
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  const fixes: readonly Fix[] =
    suggestion === undefined ? [] : [{ ...localFix(document, `Change to ${suggestion}`, document.edit(place, suggestion)), isPreferred: true }];
  return [{ code: 'script-option-unknown', ...place, message: `${file} has no option ${name}${hint}`, fixes }];
};

const missingOptions = (context: CallContext, script: ScriptInterface, file: string, passed: ReadonlySet<ScriptOption | undefined>): readonly Finding[] =>
  script.options
    .filter((option) => option.isRequired && !passed.has(option))
    .map((option): Finding => {
      const { command, call } = context;
      return {
        code: 'script-option-missing',
        ...command.spanOf(call.span),
        message: `${file} requires ${longName(option.names)}, which the command does not pass.`,
        fixes: [passOption(context, option)],
      };
    });

/** Adds an option with a parameter of its name, declared where it is not. */
const passOption = ({ document, entryPoint, command }: CallContext, option: ScriptOption): Fix => {
  const name = longName(option.names);
  const parameter = name.replace(/^-+/, '').replaceAll('-', '_');
  const at = command.spanOf({ start: command.text.trimEnd().length, end: command.text.trimEnd().length }).start;
  const append = document.edit({ start: at, end: at }, ` ${name} {${parameter}}`);
  const declared = entryPoint.declared.some((candidate) => candidate.name === parameter);
  const declaration = declared ? [] : (declareParameter(document, entryPoint, parameter, declaredType(option)).edits[document.uri] ?? []);
  return localFix(document, `Pass ${name} {${parameter}}`, ...declaration, append);
};

export const declaredType = ({ type }: ScriptOption): string => (type === undefined || type === 'str' ? 'string' : type);

const valueFindings = (context: CallContext, file: string, passed: PassedOption, option: ScriptOption): readonly Finding[] => {
  const { value } = passed;
  if (value?.text === undefined || option.values !== 1) return [];
  const place = value.parameter?.defaultNode === undefined ? context.command.spanOf(value.span) : spanOf(value.parameter.defaultNode);
  const name = longName(option.names);
  if (option.choices !== undefined && !option.choices.includes(value.text) && option.type !== 'int' && option.type !== 'float') {
    const fixes = choiceFixes(context.document, place, value.text, option.choices);
    return [{ ...refusedValue(place, `${name} of ${file} takes ${listed(option.choices)}, not '${value.text}'.`), fixes }];
  }
  if (option.type === 'int' && !/^\s*[-+]?\d[\d_]*\s*$/.test(value.text))
    return [refusedValue(place, `${name} of ${file} takes a whole number, not '${value.text}'.`)];
  if (option.type === 'float' && Number.isNaN(pythonNumber(value.text)))
    return [refusedValue(place, `${name} of ${file} takes a number, not '${value.text}'.`)];
  return [];
};

/** More choices than this are for the completion. */
const maxChoicesOffered = 5;

const choiceFixes = (document: Document, place: Span, text: string, choices: readonly string[]): readonly Fix[] => {
  const near = nearest(text, choices);
  const offered = near === undefined ? choices.slice(0, maxChoicesOffered) : [near];
  return offered
    .filter((choice) => /^[\w.-]+$/.test(choice))
    .map((choice) => ({ ...localFix(document, `Change to ${choice}`, document.edit(place, choice)), isPreferred: choice === near }));
};

const refusedValue = (place: Span, message: string): Finding => ({ code: 'script-value', ...place, message });

const listed = (texts: readonly string[]): string => (texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}` : (texts[0] ?? ''));

const pythonNumber = (text: string): number =>
  /^\s*[-+]?(?:inf(?:inity)?|nan)\s*$/i.test(text) ? Infinity : text.trim() === '' ? NaN : Number(text.replaceAll('_', ''));

/** The two places that give a default. */
const defaultFindings = ({ document, call }: CallContext, file: string, { value }: PassedOption, option: ScriptOption): readonly Finding[] => {
  const parameter = value?.parameter;
  if (parameter?.defaultNode === undefined || parameter.defaultValue === undefined || option.defaultValue === undefined || call.language !== 'python')
    return [];
  const { defaultValue } = option;
  if (parameter.defaultValue === defaultValue || (defaultValue.trim() !== '' && Number(parameter.defaultValue) === Number(defaultValue))) return [];
  const fix = localFix(
    document,
    `Change to ${defaultValue}`,
    document.edit(parameter.defaultNode, /^[\w.-]+$/.test(defaultValue) ? defaultValue : JSON.stringify(defaultValue)),
  );
  return [
    {
      code: 'script-default',
      ...spanOf(parameter.defaultNode),
      message: `${file} has the default ${defaultValue || 'of an empty text'} for ${longName(option.names)}.`,
      fixes: [fix],
    },
  ];
};
